export interface Clock {
  readonly now: () => number;
  /** Resolves after so many ms, or earlier when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}
