/** What a verdict rests on, and what it says nothing of. */
import { openTransactionsOf, type PartitionBounds } from '../ports/log.js';
import type { LogProgress } from './positions.js';

/** What was looked at. */
export interface AuditScope {
  readonly partitions: readonly AuditedPartition[];
  /** Of the store, compared with the log and applied again. */
  readonly outcomes: number;
  /** In the order in which they are told. */
  readonly omissions: readonly AuditOmission[];
}

export interface AuditedPartition {
  readonly partition: number;
  readonly startOffset: bigint;
  /** The high watermark. */
  readonly endOffset: bigint;
  /** Where the group goes on by this store; null: nowhere yet. */
  readonly nextOffset: bigint | null;
}

/** What a PASS says nothing of: a code, and what its sentence is made of (src/words/en/audit-omissions.ts). */
export type AuditOmission =
  /** No outcome: neither the store nor the log had anything to compare. */
  | { readonly code: 'NOTHING_COMPARED' }
  | { readonly code: 'OTHER_CAMPAIGNS'; readonly couponId: number }
  /** The group has not come to them. */
  | { readonly code: 'UNPROCESSED'; readonly records: number }
  /** Behind open transactions; among the unprocessed ones. */
  | { readonly code: 'OPEN_TRANSACTIONS'; readonly records: number }
  /** The log begins later: their outcomes are checked by the rules, but not against their records. */
  | { readonly code: 'DELETED_RECORDS'; readonly offsets: bigint }
  /** Of a topic that was deleted and recreated, or deleted by retention since: likewise. */
  | { readonly code: 'GONE_LOG'; readonly outcomes: number }
  /** Dead letters that the DLQ has no more, as after a purge. */
  | { readonly code: 'DELETED_LETTERS'; readonly letters: number };

export interface Audited {
  readonly topic: string;
  readonly bounds: readonly PartitionBounds[];
  readonly progress: LogProgress;
  readonly couponId: number | null;
  readonly outcomes: number;
  /** Of these, of a log that is gone (GoneLog). */
  readonly goneOutcomes: number;
  readonly unprocessed: number;
  /** Dead letters that could not be checked. */
  readonly letters: number;
}

export function scopeOf(audited: Audited): AuditScope {
  const { bounds, progress, outcomes } = audited;
  return {
    partitions: bounds.map(({ partition, startOffset, endOffset }) => ({
      partition,
      startOffset,
      endOffset,
      nextOffset: progress.partitions.get(partition)?.position?.nextOffset ?? null,
    })),
    outcomes,
    omissions: omissionsOf(audited),
  };
}

function omissionsOf(audited: Audited): readonly AuditOmission[] {
  const { topic, bounds, couponId, outcomes, goneOutcomes, unprocessed, letters } = audited;
  const held = openTransactionsOf(topic, bounds).reduce((sum, { records }) => sum + records, 0);
  const offsets = bounds.reduce((sum, { startOffset }) => sum + startOffset, 0n);
  const omissions: AuditOmission[] = [];
  if (outcomes === 0) omissions.push({ code: 'NOTHING_COMPARED' });
  if (couponId !== null) omissions.push({ code: 'OTHER_CAMPAIGNS', couponId });
  if (unprocessed > 0) omissions.push({ code: 'UNPROCESSED', records: unprocessed });
  if (held > 0) omissions.push({ code: 'OPEN_TRANSACTIONS', records: held });
  if (offsets > 0n) omissions.push({ code: 'DELETED_RECORDS', offsets });
  if (goneOutcomes > 0) omissions.push({ code: 'GONE_LOG', outcomes: goneOutcomes });
  if (letters > 0) omissions.push({ code: 'DELETED_LETTERS', letters });
  return omissions;
}
