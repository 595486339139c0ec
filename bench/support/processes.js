import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** All that run now: they end with this process. */
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a program. `ended` resolves with what it wrote to stdout, and rejects where it fails, with the
 * end of what it wrote to stderr. `input` is its stdin.
 */
export function start(program, args, { env = process.env, input } = {}) {
  const child = spawn(program, args, {
    env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  input?.pipe(child.stdin).on('error', () => undefined); // Its exit code says more.
  return { child, ended: outputOf(child, [program, ...args].join(' ')) };
}

/** Runs a program to its end and gives what it wrote to stdout. */
export function run(program, args, options) {
  return start(program, args, options).ended;
}

async function outputOf(child, command) {
  const written = [text(child.stdout), text(child.stderr)];
  const [code, signal] = await once(child, 'close');
  running.delete(child);
  const [stdout, stderr] = await Promise.all(written);
  if (code === 0) return stdout;
  const how = code === null ? signal : `exit code ${code}`;
  throw new Error(`${command}: ${how}\n${stderr.slice(-4000)}${stdout.slice(-1000)}`);
}
