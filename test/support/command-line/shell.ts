/** Runs a line of shell in which `coupons` is the real executable: for pipes and redirections. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { environment, executable } from './cli.js';

export interface ShellRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const DEADLINE_MS = 60_000;

/** `$?` and PIPESTATUS are bash's. The shell and all it started are killed at the deadline (60 s). */
export async function shell(
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ShellRun> {
  const prelude = `coupons() { ${quoted(process.execPath)} ${quoted(executable)} "$@"; }\n`;
  const child = spawn('bash', ['-c', prelude + script], {
    env: environment(env),
    // A process group of its own, which can be killed as one.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  const kill = () => {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  };
  const timer = setTimeout(kill, DEADLINE_MS);
  process.once('exit', kill);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  clearTimeout(timer);
  process.off('exit', kill);
  return { code, stdout, stderr };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
