import { decideBatch, type Decided } from '../../coupon/decide-batch.js';
import {
  RecordRefusedError,
  assertForward,
  type ApplyBatch,
  type ApplyResult,
  type Entry,
} from '../../ports/coupon-store.js';
import { appliedResult } from '../applied.js';
import type { AppliedRecords } from './tables/applied-records.js';
import type { Campaigns } from './tables/campaigns.js';
import { GroupState } from './group-state.js';
import type { Logs } from './tables/logs.js';
import type { OutcomeMinutes } from './tables/outcome-minutes.js';
import type { PartitionOffsets } from './tables/partition-offsets.js';

export interface Tables {
  readonly campaigns: Campaigns;
  readonly logs: Logs;
  readonly appliedRecords: AppliedRecords;
  readonly outcomeMinutes: OutcomeMinutes;
  readonly partitionOffsets: PartitionOffsets;
}

/**
 * Applies batches in their order, each behind its own fence. The caller holds the write transaction,
 * and rolls all of it back where this throws.
 */
export function applyBatches(
  tables: Tables,
  batches: readonly ApplyBatch[],
  nowMs: number,
): readonly ApplyResult[] {
  const state = new GroupState(tables);
  const results = batches.map((batch) => applyBatch(tables.appliedRecords, state, batch, nowMs));
  state.save(nowMs);
  return results;
}

function applyBatch(
  appliedRecords: AppliedRecords,
  state: GroupState,
  batch: ApplyBatch,
  nowMs: number,
): ApplyResult {
  assertForward(batch);
  // The fence comes first: a zombie must not even read its way through a batch.
  const nextOffset = state.nextOffset(batch.source);
  if (nextOffset !== batch.expectedOffset) return { kind: 'fenced', nextOffset };
  const { decided, issuedFrom } = decideBatch(
    {
      campaign: (couponId) => state.campaign(couponId),
      request: (request) => appliedRecords.known(request),
    },
    batch.entries,
  );
  const logId = state.logId(batch.source);
  for (const decision of decided) {
    if (decision.repeated || !add(appliedRecords, decision, logId, nowMs)) continue;
    count(state, decision, logId);
  }
  state.applied(batch, issuedFrom);
  return appliedResult(decided);
}

/** False where nothing was written: a dead letter that is read again keeps its one row. */
function add(
  appliedRecords: AppliedRecords,
  { entry, outcome, sequence, campaignVersion }: Decided<Entry>,
  logId: number,
  nowMs: number,
): boolean {
  const { request, offset, timestampMs } = entry;
  const isAdded = appliedRecords.add({
    request,
    outcome,
    sequence,
    campaignVersion,
    reasonCode: entry.kind === 'dead-letter' ? entry.reasonCode : null,
    logId,
    offset,
    timestampMs,
    issuedAtMs: sequence === null ? null : nowMs,
  });
  if (isAdded || entry.kind === 'dead-letter') return isAdded;
  throw new RecordRefusedError(
    `a trigger kept the outcome of event ${entry.request.eventId} from being written`,
  );
}

function count(state: GroupState, { entry, outcome }: Decided<Entry>, logId: number): void {
  const { request } = entry;
  const campaign = request === null ? null : state.campaign(request.couponId);
  const couponId = outcome === 'NOT_FOUND' || campaign === null ? null : campaign.couponId;
  const reasonCode = entry.kind === 'dead-letter' ? entry.reasonCode : null;
  state.added.add(logId, couponId, outcome, reasonCode);
}
