import type { Database } from 'better-sqlite3';
import type { Source, StoredPosition } from '../../../ports/coupon-store.js';

type Key = [clusterId: string, group: string, topic: string, partition: number];
type Progress = [next: bigint, last: bigint, lastTimestampMs: number, lastChecksum: number];

interface Row {
  readonly clusterId: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: string;
  readonly lastOffset: string;
  readonly lastTimestampMs: number;
  readonly lastChecksum: number;
}

export interface PartitionOffsets {
  /** Where a source stands from now on. The caller has compared where it stood, under the lock. */
  put(position: StoredPosition): void;
  nextOffset(source: Source): bigint | null;
  of(group: string, topic: string): readonly StoredPosition[];
  all(): readonly StoredPosition[];
  forget(group: string, topic: string): number;
}

/** An offset has 64 bits, a number 53: it leaves SQLite as text. */
const COLUMNS = `cluster_id AS clusterId, consumer_group AS "group", topic, partition,
  CAST(next_offset AS TEXT) AS nextOffset, CAST(last_offset AS TEXT) AS lastOffset,
  last_timestamp_ms AS lastTimestampMs, last_checksum AS lastChecksum`;

export function preparePartitionOffsets(db: Database): PartitionOffsets {
  const put = db.prepare<[...Key, ...Progress]>(
    `INSERT INTO partition_offset (cluster_id, consumer_group, topic, partition,
       next_offset, last_offset, last_timestamp_ms, last_checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset,
       last_offset = excluded.last_offset, last_timestamp_ms = excluded.last_timestamp_ms,
       last_checksum = excluded.last_checksum`,
  );
  const next = db.prepare<Key, { nextOffset: string }>(
    `SELECT CAST(next_offset AS TEXT) AS nextOffset FROM partition_offset
     WHERE cluster_id = ? AND consumer_group = ? AND topic = ? AND partition = ?`,
  );
  const select = `SELECT ${COLUMNS} FROM partition_offset`;
  const order = 'ORDER BY cluster_id, consumer_group, topic, partition';
  const ofGroup = db.prepare<[group: string, topic: string], Row>(
    `${select} WHERE consumer_group = ? AND topic = ? ${order}`,
  );
  const everything = db.prepare<[], Row>(`${select} ${order}`);
  const remove = db.prepare<[group: string, topic: string]>(
    'DELETE FROM partition_offset WHERE consumer_group = ? AND topic = ?',
  );

  return {
    put: ({ nextOffset, lastApplied, ...source }) => {
      put.run(
        ...keyOf(source),
        nextOffset,
        lastApplied.offset,
        lastApplied.timestampMs,
        lastApplied.checksum,
      );
    },
    nextOffset: (source) => {
      const row = next.get(...keyOf(source));
      return row === undefined ? null : BigInt(row.nextOffset);
    },
    of: (group, topic) => ofGroup.all(group, topic).map(toPosition),
    all: () => everything.all().map(toPosition),
    forget: (group, topic) => remove.run(group, topic).changes,
  };
}

function keyOf({ clusterId, group, topic, partition }: Source): Key {
  return [clusterId, group, topic, partition];
}

function toPosition(row: Row): StoredPosition {
  return {
    clusterId: row.clusterId,
    group: row.group,
    topic: row.topic,
    partition: row.partition,
    nextOffset: BigInt(row.nextOffset),
    lastApplied: {
      offset: BigInt(row.lastOffset),
      timestampMs: row.lastTimestampMs,
      checksum: row.lastChecksum,
    },
  };
}
