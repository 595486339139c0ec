import type { Database } from 'better-sqlite3';
import type { LetterIdentity } from '../../../ports/coupon-store.js';

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
  has(letter: LetterIdentity): boolean;
}

/** `clock` dates each replay, in ms; a letter that is replayed again keeps the latest date. */
export function prepareReplayedLetters(db: Database, clock: () => number): ReplayedLetters {
  const put = db.prepare<[...Identity, replayedAtMs: number]>(
    `INSERT INTO replayed_letter
       (cluster_id, topic, partition, "offset", timestamp_ms, checksum, replayed_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET replayed_at_ms = excluded.replayed_at_ms`,
  );
  const known = db.prepare<Identity, { known: 1 }>(
    `SELECT 1 AS known FROM replayed_letter
     WHERE cluster_id = ? AND topic = ? AND partition = ? AND "offset" = ?
       AND timestamp_ms = ? AND checksum = ?`,
  );
  return {
    add: (letter) => put.run(...identityOf(letter), clock()),
    has: (letter) => known.get(...identityOf(letter)) !== undefined,
  };
}

function identityOf(letter: LetterIdentity): Identity {
  const { clusterId, topic, partition, offset, timestampMs, checksum } = letter;
  return [clusterId, topic, partition, offset, timestampMs, checksum];
}
