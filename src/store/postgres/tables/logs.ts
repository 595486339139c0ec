import type { Source } from '../../../ports/coupon-store.js';
import { int4Array, textArray } from '../connection/binary-array.js';
import { statement, type Query } from '../connection/query.js';

type LogRow = readonly [topic: string, partition: number, logId: number];

export type Log = Pick<Source, 'topic' | 'partition'>;

const add = statement<[topics: Buffer, partitions: Buffer]>(
  'add_logs',
  `INSERT INTO log (topic, partition)
   SELECT DISTINCT topic, partition FROM unnest($1::text[], $2::integer[]) AS n (topic, partition)
   WHERE NOT EXISTS (SELECT FROM log WHERE log.topic = n.topic AND log.partition = n.partition)
   ORDER BY topic, partition
   ON CONFLICT DO NOTHING`,
);

const read = statement<[topics: Buffer, partitions: Buffer], LogRow>(
  'read_logs',
  `SELECT topic, partition, log_id
   FROM unnest($1::text[], $2::integer[]) AS n (topic, partition) JOIN log USING (topic, partition)`,
);

/** Gives these logs their numbers, where they have none yet. */
export function addLogs(logs: readonly Log[]): Query {
  return add(...columnsOf(logs));
}

/** The numbers by which rows name these logs, of those that have one. */
export function readLogs(logs: readonly Log[]): Query<LogRow> {
  return read(...columnsOf(logs));
}

function columnsOf(logs: readonly Log[]): [Buffer, Buffer] {
  return [
    textArray(logs.map(({ topic }) => topic)),
    int4Array(logs.map(({ partition }) => partition)),
  ];
}
