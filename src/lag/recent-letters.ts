import { DLQ_TOPIC, REQUEST_TOPIC } from '../coupon/topics.js';
import { CliError } from '../errors.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { LagSample, RecentLetters } from '../ports/lag-sample.js';
import type { LogReader } from '../ports/log.js';

const PERIOD_MS = 10 * 60_000;

/**
 * Fills in how many dead letters came lately: a group whose requests all fail has no lag. What this user may not
 * read is not known, and no reason to say nothing of the lag.
 */
export async function withRecentLetters(
  sample: LagSample,
  admin: Pick<ClusterAdmin, 'offsetsAtTime'>,
  reader: Pick<LogReader, 'bounds'>,
): Promise<LagSample> {
  if (sample.partitions.every(({ topic }) => topic !== REQUEST_TOPIC)) return sample;
  return { ...sample, recentLetters: await recentLetters(sample.takenAtMs, admin, reader) };
}

async function recentLetters(
  nowMs: number,
  admin: Pick<ClusterAdmin, 'offsetsAtTime'>,
  reader: Pick<LogReader, 'bounds'>,
): Promise<RecentLetters | null> {
  try {
    const first = await admin.offsetsAtTime(DLQ_TOPIC, nowMs - PERIOD_MS);
    const bounds = await reader.bounds(DLQ_TOPIC);
    const letters = bounds.reduce((sum, { partition, endOffset }) => {
      return sum + Number(endOffset - (first.get(partition) ?? endOffset));
    }, 0);
    return { topic: DLQ_TOPIC, letters: Math.max(letters, 0), periodMs: PERIOD_MS };
  } catch (error) {
    if (error instanceof CliError) return null;
    throw error;
  }
}
