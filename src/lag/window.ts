import {
  hasCaughtUp,
  readingOffset,
  samePartition,
  totalLagOf,
  type LagSample,
  type PartitionSample,
} from '../ports/lag-sample.js';
import { openTransactionRecords } from '../ports/log.js';
import { cadenceStart, wholeCycles } from './cadence.js';

/** Burrow judges a group by its last ten samples; ours are kept longer where they come faster. */
const WINDOW_SAMPLES = 10;
const WINDOW_MS = 20_000;

/**
 * Adds a sample and drops the oldest ones that are no longer needed to judge the group. Where the clock was set back,
 * those from before are dropped too: how long ago they were taken is not known.
 */
export function slideWindow(window: readonly LagSample[], sample: LagSample): readonly LagSample[] {
  const samples = [...window.filter(({ takenAtMs }) => takenAtMs <= sample.takenAtMs), sample];
  return samples.slice(Math.min(recentStart(samples), cadenceStart(samples)));
}

/** Of these samples, those by which rates and trend are judged. */
export function judgedWindow(samples: readonly LagSample[]): readonly LagSample[] {
  return wholeCycles(samples) ?? samples.slice(recentStart(samples));
}

function recentStart(samples: readonly LagSample[]): number {
  const nowMs = samples.at(-1)?.takenAtMs ?? 0;
  const first = samples.findIndex(
    ({ takenAtMs }, index) =>
      samples.length - index <= WINDOW_SAMPLES || nowMs - takenAtMs <= WINDOW_MS,
  );
  return Math.max(first, 0);
}

/**
 * The samples since the group last came back from having no member, or lost its last one: what it
 * did before says nothing of how it does now.
 */
export function sinceRestart(samples: readonly LagSample[]): readonly LagSample[] {
  const isEmpty = samples.at(-1)?.group.members === 0;
  const turned = samples.findLastIndex(({ group }) => (group.members === 0) !== isEmpty);
  return samples.slice(turned + 1);
}

/** What a group did over a window of samples, oldest first. */
export interface WindowMovement {
  /** From the first sample to the last. */
  readonly spanMs: number;
  /** Records that were appended. */
  readonly appended: number;
  /** Records that the group is done with: committed, or deleted before it came to them. */
  readonly consumed: number;
  /**
   * The total lag at each sample, with jumps taken out that no traffic explains (a rewind, a new
   * partition, a recreated topic): counted back from the last sample by what came and went.
   */
  readonly lag: readonly number[];
}

/**
 * Sums up what came and went between neighbouring samples. A partition counts for an interval that
 * it is in at both ends, and in which neither its end nor its reading offset went back.
 */
export function movementOver(samples: readonly LagSample[]): WindowMovement {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) {
    return { spanMs: 0, appended: 0, consumed: 0, lag: [] };
  }
  const intervals = samples.slice(1).map((after, index) => between(samples[index] ?? first, after));
  const lag = [totalLagOf(last)];
  for (const { appended, consumed } of intervals.toReversed()) {
    lag.unshift((lag[0] ?? 0) - appended + consumed);
  }
  return {
    spanMs: Math.max(last.takenAtMs - first.takenAtMs, 0),
    appended: intervals.reduce((sum, interval) => sum + interval.appended, 0),
    consumed: intervals.reduce((sum, interval) => sum + interval.consumed, 0),
    lag,
  };
}

function between(
  before: LagSample,
  after: LagSample,
): Pick<WindowMovement, 'appended' | 'consumed'> {
  let appended = 0;
  let consumed = 0;
  for (const [place, partition] of after.partitions.entries()) {
    const earlier = samePartition(before, partition, place);
    if (earlier === undefined) continue;
    const came = Number(partition.endOffset - earlier.endOffset);
    const went = Number(readingOffset(partition) - readingOffset(earlier));
    if (came < 0 || went < 0) continue;
    appended += came;
    consumed += went;
  }
  return { appended, consumed };
}

/**
 * For how long there was something to read and no committed offset moved (Burrow: offsets all
 * equal, with lag). What waits behind an open transaction is not there to be read. Zero where the last
 * sample has nothing to read, or moved.
 */
export function stillMs(samples: readonly LagSample[]): number {
  const now = samples.at(-1);
  if (now === undefined) return 0;
  const moved = samples.findLastIndex(
    (sample) =>
      hasCaughtUp(sample) ||
      now.partitions.some((partition, place) => {
        const then = samePartition(sample, partition, place);
        return then !== undefined && then.committedOffset !== partition.committedOffset;
      }),
  );
  const since = samples[moved + 1];
  return since === undefined ? 0 : Math.max(now.takenAtMs - since.takenAtMs, 0);
}

/** For how long one and the same transaction has been open: that of the last sample seen longest. */
export function transactionOpenMs(samples: readonly LagSample[]): number {
  const now = samples.at(-1);
  if (now === undefined) return 0;
  const spans = now.partitions.map((partition, place) => {
    if (openTransactionRecords(partition) === 0) return 0;
    const before = samples.findLastIndex((sample) => {
      const then = samePartition(sample, partition, place);
      return then === undefined || !hasSameTransaction(then, partition);
    });
    return now.takenAtMs - (samples[before + 1] ?? now).takenAtMs;
  });
  return spans.reduce((longest, span) => Math.max(longest, span), 0);
}

function hasSameTransaction(a: PartitionSample, b: PartitionSample): boolean {
  return openTransactionRecords(a) > 0 && a.stableEndOffset === b.stableEndOffset;
}
