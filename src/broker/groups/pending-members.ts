/** Member ids that were given out (KIP-394) to clients that have not joined with them yet. */
import type { Clock } from '../clock.js';

export class PendingMembers {
  readonly #clock: Clock;
  readonly #expired: () => void;
  readonly #cancels = new Map<string, () => void>();

  /** `expired` is called when one was given up on. */
  constructor(clock: Clock, expired: () => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  get size(): number {
    return this.#cancels.size;
  }

  add(memberId: string, timeoutMs: number): void {
    const cancel = this.#clock.after(timeoutMs, () => {
      this.#cancels.delete(memberId);
      this.#expired();
    });
    this.#cancels.set(memberId, cancel);
  }

  /** Whether it was pending; it no longer is. */
  take(memberId: string): boolean {
    this.#cancels.get(memberId)?.();
    return this.#cancels.delete(memberId);
  }
}
