import {
  RecordRefusedError,
  StoreUnavailableError,
  type ApplyBatch,
  type ApplyResult,
} from '../../../src/ports/coupon-store.js';
import { MemoryStore } from '../memory/store.js';
import type { VirtualClock } from '../clock/virtual.js';

export interface Faults {
  /**
   * How often a request of each of these users fails (Infinity: always), by itself; a batch that
   * holds it fails as well, and is not counted.
   */
  readonly failing?: Readonly<Record<number, number>>;
  /** How long a commit takes: what comes meanwhile shares the next one. */
  readonly commitMs?: number;
  /** The store as a whole fails from the one instant until the other; with STORE_BUSY, or this code. */
  readonly outages?: readonly {
    readonly fromMs: number;
    readonly untilMs: number;
    readonly code?: string;
  }[];
}

/** A store in memory that fails as it is told to, and says what it was asked. */
export class FaultyStore extends MemoryStore {
  /** Every batch that it was asked to apply: how many entries, from which offset, when. */
  readonly attempts: {
    readonly offset: bigint;
    readonly entries: number;
    readonly atMs: number;
  }[] = [];
  readonly #failing: Map<number, number>;
  #nextCommit: Promise<void> | null = null;

  constructor(
    private readonly virtualClock: VirtualClock,
    private readonly faults: Faults = {},
  ) {
    super({ clock: virtualClock.now });
    this.#failing = new Map(
      Object.entries(faults.failing ?? {}).map(([user, times]) => [Number(user), times]),
    );
  }

  override async applyBatch(batch: ApplyBatch): Promise<ApplyResult> {
    const { entries } = batch;
    this.attempts.push({
      offset: entries[0]?.offset ?? -1n,
      entries: entries.length,
      atMs: this.virtualClock.now(),
    });
    const { commitMs = 0 } = this.faults;
    if (commitMs > 0) await this.#commit(commitMs);
    const nowMs = this.virtualClock.now();
    const outage = this.faults.outages?.find((o) => nowMs >= o.fromMs && nowMs < o.untilMs);
    if (outage !== undefined) {
      throw new StoreUnavailableError(outage.code ?? 'STORE_BUSY', 'the store can not be used');
    }
    // A batch that is fenced is not looked at.
    const isDue = this.nextOffset(batch.source) === batch.expectedOffset;
    for (const entry of isDue ? entries : []) {
      if (entry.kind !== 'request') continue;
      const { userId } = entry.request;
      const left = this.#failing.get(userId) ?? 0;
      if (left === 0) continue;
      if (entries.length === 1) this.#failing.set(userId, left - 1);
      throw new RecordRefusedError(`user ${userId} is refused`);
    }
    return super.applyBatch(batch);
  }

  #commit(commitMs: number): Promise<void> {
    this.#nextCommit ??= this.virtualClock.wait(commitMs).then(() => {
      this.#nextCommit = null;
    });
    return this.#nextCommit;
  }
}
