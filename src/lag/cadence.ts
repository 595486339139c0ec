/** How often a group commits, so that one that commits seldom is not taken for one that stands still. */
import { lagOf, samePartition, type LagSample } from '../ports/lag-sample.js';

/**
 * A shorter time says nothing of a member of ours: it commits 0.2 s after a transaction, but pauses for up to
 * 6 s (three retries, after 1, 2 and 3 s), or for 5 s between two looks in scheduler mode.
 */
export const JUDGED_AFTER_MS = 10_000;
/** Another program commits by a timer of its own: Java's every 5 s by default, once a minute is common. */
const UNKNOWN_CADENCE_MS = 120_000;
/** How much longer than between two commits before a group counts as still. */
const LATE = 2;
/** With fewer commits than this in a window, the time between two of them is not known well enough. */
const COMMITS_KNOWN = 3;
/** Of a window that has to be long enough to show how often a group commits. */
export const LONGEST_WINDOW_MS = 300_000;

/** For how long a group may stand still, or its lag grow, before that says something of it. */
export function judgedAfterMs(samples: readonly LagSample[]): number {
  if (commitsAtOnce(samples.at(-1))) return JUDGED_AFTER_MS;
  const gapMs = longestGapMs(samples);
  return gapMs === null ? UNKNOWN_CADENCE_MS : Math.max(JUDGED_AFTER_MS, LATE * gapMs);
}

/**
 * Of a group that commits seldom, the samples from one commit to another: its lag is a saw blade, of which a part
 * of a tooth looks like growth. Null of any other group.
 */
export function wholeCycles(samples: readonly LagSample[]): readonly LagSample[] | null {
  const gapMs = commitsAtOnce(samples.at(-1)) ? null : longestGapMs(samples);
  if (gapMs === null || gapMs < JUDGED_AFTER_MS) return null;
  const commits = commitsIn(samples);
  return samples.slice(commits.at(0), (commits.at(-1) ?? 0) + 1);
}

/** Whether the commits of a group that has something to read were too seldom to say where its lag is going. */
export function isUnjudged(samples: readonly LagSample[]): boolean {
  const now = samples.at(-1);
  if (now === undefined || commitsAtOnce(now)) return false;
  return longestGapMs(samples) === null;
}

/** From which sample on a window shows how often the group commits; the first where it does not. */
export function cadenceStart(samples: readonly LagSample[]): number {
  const now = samples.at(-1);
  if (commitsAtOnce(now)) return samples.length;
  const first = samples.findIndex(
    ({ takenAtMs }) => (now?.takenAtMs ?? 0) - takenAtMs <= LONGEST_WINDOW_MS,
  );
  return Math.max(commitsIn(samples).at(-COMMITS_KNOWN) ?? 0, first);
}

/** Whether what is left to read is read by members of ours, or by none, or nothing is left. */
function commitsAtOnce(sample: LagSample | undefined): boolean {
  if (sample?.group.members === 0) return true;
  const behind = sample?.partitions.filter((partition) => lagOf(partition) > 0) ?? [];
  return behind.every(({ mark, clientId }) => mark !== null || clientId?.startsWith(OURS) === true);
}

const OURS = 'coupons-';

/** The longest time between two commits; null where fewer than two were seen. */
function longestGapMs(samples: readonly LagSample[]): number | null {
  const times = commitsIn(samples).map((index) => samples[index]?.takenAtMs ?? 0);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return gaps.length === 0 ? null : Math.max(...gaps);
}

/** The samples that found a committed offset moved since the one before. */
function commitsIn(samples: readonly LagSample[]): readonly number[] {
  return samples.flatMap((sample, index) => {
    const before = samples[index - 1];
    if (before === undefined) return [];
    const hasMoved = sample.partitions.some((partition, place) => {
      const then = samePartition(before, partition, place);
      return then !== undefined && then.committedOffset !== partition.committedOffset;
    });
    return hasMoved ? [index] : [];
  });
}
