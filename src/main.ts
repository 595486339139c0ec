/** Runs the program; the only place that turns an error into an exit code. */
import { CommanderError } from 'commander';
import { CliError, messageOf } from './errors.js';
import type { OutputFormat } from './output/output.js';
import type { Session } from './cli/command.js';
import { dropEmptyVariables } from './cli/options.js';
import { buildProgram } from './cli/program.js';
import { Signals } from './signals.js';

// For scripts/, which write what follows from the program.
export { commandsPage } from './cli/commands-page.js';
export { buildProgram } from './cli/program.js';

const CHECK_FAILED = 3;

/** Runs one command line, and ends the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) closes the pipe: that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  await run(argv);
  // Whatever kafkajs left behind (a timer, a socket on its way out) must not hold the shell.
  await flushed(process.stdout);
  process.exit();
}

/** Runs one command line; its exit code is process.exitCode. */
export async function run(argv: readonly string[]): Promise<void> {
  dropEmptyVariables(process.env);
  const signals = new Signals((code) => process.exit(code));
  signals.listen();
  const session: Session = { signals, result: undefined, format: undefined };
  const program = buildProgram(session);
  try {
    if (argv.length <= 2) {
      program.outputHelp();
      return;
    }
    await program.parseAsync([...argv]);
    if (session.result === 'check-failed') process.exitCode = CHECK_FAILED;
  } catch (error) {
    process.exitCode = await report(error, session.format ?? formatAskedFor(argv, process.env));
  }
}

/** Prints the error once, as JSON on stdout or for people on stderr; gives the exit code. */
async function report(error: unknown, format: OutputFormat): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { Output, toJson } = await import('./output/output.js');
  const failure = toCliError(error);
  const { code, message, hint, exitCode, details } = failure;
  if (format === 'json') {
    process.stdout.write(`${toJson({ ...details, error: { code, message, hint } }, 0)}\n`);
    return exitCode;
  }
  const env = process.env;
  const color = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const output = new Output({
    format: 'table',
    color: color && !process.argv.includes('--no-color'),
    quiet: false,
    verbose: false,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  output.failure(message, hint);
  return exitCode;
}

function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
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

/** The error may come before the options are read, so this looks by itself. */
function formatAskedFor(argv: readonly string[], env: NodeJS.ProcessEnv): OutputFormat {
  const text = argv.join(' ');
  const given = /(?:^| )(?:-o|--output)[ =]?(json|table)(?: |$)/.exec(text)?.[1];
  return (given ?? env['COUPONS_OUTPUT']) === 'json' ? 'json' : 'table';
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0) resolve();
    else
      stream.write('', () => {
        resolve();
      });
  });
}
