/** How long a rebalance waits for members to join. */
import type { Clock } from '../clock.js';

/**
 * group.initial.rebalance.delay.ms: how long an empty group waits for further first members, and
 * once more each time one comes. Kafka's own default is 3 s; members here start on one machine.
 */
export const INITIAL_REBALANCE_DELAY_MS = 100;

export class JoinPhase {
  readonly #clock: Clock;
  readonly #over: () => void;
  #cancel: () => void = () => undefined;
  #gathering = false;
  #memberCame = false;

  /** `over` is called when the time is up. */
  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  /** First members are awaited, however many have joined already. */
  get gathering(): boolean {
    return this.#gathering;
  }

  memberCame(): void {
    this.#memberCame = true;
  }

  /** Gives known members this long to join again. */
  awaitMembers(timeoutMs: number): void {
    this.#cancel = this.#clock.after(timeoutMs, this.#over);
  }

  /** Gathers first members, for this long at most. */
  gather(timeoutMs: number): void {
    this.#gathering = true;
    this.#memberCame = false;
    const delayMs = Math.min(INITIAL_REBALANCE_DELAY_MS, timeoutMs);
    this.#cancel = this.#clock.after(delayMs, () => {
      if (this.#memberCame && timeoutMs > delayMs) this.gather(timeoutMs - delayMs);
      else this.#over();
    });
  }

  end(): void {
    this.#cancel();
    this.#gathering = false;
  }
}
