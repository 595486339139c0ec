import type { EachBatchPayload } from 'kafkajs';
import { errorOf } from '../../errors.js';
import { saysRebalance } from './rebalance.js';

/** How often a worker's wait is bridged with a heartbeat. */
const HEARTBEAT_MS = 500;

/**
 * Sends heartbeats while a worker is busy with a batch, for which it may wait for the store: kafkajs sends them between
 * two batches only. One that gets no answer, or that another broker should have got, is followed by the next one.
 */
export class Heartbeats {
  readonly #timer: NodeJS.Timeout;
  /** The coordinator's answer that a rebalance has begun. */
  #rebalance: Error | null = null;

  /** `onRebalance` is called once. */
  constructor(payload: Pick<EachBatchPayload, 'heartbeat'>, onRebalance: () => void) {
    this.#timer = setInterval(() => {
      payload.heartbeat().catch((error: unknown) => {
        if (this.#rebalance !== null || !saysRebalance(error)) return;
        this.#rebalance = errorOf(error);
        onRebalance();
      });
    }, HEARTBEAT_MS);
  }

  /**
   * Ends them. The answer that a rebalance has begun is for kafkajs, which joins again: a coordinator that
   * was replaced meanwhile does not give it a second time. Null: there was none.
   */
  end(): Error | null {
    clearInterval(this.#timer);
    return this.#rebalance;
  }
}
