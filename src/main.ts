/** Runs the program; the only place that turns an error into an exit code. */
import { CommanderError } from 'commander';
import { withoutPasswords } from './config/hidden-password.js';
import { CliError, messageOf } from './errors.js';
import type { Output, OutputFormat } from './output/output.js';
import { OutputStream } from './output/stream.js';
import type { Session } from './cli/command.js';
import { dropEmptyVariables } from './cli/settings/options.js';
import { buildProgram } from './cli/program.js';
import { RecordRefusedError } from './ports/coupon-store.js';
import { Signals } from './signals.js';

// For scripts/, which write what follows from the program.
export { commandsPage } from './cli/help/commands-page.js';
export { buildProgram } from './cli/program.js';

const FAILED = 1;
/** By what a command gives back; nothing is 0. */
const RESULT_CODES = { 'check-failed': 3, unreachable: 4, interrupted: 130 } as const;

interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Runs one command line, and ends the process. */
export async function main(argv: readonly string[]): Promise<void> {
  await run(argv);
  // Whatever kafkajs left behind (a timer, a socket on its way out) must not hold the shell.
  process.exit();
}

/**
 * Runs one command line until all it wrote is out. Its exit code is process.exitCode: the command's own;
 * 1 where that would be 0 but something could not be written to stdout. A reader that closes its
 * end (`| head`) has seen enough, and changes no exit code.
 */
export async function run(argv: readonly string[]): Promise<void> {
  dropEmptyVariables(process.env);
  const streams: Streams = {
    stdout: new OutputStream(process.stdout, 1),
    stderr: new OutputStream(process.stderr, 2),
  };
  const { stdout, stderr } = streams;
  const told: Promise<void>[] = [];
  stdout.unwritable.addEventListener('abort', () => {
    if (stdout.failure !== null) told.push(tellUnwritten(streams, stdout.failure));
  });
  const signals = new Signals((code) => process.exit(code));
  signals.listen();
  const code = await exitCodeOf(argv, streams, signals);
  signals.commandEnded();
  await stdout.flushed();
  await Promise.all(told);
  await stderr.flushed();
  process.exitCode = code === 0 && stdout.failure !== null ? FAILED : code;
}

async function exitCodeOf(
  argv: readonly string[],
  streams: Streams,
  signals: Signals,
): Promise<number> {
  const session: Session = { signals, ...streams, result: undefined, format: undefined };
  const program = buildProgram(session);
  try {
    if (argv.length > 2) await program.parseAsync([...argv]);
    else program.outputHelp();
    return session.result === undefined ? 0 : RESULT_CODES[session.result];
  } catch (error) {
    return report(error, session.format ?? formatAskedFor(argv, process.env), streams);
  }
}

/** Prints the error once, as JSON on stdout or for people on stderr; gives the exit code. */
async function report(error: unknown, format: OutputFormat, streams: Streams): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const told = toCliError(error);
  const { code, exitCode, details } = told;
  const message = asShown(told.message);
  const hint = told.hint === null ? null : asShown(told.hint);
  if (format === 'json') {
    const { toJson } = await import('./output/output.js');
    const { stdout } = streams;
    stdout.write(`${toJson({ ...details, error: { code, message, hint } }, 0)}\n`);
    await stdout.flushed();
    if (!stdout.unwritable.aborted) return exitCode;
  }
  (await talkTo(streams)).failure(message, hint);
  return exitCode;
}

/** An error may repeat what was typed. */
function asShown(text: string): string {
  const words = [...process.argv, ...Object.values(process.env)];
  return withoutPasswords(
    text,
    words.filter((word) => word !== undefined),
  );
}

async function tellUnwritten(streams: Streams, why: string): Promise<void> {
  (await talkTo(streams)).failure(`Cannot write to stdout: ${why}`, null);
}

/** Where failures are told to people. */
async function talkTo({ stdout, stderr }: Streams): Promise<Output> {
  const { Output } = await import('./output/output.js');
  const { NO_COLOR = '', TERM } = process.env;
  const color = NO_COLOR === '' && TERM !== 'dumb' && !process.argv.includes('--no-color');
  return new Output({ format: 'table', color, quiet: false, verbose: false, stdout, stderr });
}

function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof RecordRefusedError) return refused(error);
  return new CliError(
    'INTERNAL',
    `Something went wrong that should not have: ${messageOf(error)}`,
    process.env['COUPONS_DEBUG'] === undefined
      ? 'Run it again with COUPONS_DEBUG=1 for the stack trace, and report it.'
      : error instanceof Error
        ? (error.stack ?? null)
        : null,
  );
}

/** Where no record is at hand that could go to the DLQ. */
function refused(error: RecordRefusedError): CliError {
  return new CliError(
    'STORE_REFUSED',
    `The store refuses what was asked: ${error.message}.`,
    'A rule of its tables forbids it: look for triggers and constraints, or for rows that another program changed.',
  );
}

/** The error may come before the options are read, so this looks by itself. */
function formatAskedFor(argv: readonly string[], env: NodeJS.ProcessEnv): OutputFormat {
  const text = argv.join(' ');
  const given = /(?:^| )(?:-o|--output)[ =]?(json|table)(?: |$)/i.exec(text)?.[1];
  return (given ?? env['COUPONS_OUTPUT'])?.toLowerCase() === 'json' ? 'json' : 'table';
}
