/**
 * Which topics there are, their partitions and configs. What is in memory is a cache of the
 * database: after a rollback it is forgotten and read again.
 * Methods that change something are called within a transaction (group-commit.ts).
 */
import type { ConfigOverrides } from '../topic-config.js';
import type { SqliteDatabase } from './database.js';

/** The offsets move as records come and go; only log.ts moves them. */
export interface Partition {
  readonly id: bigint;
  readonly number: number;
  startOffset: bigint;
  /** Of the next record to come: the log end offset and, with one replica, the high watermark. */
  endOffset: bigint;
}

export interface Topic {
  readonly id: bigint;
  readonly name: string;
  readonly overrides: ConfigOverrides;
  /** By number, from 0, without a gap. */
  readonly partitions: readonly Partition[];
}

export class Catalog {
  readonly #statements;
  #topics: Map<string, Topic> | undefined;

  constructor(db: SqliteDatabase) {
    this.#statements = {
      topics: db.prepare<[], { id: bigint; name: string }>('SELECT id, name FROM topic'),
      configs: db.prepare<[bigint], { name: string; value: string }>(
        'SELECT name, value FROM topic_config WHERE topic_id = ?',
      ),
      partitions: db.prepare<[bigint], PartitionRow>(`
        SELECT id, number, start_offset,
          (SELECT max(last_offset) + 1 FROM batch WHERE partition_id = partition.id) AS next_offset
        FROM partition WHERE topic_id = ? ORDER BY number`),
      addTopic: db.prepare<[string]>('INSERT INTO topic (name) VALUES (?)'),
      deleteTopic: db.prepare<[bigint]>('DELETE FROM topic WHERE id = ?'),
      addPartition: db.prepare<[bigint, number]>(
        'INSERT INTO partition (topic_id, number) VALUES (?, ?)',
      ),
      addConfig: db.prepare<[bigint, string, string]>('INSERT INTO topic_config VALUES (?, ?, ?)'),
      deleteConfigs: db.prepare<[bigint]>('DELETE FROM topic_config WHERE topic_id = ?'),
    };
  }

  /** By name. */
  get topics(): ReadonlyMap<string, Topic> {
    return this.#cache();
  }

  topic(name: string): Topic | undefined {
    return this.#cache().get(name);
  }

  partition(topic: string, number: number): Partition | undefined {
    return this.topic(topic)?.partitions[number];
  }

  partitionCount(): number {
    return [...this.topics.values()].reduce((sum, topic) => sum + topic.partitions.length, 0);
  }

  forget(): void {
    this.#topics = undefined;
  }

  create(name: string, partitions: number, overrides: ConfigOverrides): void {
    const topics = this.#cache();
    const id = BigInt(this.#statements.addTopic.run(name).lastInsertRowid);
    this.#insertConfigs(id, overrides);
    topics.set(name, { id, name, overrides, partitions: this.#addPartitions(id, 0, partitions) });
  }

  /** With its records, configs and committed offsets. */
  delete(topic: Topic): void {
    this.#statements.deleteTopic.run(topic.id);
    this.#cache().delete(topic.name);
  }

  addPartitions(topic: Topic, total: number): void {
    const added = this.#addPartitions(topic.id, topic.partitions.length, total);
    this.#cache().set(topic.name, { ...topic, partitions: [...topic.partitions, ...added] });
  }

  setOverrides(topic: Topic, overrides: ConfigOverrides): void {
    this.#statements.deleteConfigs.run(topic.id);
    this.#insertConfigs(topic.id, overrides);
    this.#cache().set(topic.name, { ...topic, overrides });
  }

  #insertConfigs(topicId: bigint, overrides: ConfigOverrides): void {
    for (const [name, value] of overrides) this.#statements.addConfig.run(topicId, name, value);
  }

  #addPartitions(topicId: bigint, from: number, total: number): Partition[] {
    return Array.from({ length: total - from }, (_, i) => {
      const { lastInsertRowid } = this.#statements.addPartition.run(topicId, from + i);
      return { id: BigInt(lastInsertRowid), number: from + i, startOffset: 0n, endOffset: 0n };
    });
  }

  #cache(): Map<string, Topic> {
    this.#topics ??= new Map(
      this.#statements.topics.all().map(({ id, name }) => [name, this.#load(id, name)]),
    );
    return this.#topics;
  }

  #load(id: bigint, name: string): Topic {
    const overrides = this.#statements.configs.all(id).map((row) => [row.name, row.value] as const);
    const partitions = this.#statements.partitions.all(id).map((row) => ({
      id: row.id,
      number: Number(row.number),
      startOffset: row.start_offset,
      // Retention moves the start to the end before it deletes the last batch.
      endOffset: row.next_offset ?? row.start_offset,
    }));
    return { id, name, overrides: new Map(overrides), partitions };
  }
}

interface PartitionRow {
  readonly id: bigint;
  readonly number: bigint;
  readonly start_offset: bigint;
  /** Null where there is no batch. */
  readonly next_offset: bigint | null;
}
