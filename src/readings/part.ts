import type { Failure } from '../errors.js';

/** What is read by itself, and how the latest reading of it went. */
export interface Part<Data> {
  /** When `data` was read; null: not yet. */
  readonly asOfMs: number | null;
  /** Of the last reading that succeeded. */
  readonly data: Data | null;
  /** Why the latest reading failed; null where it did not. */
  readonly failure: Failure | null;
}
