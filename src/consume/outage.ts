import { UnreachableError, messageOf } from '../errors.js';
import type { ConsumeEvent } from './events.js';
import { OUTAGE_LIMIT_MS, outageDelayMs } from './retry.js';

/** The store, the DLQ or the broker as a whole fails, which is no record's fault. */
export class Outage {
  #attempts = 0;

  constructor(
    /** What fails, as a person would call it. */
    readonly what: string,
    readonly sinceMs: number,
  ) {}

  /**
   * After one more failed attempt: how long to wait for the next one. Throws UnreachableError
   * (exit 4) where it has lasted too long: somebody has to look.
   */
  failed(error: Error, nowMs: number): Extract<ConsumeEvent, { kind: 'outage' }> {
    this.#attempts += 1;
    const lastedMs = nowMs - this.sinceMs;
    if (lastedMs >= OUTAGE_LIMIT_MS) throw this.#lastedTooLong(error, lastedMs);
    return {
      kind: 'outage',
      what: this.what,
      attempt: this.#attempts,
      delayMs: outageDelayMs(this.#attempts),
      reason: messageOf(error),
    };
  }

  recovered(nowMs: number): ConsumeEvent {
    return { kind: 'recovered', what: this.what, afterMs: nowMs - this.sinceMs };
  }

  #lastedTooLong(error: Error, lastedMs: number): UnreachableError {
    return new UnreachableError(
      error instanceof UnreachableError ? error.code : 'DEAD_LETTERS_UNAVAILABLE',
      `Consuming stopped: ${this.what} has failed for ${String(Math.round(lastedMs / 1000))} s: ${error.message}`,
      'Nothing is lost: mend it and start `coupons consume` again; it goes on where it stopped.',
      { cause: error },
    );
  }
}
