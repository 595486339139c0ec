/**
 * The one family of errors a user may see. Each says what was being done and to what (`message`),
 * carries a machine code for `--output json`, and a hint: what to do next.
 * main.ts alone turns `exitCode` into the process's exit code (docs/contract.md, "Exit codes").
 */
export class CliError extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly exitCode: number = 1;
  /** What was done all the same; stands beside `error` in JSON. */
  details: Readonly<Record<string, unknown>> = {};

  constructor(code: string, message: string, hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** Whether it is the error of ours with this code. */
export function hasCode(error: unknown, code: string): error is CliError {
  return error instanceof CliError && error.code === code;
}

/** Wrong usage: an unknown command, a bad flag or a bad value. */
export class UsageError extends CliError {
  override readonly exitCode = 2;

  constructor(message: string, hint: string | null = null) {
    super('USAGE', message, hint);
  }
}

/** The broker or the store cannot be reached, opened or authenticated. */
export class UnreachableError extends CliError {
  override readonly exitCode = 4;
}

/** The user broke the command off with a signal, or ctrl-D at a question. */
export class InterruptedError extends CliError {
  override readonly exitCode = 130;

  constructor(message = 'Interrupted.') {
    super('INTERRUPTED', message);
  }
}

/** An error as data: what a check found, instead of the end of the command. */
export type Failure = Pick<CliError, 'code' | 'message' | 'hint'>;

export function failureOf(error: unknown): Failure {
  return error instanceof CliError
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: 'INTERNAL', message: messageOf(error), hint: null };
}

/** A login or a right that is missing is not there at the next attempt either. */
const REFUSED = /^(AUTHENTICATION_FAILED|TLS_.*|.*_AUTHORIZATION_FAILED)$/;

/** Whether a failure may be gone at the next attempt: a leader moves, a broker restarts. */
export function mayPass(error: unknown): error is CliError {
  if (!(error instanceof CliError)) return false;
  if (error instanceof UsageError || error instanceof InterruptedError) return false;
  return !REFUSED.test(error.code);
}

/** Whatever was thrown, as an Error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** A message with words to follow: one that ends in a broker's own words may lack the full stop. */
export function withFullStop(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
