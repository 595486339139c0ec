import { UnreachableError, errorOf } from '../../../errors.js';
import { RecordRefusedError, StoreUnavailableError } from '../../../ports/coupon-store.js';

/** An error on its way from one thread to another: structured cloning keeps no class of our own. */
export interface SentError {
  readonly type: keyof typeof TYPES;
  readonly message: string;
  readonly stack: string;
  /** Of an UnreachableError. */
  readonly code: string;
  readonly hint: string | null;
  readonly cause: SentError | null;
}

/** The classes that a caller of the store tells apart; the most special ones come first. */
const TYPES = {
  unavailable: StoreUnavailableError,
  unreachable: UnreachableError,
  refused: RecordRefusedError,
  range: RangeError,
  other: Error,
} as const;

export function toSent(thrown: unknown): SentError {
  const error = errorOf(thrown);
  const { message, stack = '', cause } = error;
  const { code, hint } = error instanceof UnreachableError ? error : { code: '', hint: null };
  return {
    type: typeOf(error),
    message,
    stack,
    code,
    hint,
    cause: cause instanceof Error ? toSent(cause) : null,
  };
}

function typeOf(error: Error): SentError['type'] {
  const types = Object.entries(TYPES) as [SentError['type'], abstract new () => Error][];
  return types.find(([, type]) => error instanceof type)?.[0] ?? 'other';
}

/** The error with the stack trace of the thread that it comes from. */
export function fromSent(sent: SentError): Error {
  const options = sent.cause === null ? {} : { cause: fromSent(sent.cause) };
  const error = newError(sent, options);
  error.stack = sent.stack;
  return error;
}

function newError({ type, code, message, hint }: SentError, options: ErrorOptions): Error {
  switch (type) {
    case 'unavailable':
      return new StoreUnavailableError(code, message, options);
    case 'unreachable':
      return new UnreachableError(code, message, hint, options);
    case 'refused':
      return new RecordRefusedError(message, options);
    case 'range':
      return new RangeError(message, options);
    case 'other':
      return new Error(message, options);
  }
}
