import type { Database } from 'better-sqlite3';
import type { LetterIdentity, LetterRange } from '../../../ports/replayed-letters.js';
import type { Period } from '../../../ports/store-history.js';

type Identity = [
  clusterId: string,
  topic: string,
  partition: number,
  offset: bigint,
  timestampMs: number,
  checksum: number,
];

export interface ReplayedLetters {
  add(letter: LetterIdentity): void;
  /** Null: it was never replayed. */
  replayedAt(letter: LetterIdentity): number | null;
  count(range: LetterRange): number;
  countWithin(topic: string, period: Period): number;
}

/** `clock` dates each replay, in ms; a letter that is replayed again keeps the latest date. */
export function prepareReplayedLetters(db: Database, clock: () => number): ReplayedLetters {
  const put = db.prepare<[...Identity, replayedAtMs: number]>(
    `INSERT INTO replayed_letter
       (cluster_id, topic, partition, "offset", timestamp_ms, checksum, replayed_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET replayed_at_ms = excluded.replayed_at_ms`,
  );
  const known = db.prepare<Identity, { at: number }>(
    `SELECT replayed_at_ms AS at FROM replayed_letter
     WHERE cluster_id = ? AND topic = ? AND partition = ? AND "offset" = ?
       AND timestamp_ms = ? AND checksum = ?`,
  );
  const range = db.prepare<[string, string, number, bigint, bigint, number], { rows: number }>(
    `SELECT count(*) AS rows FROM replayed_letter
     WHERE cluster_id = ? AND topic = ? AND partition = ? AND "offset" >= ? AND "offset" < ?
       AND timestamp_ms >= ?`,
  );
  const within = db.prepare<[topic: string, fromMs: number, toMs: number], { rows: number }>(
    `SELECT count(*) AS rows FROM replayed_letter
     WHERE topic = ? AND replayed_at_ms >= ? AND replayed_at_ms < ?`,
  );
  return {
    add: (letter) => put.run(...identityOf(letter), clock()),
    replayedAt: (letter) => known.get(...identityOf(letter))?.at ?? null,
    count: ({ clusterId, topic, partition, fromOffset, toOffset, sinceMs }) =>
      range.get(clusterId, topic, partition, fromOffset, toOffset, sinceMs)?.rows ?? 0,
    countWithin: (topic, { fromMs, toMs }) => within.get(topic, fromMs, toMs)?.rows ?? 0,
  };
}

function identityOf(letter: LetterIdentity): Identity {
  const { clusterId, topic, partition, offset, timestampMs, checksum } = letter;
  return [clusterId, topic, partition, offset, timestampMs, checksum];
}
