/**
 * The offsets that groups committed. They are kept until they, their group or their topic are
 * deleted; Kafka also drops those of a group that was empty for a week.
 * Methods that change something are called within a transaction (group-commit.ts).
 */
import type { SqliteDatabase } from './database.js';

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

interface OffsetRow {
  readonly name: string;
  readonly partition: bigint;
  readonly committed_offset: bigint;
  readonly leader_epoch: bigint;
  readonly metadata: string | null;
}

export class GroupOffsets {
  readonly #statements;

  constructor(db: SqliteDatabase) {
    this.#statements = {
      commit: db.prepare<[string, bigint, number, bigint, number, string | null]>(
        'INSERT OR REPLACE INTO group_offset VALUES (?, ?, ?, ?, ?, ?)',
      ),
      committed: db.prepare<[string], OffsetRow>(`
        SELECT name, partition, committed_offset, leader_epoch, metadata
        FROM group_offset JOIN topic ON topic.id = topic_id
        WHERE group_id = ? ORDER BY name, partition`),
      groups: db.prepare<[], string>('SELECT DISTINCT group_id FROM group_offset').pluck(),
      exists: db.prepare<[string]>('SELECT 1 FROM group_offset WHERE group_id = ? LIMIT 1'),
      deleteGroup: db.prepare<[string]>('DELETE FROM group_offset WHERE group_id = ?'),
      deleteOffset: db.prepare<[string, bigint, number]>(
        'DELETE FROM group_offset WHERE group_id = ? AND topic_id = ? AND partition = ?',
      ),
    };
  }

  commit(groupId: string, topicId: bigint, committed: Omit<CommittedOffset, 'topic'>): void {
    const { partition, offset, leaderEpoch, metadata } = committed;
    this.#statements.commit.run(groupId, topicId, partition, offset, leaderEpoch, metadata);
  }

  /** By topic and partition. */
  committed(groupId: string): readonly CommittedOffset[] {
    return this.#statements.committed.all(groupId).map((row) => ({
      topic: row.name,
      partition: Number(row.partition),
      offset: row.committed_offset,
      leaderEpoch: Number(row.leader_epoch),
      metadata: row.metadata,
    }));
  }

  groups(): readonly string[] {
    return this.#statements.groups.all();
  }

  exists(groupId: string): boolean {
    return this.#statements.exists.get(groupId) !== undefined;
  }

  deleteGroup(groupId: string): void {
    this.#statements.deleteGroup.run(groupId);
  }

  deleteOffset(groupId: string, topicId: bigint, partition: number): void {
    this.#statements.deleteOffset.run(groupId, topicId, partition);
  }
}
