/**
 * Runs the real executable as a user would, in an environment of its own: no COUPONS_* variable of
 * the developer's, and a home directory that the calls of one test file share.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { eventually } from '../eventually.js';
import { temporaryDir } from '../temporary-dir.js';

/** bin/coupons.js */
export const executable = fileURLToPath(new URL('../../../bin/coupons.js', import.meta.url));

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON document on stdout; throws where there is none, showing what there is. */
  // The caller names the contract's shape; its expectations are what checks it.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  json<T>(): T;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What stdin holds; it is empty otherwise. */
  readonly input?: string;
  /** After this (60 s) the process is killed, and the call throws as for any death by signal. */
  readonly timeoutMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command that goes on until it is told to end; it is killed when the test file ends. */
export interface RunningCoupons {
  readonly pid: number;
  /** What it has printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: Promise<Exit>;
  /** Resolves when stdout matches; throws when the process ends, or the deadline (30 s) comes first. */
  waitFor(pattern: RegExp, options?: { readonly deadlineMs?: number }): Promise<RegExpExecArray>;
  kill(signal?: NodeJS.Signals): void;
  /** Closes our end of the pipe, as `| head` does that has seen enough. */
  closeReader(stream: 'stdout' | 'stderr'): void;
}

/** Runs one command to its end. An exit code other than 0 is a result, not an error. */
export async function coupons(
  args: readonly string[],
  { env = {}, input = '', timeoutMs = 60_000 }: RunOptions = {},
): Promise<Run> {
  const running = launch(args, env, input);
  const timer = setTimeout(() => running.kill('SIGKILL'), timeoutMs);
  const { code, signal } = await running.exit;
  clearTimeout(timer);
  const { stdout, stderr } = running;
  const command = `coupons ${args.join(' ')}`;
  if (code === null) {
    throw new Error(
      `${command} was ended by ${String(signal)}; it may take ${timeoutMs} ms.\n` +
        `stdout: ${stdout}\nstderr: ${stderr}`,
    );
  }
  return {
    code,
    stdout,
    stderr,
    json: (() =>
      parseJson(stdout, `${command}, exit code ${code}, stderr: ${stderr}`)) as Run['json'],
  };
}

function parseJson(text: string, context: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`No JSON on stdout: ${text}\n${context}`, { cause });
  }
}

/** Starts a command that goes on: `consume`, `broker run`, `lag --watch`. */
export function startCoupons(
  args: readonly string[],
  { env = {}, input = '' }: Pick<RunOptions, 'env' | 'input'> = {},
): RunningCoupons {
  return launch(args, env, input);
}

function launch(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): RunningCoupons {
  const child = spawn(process.execPath, [executable, ...args], { env: environment(env) });
  live.add(child);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  // A command that does not read its stdin may be gone before the input is written.
  child.stdin.on('error', () => undefined).end(input);

  let ended = false;
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      ended = true;
      live.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    exit,
    async waitFor(pattern, options) {
      const match = await eventually(() => {
        // Asked first: all that was printed is here once it has ended.
        const last = ended;
        return pattern.exec(output.stdout) ?? (last && ('ended' as const));
      }, options).catch((cause: unknown) => {
        throw new Error(unmatched(args, pattern, output), { cause });
      });
      if (match === 'ended') throw new Error(`Ended: ${unmatched(args, pattern, output)}`);
      return match;
    },
    kill(signal = 'SIGTERM') {
      child.kill(signal);
    },
    closeReader(stream) {
      child[stream].destroy();
    },
  };
}

function unmatched(
  args: readonly string[],
  pattern: RegExp,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): string {
  return `coupons ${args.join(' ')} did not print ${String(pattern)}.\nstdout: ${stdout}\nstderr: ${stderr}`;
}

const home = temporaryDir();
const live = new Set<ChildProcess>();

export function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    ...env,
  };
}

function endAll(): void {
  for (const child of live) child.kill('SIGKILL');
}

// Node's own timers and handles end with the test file; its child processes would not.
process.once('exit', endAll);
afterAll(async () => {
  const ends = [...live].map((child) => new Promise((resolve) => child.once('close', resolve)));
  endAll();
  await Promise.all(ends);
  process.off('exit', endAll);
});
