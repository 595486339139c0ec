import { randomUUID } from 'node:crypto';
import { importSource } from './source.js';

const ENTRIES_A_BATCH = 5000;
const REQUESTS_A_CAMPAIGN = 1000;
const TERMS = { name: null, totalQuantity: REQUESTS_A_CAMPAIGN, status: 'ACTIVE' };
const TOPIC = 'bench-fill';

/**
 * A store that is filled through its port, without a broker: campaign after campaign, 1,000 issued of
 * each, to users in no order.
 */
export class FilledStore {
  #store;
  #source;
  #outcomes;

  /**
   * `clusterId`: of the cluster whose requests this store will read; `outcomes`: how many it was filled
   * with before.
   */
  static async open(path, clusterId, outcomes) {
    const { openStore } = await importSource('src/store/sqlite/open.ts', ['better-sqlite3']);
    return new FilledStore(openStore(path), clusterId, outcomes);
  }

  constructor(store, clusterId, outcomes) {
    this.#store = store;
    this.#outcomes = outcomes;
    this.#source = { clusterId, group: TOPIC, topic: TOPIC, partition: 0 };
  }

  /** Issues until there are so many outcomes. */
  async fillUpTo(outcomes) {
    while (this.#outcomes < outcomes) {
      const entries = Math.min(ENTRIES_A_BATCH, outcomes - this.#outcomes);
      await this.#createCampaigns(entries);
      await this.#issue(entries);
    }
  }

  close() {
    return this.#store.close();
  }

  async #createCampaigns(entries) {
    const [first, last] = [this.#outcomes, this.#outcomes + entries - 1].map(campaignOf);
    for (let id = first; id <= last; id += 1) {
      await this.#store.createCampaign(id, { ...TERMS, validFromMs: null, validUntilMs: null });
    }
  }

  async #issue(count) {
    const from = this.#outcomes;
    const timestampMs = Date.now();
    const entries = Array.from({ length: count }, (_, index) => ({
      kind: 'request',
      offset: BigInt(from + index),
      timestampMs,
      request: {
        eventId: randomUUID(),
        couponId: campaignOf(from + index),
        userId: userOf(from + index),
      },
    }));
    const result = await this.#store.applyBatch({
      source: this.#source,
      expectedOffset: from === 0 ? null : BigInt(from),
      entries,
      nextOffset: BigInt(from + count),
      lastApplied: { offset: BigInt(from + count - 1), timestampMs, checksum: 0 },
    });
    if (result.kind !== 'applied') throw new Error(`the store was not filled: ${result.kind}`);
    this.#outcomes += count;
  }
}

/** Of the n-th request, counted from 0. */
export function campaignOf(request) {
  return Math.floor(request / REQUESTS_A_CAMPAIGN) + 1;
}

/** Distinct and in no order: multiplying by an odd number permutes the 32-bit integers. */
export function userOf(request) {
  return (Math.imul(request, 2654435761) >>> 0) + 1;
}
