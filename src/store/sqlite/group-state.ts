import type { Campaign } from '../../coupon/campaign.js';
import type { ApplyBatch, Source, StoredPosition } from '../../ports/coupon-store.js';
import { minuteOf } from '../outcome-minute.js';
import { sourceKey } from '../source-key.js';
import { MinuteCounts } from './minute-counts.js';
import type { Campaigns } from './tables/campaigns.js';
import type { Logs } from './tables/logs.js';
import type { OutcomeMinutes } from './tables/outcome-minutes.js';
import type { PartitionOffsets } from './tables/partition-offsets.js';

interface Tables {
  readonly campaigns: Campaigns;
  readonly logs: Logs;
  readonly outcomeMinutes: OutcomeMinutes;
  readonly partitionOffsets: PartitionOffsets;
}

interface Standing {
  readonly logId: number;
  nextOffset: bigint | null;
  /** Set where a batch was applied. */
  position: StoredPosition | null;
}

/**
 * The campaigns and partitions that one write transaction meets: each is read once and written once,
 * however many batches the transaction has. It lives no longer, for another process may write next.
 */
export class GroupState {
  readonly #tables: Tables;
  readonly #campaigns = new Map<number, Campaign | null>();
  readonly #issuedFrom = new Map<number, Campaign>();
  /** The rows that the transaction adds. */
  readonly added = new MinuteCounts();
  readonly #standings = new Map<string, Standing>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** As it stands now, within this transaction. */
  campaign(couponId: number): Campaign | null {
    const met = this.#campaigns.get(couponId);
    if (met !== undefined) return met;
    const campaign = this.#tables.campaigns.get(couponId);
    this.#campaigns.set(couponId, campaign);
    return campaign;
  }

  nextOffset(source: Source): bigint | null {
    return this.#standing(source).nextOffset;
  }

  logId(source: Source): number {
    return this.#standing(source).logId;
  }

  /** The batch is applied: its partition goes on behind it, and these campaigns stand so. */
  applied({ source, nextOffset, lastApplied }: ApplyBatch, issuedFrom: readonly Campaign[]): void {
    const standing = this.#standing(source);
    standing.nextOffset = nextOffset;
    standing.position = { ...source, nextOffset, lastApplied };
    for (const campaign of issuedFrom) {
      this.#campaigns.set(campaign.couponId, campaign);
      this.#issuedFrom.set(campaign.couponId, campaign);
    }
  }

  /** `nowMs`: when the transaction decided. */
  save(nowMs: number): void {
    const { campaigns, outcomeMinutes, partitionOffsets } = this.#tables;
    outcomeMinutes.add(minuteOf(nowMs), this.added.all());
    for (const { position } of this.#standings.values()) {
      if (position !== null) partitionOffsets.put(position);
    }
    for (const { couponId, issuedQuantity } of this.#issuedFrom.values()) {
      campaigns.setIssuedQuantity(couponId, issuedQuantity);
    }
  }

  #standing(source: Source): Standing {
    const key = sourceKey(source);
    const met = this.#standings.get(key);
    if (met !== undefined) return met;
    const { logs, partitionOffsets } = this.#tables;
    const standing = {
      logId: logs.idOf(source.topic, source.partition),
      nextOffset: partitionOffsets.nextOffset(source),
      position: null,
    };
    this.#standings.set(key, standing);
    return standing;
  }
}
