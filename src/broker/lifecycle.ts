/** A broker in a separate process: start, status, stop. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError, messageOf, UnreachableError } from '../errors.js';
import { isLocked, lockHolder } from './data-dir-lock.js';

const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 10_000;
const POLL_MS = 50;
/** Of the log, in an error message. */
const LAST_LINES = 5;

export interface BrokerStatus {
  readonly running: boolean;
  /** Null where none is running, or it is still starting. */
  readonly pid: number | null;
  readonly address: string | null;
  readonly dataDir: string;
}

export interface DetachedOptions {
  readonly dataDir: string;
  /** Node's own arguments: what runs the broker on this dataDir in the foreground. */
  readonly command: readonly string[];
  readonly deadlineMs?: number;
}

/** Running is who holds the lock on the data directory, whatever files a dead broker left. */
export function brokerStatus(dataDir: string): Promise<BrokerStatus> {
  const running = isLocked(dataDir);
  const holder = running ? lockHolder(dataDir) : null;
  const pid = holder?.pid ?? null;
  return Promise.resolve({ running, pid, address: holder?.address ?? null, dataDir });
}

/**
 * Starts a broker that outlives this process, its output in `<dataDir>/broker.log`, and resolves
 * once it listens. Throws UnreachableError DATA_DIR_NOT_WRITABLE, BROKER_ALREADY_RUNNING or
 * BROKER_NOT_STARTED, the latter with the last lines of the log.
 */
export async function startDetached(options: DetachedOptions): Promise<BrokerStatus> {
  const { dataDir, command, deadlineMs = START_DEADLINE_MS } = options;
  const before = await brokerStatus(dataDir);
  if (before.running) {
    throw new UnreachableError(
      'BROKER_ALREADY_RUNNING',
      `A broker is already running on ${dataDir}, at ${before.address ?? 'an address to come'}.`,
      'Use that one, or stop it with `coupons broker stop`.',
    );
  }
  const child = spawnLogged(dataDir, command);
  const end: { reason: string | null } = { reason: null };
  child.once('error', (error) => (end.reason = messageOf(error)));
  child.once('exit', (code, signal) => (end.reason = `it ended with ${String(code ?? signal)}`));
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const status = await brokerStatus(dataDir);
    if (status.address !== null && status.pid === child.pid) {
      child.unref();
      return status;
    }
    if (end.reason !== null) throw notStarted(dataDir, end.reason);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw notStarted(dataDir, `it did not listen within ${String(deadlineMs / 1000)} s`);
    }
    await delay(POLL_MS);
  }
}

/**
 * Ends the broker of this data directory and resolves once its lock is free; false where none was
 * running. Throws CliError BROKER_NOT_STOPPED.
 */
export async function stopBroker(
  dataDir: string,
  deadlineMs: number = STOP_DEADLINE_MS,
): Promise<boolean> {
  if (!isLocked(dataDir)) return false;
  const deadline = Date.now() + deadlineMs;
  let signalled: number | null = null;
  while (isLocked(dataDir)) {
    const { pid } = await brokerStatus(dataDir);
    if (pid !== null && pid !== signalled) {
      terminate(pid);
      signalled = pid;
    }
    if (Date.now() > deadline) {
      throw new CliError(
        'BROKER_NOT_STOPPED',
        `The broker of ${dataDir} (pid ${String(signalled ?? 'unknown')}) still runs after ${String(deadlineMs / 1000)} s.`,
        signalled === null ? null : `End it with "kill -9 ${String(signalled)}": no data is lost.`,
      );
    }
    await delay(POLL_MS);
  }
  return true;
}

function spawnLogged(dataDir: string, command: readonly string[]) {
  try {
    mkdirSync(dataDir, { recursive: true });
    const log = openSync(logPath(dataDir), 'a');
    const child = spawn(process.execPath, command, {
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return child;
  } catch (error) {
    throw new UnreachableError(
      'DATA_DIR_NOT_WRITABLE',
      `The broker cannot write to ${dataDir}: ${messageOf(error)}.`,
      'Check the permissions, or choose another --data-dir.',
      { cause: error },
    );
  }
}

/** The broker's own words where it has said why, else the end of its log. */
function notStarted(dataDir: string, why: string): UnreachableError {
  const lines = readFileSync(logPath(dataDir), 'utf8').trimEnd().split('\n');
  const own = errorIn(lines.at(-1) ?? '');
  if (own !== null) {
    return new UnreachableError(
      'BROKER_NOT_STARTED',
      `The broker did not start. ${own.message}`,
      own.hint ?? wholeLog(dataDir),
    );
  }
  const lastLines = lines.slice(-LAST_LINES).join('\n');
  return new UnreachableError(
    'BROKER_NOT_STARTED',
    `The broker did not start: ${why}. The end of its log:\n${lastLines}`,
    wholeLog(dataDir),
  );
}

function wholeLog(dataDir: string): string {
  return `The whole log is ${logPath(dataDir)}.`;
}

/** The error that `coupons broker run -o json` ended with; null where the line is anything else. */
function errorIn(line: string): Pick<CliError, 'message' | 'hint'> | null {
  try {
    const { error } = JSON.parse(line) as { readonly error?: Pick<CliError, 'message' | 'hint'> };
    return error ?? null;
  } catch {
    return null;
  }
}

function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    // Gone in the meantime is as good as ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function logPath(dataDir: string): string {
  return join(dataDir, 'broker.log');
}
