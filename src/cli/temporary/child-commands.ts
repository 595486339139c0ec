import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { packageFile } from '../../package-file.js';

const EXECUTABLE = packageFile('bin/coupons.js');

/** How a command ended: null where a signal ended it. `output`: its stdout, where that is a pipe. */
export interface CommandEnd {
  readonly code: number | null;
  readonly output: string;
}

export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: 'inherit' | 'ignore' | 'pipe';
  readonly stderr?: 'inherit' | 'ignore';
  readonly stdin?: Readable;
  /** Ctrl-C on the terminal does not reach it: who started it stops it. */
  readonly detached?: boolean;
}

/** A command of ours as a process of its own. */
export interface ChildCommand {
  readonly ended: Promise<CommandEnd>;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

/** Runs a command of ours, as a user would type it, to its end. */
export function runCommand(args: readonly string[], options: ChildOptions): Promise<CommandEnd> {
  return startCommand(args, options).ended;
}

export function startCommand(args: readonly string[], options: ChildOptions): ChildCommand {
  const { env, stdout, stderr = 'inherit', stdin, detached = false } = options;
  const child = spawn(process.execPath, [EXECUTABLE, ...args], {
    env,
    detached,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', stdout, stderr],
  });
  // Of a command that has ended before it has read all, the exit code says more.
  if (child.stdin !== null) stdin?.pipe(child.stdin).on('error', () => undefined);
  const output = child.stdout === null ? Promise.resolve('') : text(child.stdout);
  const ended = once(child, 'exit').then(async ([code]: (number | null)[]) => ({
    code: code ?? null,
    output: await output,
  }));
  return {
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

/**
 * The environment of commands that use a data directory of their own, and the embedded broker at
 * `brokers` once it runs: of the user's settings only what is no setting of ours.
 */
export function privateEnvironment(dataDir: string, brokers: string | null): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('COUPONS_'));
  return {
    ...Object.fromEntries(others),
    // No context: its TLS, its login and its store are those of another cluster.
    XDG_CONFIG_HOME: dataDir,
    COUPONS_DATA_DIR: dataDir,
    ...(brokers === null ? {} : { COUPONS_BROKERS: brokers }),
  };
}
