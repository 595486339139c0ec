import type { Source, StoredPosition } from '../../../ports/coupon-store.js';
import { int4Array, int8Array, textArray } from '../connection/binary-array.js';
import { statement, type Query } from '../connection/query.js';
import { WAS_SECOND } from '../schema/schema.js';

type PositionRow = readonly [
  clusterId: string,
  group: string,
  topic: string,
  partition: number,
  nextOffset: string,
  lastOffset: string,
  lastTimestampMs: number,
  lastChecksum: number,
];

/**
 * Where a source that the store knows stands, the number of its log, and the token of the
 * transaction that moved it.
 */
export type StandingRow = readonly [
  clusterId: string,
  group: string,
  topic: string,
  partition: number,
  nextOffset: string,
  logId: number | null,
  appliedBy: string,
];

const KEY = 'cluster_id, consumer_group, topic, partition';

/** An offset has 64 bits, a number 53: it comes as text. */
const SELECT = `SELECT ${KEY}, next_offset::text, last_offset::text, last_timestamp_ms, last_checksum
  FROM partition_offset`;

/** In the order of their keys, so that two transactions never wait for one another. */
const lock = statement<[...Keys: Buffer[]], StandingRow>(
  'lock_sources',
  `SELECT ${KEY}, next_offset::text,
     (SELECT log_id FROM log WHERE log.topic = p.topic AND log.partition = p.partition),
     p.applied_by
   FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) AS s (${KEY})
     JOIN partition_offset p USING (${KEY})
   ORDER BY ${KEY} FOR NO KEY UPDATE OF p`,
);

/** Where these sources stand, which no other transaction moves until the transaction ends: the fence. */
export function lockSources(sources: readonly Source[]): Query<StandingRow> {
  return lock(...keysOf(sources));
}

const PROGRESS = 'next_offset, last_offset, last_timestamp_ms, last_checksum';

const NEW = `unnest($1::text[], $2::text[], $3::text[], $4::integer[],
       $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])`;

/** The rows are locked: that they stand where they stood is checked nevertheless, for all hangs on it. */
const move = statement<[...columns: Buffer[], expected: Buffer, sources: number, by: string]>(
  'move_sources',
  `WITH moved AS (
     UPDATE partition_offset p
     SET (${PROGRESS}, applied_by)
       = ROW (n.next_offset, n.last_offset, n.last_timestamp_ms, n.last_checksum, $11::uuid)
     FROM ROWS FROM (${NEW}, unnest($9::bigint[])) AS n (${KEY}, ${PROGRESS}, expected)
     WHERE p.cluster_id = n.cluster_id AND p.consumer_group = n.consumer_group
       AND p.topic = n.topic AND p.partition = n.partition AND p.next_offset = n.expected
     RETURNING 1
   )
   SELECT expect_rows(count(*), $10, 'partition_offset', '${WAS_SECOND}') FROM moved`,
);

/** Where another transaction was first to add one of them, the primary key makes this one fail. */
const add = statement<[...columns: Buffer[], by: string]>(
  'add_sources',
  `INSERT INTO partition_offset (${KEY}, ${PROGRESS}, applied_by)
   SELECT n.*, $9::uuid FROM ${NEW} AS n (${KEY}, ${PROGRESS}) ORDER BY ${KEY}`,
);

/** A source that is to go on: from `expectedOffset`, or null where the store does not know it yet. */
export interface Move {
  readonly expectedOffset: bigint | null;
  readonly position: StoredPosition;
}

/** `by`: a UUID that says which transaction it was. */
export function moveSources(moves: readonly Move[], by: string): readonly Query[] {
  const known = moves.filter(({ expectedOffset }) => expectedOffset !== null);
  const added = moves.filter(({ expectedOffset }) => expectedOffset === null);
  const expected = int8Array(known.map(({ expectedOffset }) => expectedOffset));
  return [
    ...(known.length === 0 ? [] : [move(...columnsOf(known), expected, known.length, by)]),
    ...(added.length === 0 ? [] : [add(...columnsOf(added), by)]),
  ];
}

export const readPositions = statement<[group: string, topic: string], PositionRow>(
  'read_positions',
  `${SELECT} WHERE consumer_group = $1 AND topic = $2 ORDER BY ${KEY}`,
);

export const readAllPositions = statement<[], PositionRow>(
  'read_all_positions',
  `${SELECT} ORDER BY ${KEY}`,
);

/** Gives one row for each that was forgotten. */
export const forgetPositions = statement<[group: string, topic: string], readonly [1]>(
  'forget_positions',
  'DELETE FROM partition_offset WHERE consumer_group = $1 AND topic = $2 RETURNING 1',
);

export function toPosition(row: PositionRow): StoredPosition {
  return {
    clusterId: row[0],
    group: row[1],
    topic: row[2],
    partition: row[3],
    nextOffset: BigInt(row[4]),
    lastApplied: { offset: BigInt(row[5]), timestampMs: row[6], checksum: row[7] },
  };
}

function columnsOf(moves: readonly Move[]): readonly Buffer[] {
  const positions = moves.map(({ position }) => position);
  return [
    ...keysOf(positions),
    int8Array(positions.map(({ nextOffset }) => nextOffset)),
    int8Array(positions.map(({ lastApplied }) => lastApplied.offset)),
    int8Array(positions.map(({ lastApplied }) => lastApplied.timestampMs)),
    int8Array(positions.map(({ lastApplied }) => lastApplied.checksum)),
  ];
}

function keysOf(sources: readonly Source[]): readonly Buffer[] {
  return [
    textArray(sources.map(({ clusterId }) => clusterId)),
    textArray(sources.map(({ group }) => group)),
    textArray(sources.map(({ topic }) => topic)),
    int4Array(sources.map(({ partition }) => partition)),
  ];
}
