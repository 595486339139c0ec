import { DLQ_TOPIC } from '../coupon/topics.js';
import { boundsFrom, countLetters, scanLetters } from '../dead-letters/scan.js';
import { CliError } from '../errors.js';
import { countByPartition } from '../dead-letters/replay-marks.js';
import type { Clock } from '../ports/clock.js';
import type { CouponStore } from '../ports/coupon-store.js';
import { readReplays, type ReplaysStatus } from './replays.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import {
  openTransactionRecords,
  type ClusterLogReader,
  type LogReader,
  type PartitionBounds,
} from '../ports/log.js';

/** Dead letters of so long ago are recent. */
export const RECENT_LETTERS_MS = 10 * 60_000;

/** Of how many letters the reasons are given: one fetch. */
const LATEST_LETTERS = 50;

export interface LettersStatus extends ReplaysStatus {
  /** In the DLQ now, by offsets; null: there is no DLQ. */
  readonly total: number | null;
  /** Of these, behind an open transaction: they can't be read yet. */
  readonly behindOpenTransaction: number;
  /** How many came within RECENT_LETTERS_MS, by their timestamps. */
  readonly recent: number;
  /** The latest letters by reason, the most frequent first. */
  readonly latest: readonly LetterReason[];
}

export interface LetterReason {
  /** Null: the letter does not say. */
  readonly reasonCode: string | null;
  readonly letters: number;
}

type LettersAdmin = Pick<ClusterAdmin, 'offsetsAtTime'>;
type LettersReader = Pick<ClusterLogReader, 'bounds' | 'read' | 'clusterId' | 'firstTimestamps'>;

export interface LettersPorts {
  readonly admin: LettersAdmin;
  readonly reader: LettersReader;
  readonly store: () => Promise<Pick<CouponStore, 'countReplayed'>>;
  readonly clock: Clock;
}

/** Throws CliError, but not for a DLQ that does not exist, nor for a store that takes more than `storeLimitMs`. */
export async function readLetters(
  { admin, reader, store, clock }: LettersPorts,
  storeLimitMs: number,
): Promise<LettersStatus> {
  try {
    const [before, bounds] = await Promise.all([
      admin.offsetsAtTime(DLQ_TOPIC, clock.now() - RECENT_LETTERS_MS),
      reader.bounds(DLQ_TOPIC),
    ]);
    const count = async () => countByPartition(DLQ_TOPIC, bounds, reader, await store());
    return {
      ...(await readReplays(count, clock, storeLimitMs)),
      total: countLetters(bounds),
      behindOpenTransaction: bounds.reduce((sum, bound) => sum + openTransactionRecords(bound), 0),
      recent: countLetters(boundsFrom(bounds, before)),
      latest: await latestReasons(reader, bounds),
    };
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'TOPIC_NOT_FOUND') throw error;
    return NO_DLQ;
  }
}

const NO_DLQ: LettersStatus = {
  ...{ total: null, replayed: null, replayedUnknown: null },
  ...{ behindOpenTransaction: 0, recent: 0, latest: [] },
};

async function latestReasons(
  reader: Pick<LogReader, 'bounds' | 'read'>,
  bounds: readonly PartitionBounds[],
): Promise<readonly LetterReason[]> {
  const counts = new Map<string | null, number>();
  let looked = 0;
  const query = { topic: DLQ_TOPIC, bounds, filter: {}, newestFirst: true };
  for await (const { letter } of scanLetters(reader, query)) {
    const { reasonCode } = letter;
    counts.set(reasonCode, (counts.get(reasonCode) ?? 0) + 1);
    looked += 1;
    if (looked >= LATEST_LETTERS) break;
  }
  return [...counts]
    .map(([reasonCode, letters]) => ({ reasonCode, letters }))
    .sort((a, b) => b.letters - a.letters);
}
