import type { LetterIdentity, LetterRange } from '../../../ports/replayed-letters.js';
import type { Period } from '../../../ports/store-history.js';
import { int4Array, int8Array, textArray } from '../connection/binary-array.js';
import { statement, type Query } from '../connection/query.js';

export const LETTER_KEY = 'cluster_id, topic, partition, "offset", timestamp_ms, checksum';

/**
 * In the order of their keys, so that two transactions never wait for one another; a letter may be
 * given twice.
 */
const add = statement<[...columns: Buffer[], replayedAtMs: number]>(
  'remember_replayed',
  `INSERT INTO replayed_letter (${LETTER_KEY}, replayed_at_ms)
   SELECT DISTINCT ${LETTER_KEY}, $7::bigint
   FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[]) AS n (${LETTER_KEY})
   ORDER BY ${LETTER_KEY}
   ON CONFLICT (${LETTER_KEY}) DO UPDATE SET replayed_at_ms = excluded.replayed_at_ms`,
);

/** A letter that is replayed again keeps the latest date. */
export function rememberReplayed(letters: readonly LetterIdentity[], nowMs: number): Query {
  return add(...letterKeys(letters), nowMs);
}

/** A column each of LETTER_KEY. */
export function letterKeys(letters: readonly LetterIdentity[]): readonly Buffer[] {
  return [
    textArray(letters.map(({ clusterId }) => clusterId)),
    textArray(letters.map(({ topic }) => topic)),
    int4Array(letters.map(({ partition }) => partition)),
    int8Array(letters.map(({ offset }) => offset)),
    int8Array(letters.map(({ timestampMs }) => timestampMs)),
    int8Array(letters.map(({ checksum }) => checksum)),
  ];
}

const find = statement<
  [
    clusterId: string,
    topic: string,
    partition: number,
    offset: bigint,
    timestampMs: number,
    checksum: number,
  ],
  readonly [1]
>('was_replayed', `SELECT 1 FROM replayed_letter WHERE (${LETTER_KEY}) = ($1, $2, $3, $4, $5, $6)`);

/** One row where it was, else none. */
export function wasReplayed(letter: LetterIdentity): Query<readonly [1]> {
  const { clusterId, topic, partition, offset, timestampMs, checksum } = letter;
  return find(clusterId, topic, partition, offset, timestampMs, checksum);
}

const findAll = statement<Buffer[], readonly [place: number, replayedAtMs: number]>(
  'replayed_at',
  `SELECT n.place, replayed_at_ms
   FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[])
     WITH ORDINALITY AS n (${LETTER_KEY}, place)
   JOIN replayed_letter USING (${LETTER_KEY})`,
);

/** A row for each letter that was replayed: its place in `letters`, from 1, and when. */
export function readReplayedAt(letters: readonly LetterIdentity[]) {
  return findAll(...letterKeys(letters));
}

const countRange = statement<
  [
    clusterId: string,
    topic: string,
    partition: number,
    fromOffset: bigint,
    toOffset: bigint,
    sinceMs: number,
  ],
  readonly [rows: number]
>(
  'count_replayed',
  `SELECT count(*) FROM replayed_letter
   WHERE cluster_id = $1 AND topic = $2 AND partition = $3 AND "offset" >= $4 AND "offset" < $5
     AND timestamp_ms >= $6`,
);

export function countReplayed(range: LetterRange): Query<readonly [rows: number]> {
  const { clusterId, topic, partition, fromOffset, toOffset, sinceMs } = range;
  return countRange(clusterId, topic, partition, fromOffset, toOffset, sinceMs);
}

const countPeriod = statement<
  [topic: string, fromMs: number, toMs: number],
  readonly [rows: number]
>(
  'count_replayed_within',
  `SELECT count(*) FROM replayed_letter
   WHERE topic = $1 AND replayed_at_ms >= $2 AND replayed_at_ms < $3`,
);

export function countReplayedWithin(
  topic: string,
  { fromMs, toMs }: Period,
): Query<readonly [rows: number]> {
  return countPeriod(topic, fromMs, toMs);
}
