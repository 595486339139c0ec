/** What every answer of the console is made of. */
/** Why something could not be read or done: a code of docs/contract.md and what the terminal would say. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** A part of the page that is read by itself. */
export interface Part<Data> {
  /** When `data` was read; null: not yet. */
  readonly asOfMs: number | null;
  /** Of the last reading that succeeded. */
  readonly data: Data | null;
  /** Why the latest reading failed; null where it did not. */
  readonly failure: Failure | null;
}

/** Each answer that is none of 2xx. */
export interface ErrorAnswer {
  readonly error: Failure;
}
