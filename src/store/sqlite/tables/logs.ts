import type { Database } from 'better-sqlite3';

export interface Logs {
  /** The number by which rows name this partition; a new one where it has none. */
  idOf(topic: string, partition: number): number;
}

export function prepareLogs(db: Database): Logs {
  const find = db
    .prepare<[topic: string, partition: number], number>(
      'SELECT log_id FROM log WHERE topic = ? AND partition = ?',
    )
    .pluck();
  const add = db
    .prepare<[topic: string, partition: number], number>(
      'INSERT INTO log (topic, partition) VALUES (?, ?) RETURNING log_id',
    )
    .pluck();
  return {
    idOf: (topic, partition) => find.get(topic, partition) ?? add.get(topic, partition) ?? 0,
  };
}
