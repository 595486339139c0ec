import type { LogReader, LogRecord, PartitionBounds } from '../ports/log.js';
import { TimedPurgePlan, type TimedPurge } from './purge-by-time.js';
import type { ReplayMarks } from './replay-marks.js';

/** Up to where letters go: an offset in every partition or in one, or a time. */
export type PurgeLimit =
  | { readonly kind: 'offset'; readonly offset: bigint; readonly partition: number | null }
  | { readonly kind: 'time'; readonly timeMs: number };

/** What a purge does to one partition: everything before `beforeOffset` goes. */
export interface PartitionPurge extends PartitionBounds {
  readonly beforeOffset: bigint;
  readonly letters: number;
}

/** The partitions in which a purge would delete what waits behind an open transaction, unread. */
export function purgesUnread(plan: readonly PartitionPurge[]): readonly PartitionPurge[] {
  return plan.filter(({ beforeOffset, stableEndOffset }) => beforeOffset > stableEndOffset);
}

/**
 * `limits` are the wanted offsets by partition; a partition that is not in there is left alone. None
 * goes beyond what is there.
 */
export function planPurge(
  bounds: readonly PartitionBounds[],
  limits: ReadonlyMap<number, bigint>,
): readonly PartitionPurge[] {
  return bounds.map((bound) => {
    const { partition, startOffset, endOffset } = bound;
    const wanted = limits.get(partition) ?? startOffset;
    const capped = wanted > endOffset ? endOffset : wanted;
    const beforeOffset = capped < startOffset ? startOffset : capped;
    return { ...bound, beforeOffset, letters: Number(beforeOffset - startOffset) };
  });
}

/** What a purge of one partition by time comes to. */
export type TimedPartitionPurge = PartitionPurge & Pick<TimedPurge, 'undated' | 'kept'>;

/**
 * Reads the whole DLQ, up to what waits behind an open transaction: Kafka's own look-up by time takes a letter
 * without a usable time for an old one. `onRead` is told of each letter.
 */
export async function planPurgeByTime(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  bounds: readonly PartitionBounds[],
  beforeMs: number,
  onRead: () => void,
): Promise<readonly TimedPartitionPurge[]> {
  const plans: TimedPartitionPurge[] = [];
  for (const bound of bounds) {
    const { partition, startOffset, stableEndOffset } = bound;
    const plan = new TimedPurgePlan(startOffset, beforeMs);
    const range = { partition, from: startOffset, to: stableEndOffset };
    await eachPage(reader, topic, range, onRead, (records) => {
      records.forEach((record) => {
        plan.add(record);
      });
    });
    const { beforeOffset, ...rest } = plan.result();
    plans.push({ ...bound, ...rest, beforeOffset, letters: Number(beforeOffset - startOffset) });
  }
  return plans;
}

/** How many of the letters that go were not replayed; null where no store says. */
export async function countWaiting(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  plan: readonly PartitionPurge[],
  marks: ReplayMarks,
  onRead: () => void,
): Promise<number | null> {
  let waiting = 0;
  for (const { partition, startOffset, beforeOffset, stableEndOffset } of plan) {
    const to = beforeOffset < stableEndOffset ? beforeOffset : stableEndOffset;
    if (marks.failure !== null) return null;
    const range = { partition, from: startOffset, to };
    await eachPage(reader, topic, range, onRead, async (records) => {
      waiting += (await marks.of(records)).filter(({ kind }) => kind === 'waiting').length;
    });
  }
  return marks.failure === null ? waiting : null;
}

interface Range {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** The letters of a range, some at a time; `onRead` is told of each. */
async function eachPage(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  { partition, from, to }: Range,
  onRead: () => void,
  take: (records: readonly LogRecord[]) => void | Promise<void>,
): Promise<void> {
  if (to <= from) return;
  for await (const records of reader.read(topic, partition, from, to)) {
    await take(records);
    records.forEach(onRead);
  }
}
