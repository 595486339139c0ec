import { decide } from '../../coupon/decide.js';
import {
  RecordRefusedError,
  assertForward,
  type Applied,
  type ApplyBatch,
  type ApplyResult,
  type Entry,
} from '../../ports/coupon-store.js';
import type { Position } from '../../ports/log.js';
import type { Campaigns } from './campaigns.js';
import type { IssuedCoupons } from './issued-coupons.js';
import type { PartitionOffsets } from './partition-offsets.js';
import type { RequestOutcomes } from './request-outcomes.js';
import { Stock } from './stock.js';

export interface Tables {
  readonly campaigns: Campaigns;
  readonly issuedCoupons: IssuedCoupons;
  readonly requestOutcomes: RequestOutcomes;
  readonly partitionOffsets: PartitionOffsets;
}

type RequestEntry = Extract<Entry, { kind: 'request' }>;
type DeadLetterEntry = Extract<Entry, { kind: 'dead-letter' }>;

/** Applies one batch; the caller holds the write transaction, and rolls back what throws. */
export function applyBatch(tables: Tables, batch: ApplyBatch, nowMs: number): ApplyResult {
  assertForward(batch);
  // The fence comes first: a zombie must not even read its way through a batch.
  if (!tables.partitionOffsets.advance(batch)) {
    return { kind: 'fenced', nextOffset: tables.partitionOffsets.nextOffset(batch.source) };
  }
  const { topic, partition } = batch.source;
  const stock = new Stock(tables.campaigns);
  const applied = batch.entries.map((entry) => {
    const position = { topic, partition, offset: entry.offset };
    return entry.kind === 'request'
      ? applyRequest(tables, stock, entry, position, nowMs)
      : applyDeadLetter(tables, entry, position);
  });
  stock.save();
  return { kind: 'applied', applied };
}

function applyRequest(
  { issuedCoupons, requestOutcomes }: Tables,
  stock: Stock,
  { request: { eventId, couponId, userId }, timestampMs }: RequestEntry,
  position: Position,
  nowMs: number,
): Applied {
  const campaign = stock.campaign(couponId);
  const holdsCoupon = campaign !== null && issuedCoupons.isHeld(couponId, userId);
  const outcome = decide({ campaign, holdsCoupon, timestampMs });
  const isNew = requestOutcomes.add({
    eventId,
    couponId,
    userId,
    outcome,
    reasonCode: null,
    campaignVersion: campaign?.version ?? null,
    position,
    timestampMs,
  });
  // Repeats are rare, so they are not looked for first: the index on final outcomes turns them away.
  if (!isNew) return repeated(requestOutcomes, eventId);
  if (campaign === null || outcome !== 'ISSUED')
    return { outcome, repeated: false, sequence: null };
  const sequence = stock.take(campaign);
  const issued = { couponId, userId, sequence, eventId, issuedAtMs: nowMs, position };
  if (!issuedCoupons.add(issued)) {
    throw new RecordRefusedError(
      `a trigger kept coupon ${couponId} of user ${userId} from being written`,
    );
  }
  return { outcome, repeated: false, sequence };
}

function repeated(requestOutcomes: RequestOutcomes, eventId: string): Applied {
  const outcome = requestOutcomes.finalOf(eventId);
  if (outcome === undefined) {
    throw new RecordRefusedError(
      `a trigger kept the outcome of event ${eventId} from being written`,
    );
  }
  return { outcome, repeated: true, sequence: null };
}

/**
 * The row says that this record went to the DLQ, even if its eventId has a final outcome from
 * elsewhere, which stands. There is one row, however often the log is read.
 */
function applyDeadLetter(
  { requestOutcomes }: Tables,
  { request, reasonCode, timestampMs }: DeadLetterEntry,
  position: Position,
): Applied {
  requestOutcomes.add({
    eventId: request?.eventId ?? null,
    couponId: request?.couponId ?? null,
    userId: request?.userId ?? null,
    outcome: 'DEAD_LETTERED',
    reasonCode,
    campaignVersion: null,
    position,
    timestampMs,
  });
  return { outcome: 'DEAD_LETTERED', repeated: false, sequence: null };
}
