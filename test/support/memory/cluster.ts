import { isInternalTopic, type TopicSpec } from '../../../src/coupon/topics.js';
import { CliError } from '../../../src/errors.js';
import type {
  ClusterAdmin,
  ClusterDescription,
  CommittedOffsets,
  GroupDescription,
  ProbedBroker,
  RecordsBefore,
  ReplicaSize,
  TopicDescription,
} from '../../../src/ports/cluster-admin.js';
import type { CommittedOffset, StoreMark } from '../../../src/ports/group-store.js';
import type {
  ClusterLogReader,
  LogBounds,
  LogRecord,
  PartitionBounds,
  Position,
} from '../../../src/ports/log.js';
import { topicNotFound } from '../../../src/ports/topic-errors.js';
import { timestampMsOf } from '../../../src/records/timestamp.js';
import { MemoryLog, type NewRecord } from './log.js';

interface MemoryTopic {
  readonly log: MemoryLog;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Kafka's own defaults of the settings that TopicDescription gives. */
const DEFAULTS = {
  'cleanup.policy': 'delete',
  'message.timestamp.type': 'CreateTime',
  'min.insync.replicas': '1',
  'retention.bytes': '-1',
  'retention.ms': '604800000',
};

const NO_GROUP: GroupDescription = { state: 'Dead', sharesPartitions: true, members: [] };

/** A cluster in memory: topics, groups and brokers, as commands see them through their ports. */
export class MemoryCluster implements ClusterAdmin, ClusterLogReader {
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #groups = new Map<string, GroupDescription>();
  readonly #committed = new Map<string, Map<string, Map<number, CommittedOffset>>>();

  /** `brokers`: their ids. */
  constructor(private readonly brokers: readonly number[] = [1]) {}

  append(topic: string, partition: number, record: NewRecord): LogRecord {
    return this.log(topic).append(partition, record);
  }

  /** The group is there from then on, without members unless `describe` gave it some. */
  commit(
    group: string,
    topic: string,
    partition: number,
    offset: bigint,
    mark: StoreMark | null = null,
  ): void {
    const ofGroup = this.#committed.get(group) ?? new Map<string, Map<number, CommittedOffset>>();
    const ofTopic = ofGroup.get(topic) ?? new Map<number, CommittedOffset>();
    this.#committed.set(group, ofGroup.set(topic, ofTopic.set(partition, { offset, mark })));
    if (!this.#groups.has(group)) this.describe(group, { ...NO_GROUP, state: 'Empty' });
  }

  describe(group: string, description: GroupDescription): void {
    this.#groups.set(group, description);
  }

  /** Throws CliError TOPIC_NOT_FOUND. */
  log(topic: string): MemoryLog {
    return this.#topic(topic).log;
  }

  probeBroker(): Promise<ProbedBroker> {
    const apis = [{ apiKey: 18, minVersion: 0, maxVersion: 4 }];
    return Promise.resolve({ apis, connectMs: 1, answerMs: 1 });
  }

  describeCluster(): Promise<ClusterDescription> {
    const brokers = this.brokers.map((id) => ({ id, address: `broker-${String(id)}:9092` }));
    return Promise.resolve({ clusterId: 'cluster-in-memory', brokers });
  }

  brokerIds(): Promise<readonly number[]> {
    return Promise.resolve(this.brokers);
  }

  listTopics(): Promise<readonly string[]> {
    return Promise.resolve(
      [...this.#topics.keys()].filter((name) => !isInternalTopic(name)).sort(),
    );
  }

  async describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    const missing = names.find((name) => !this.#topics.has(name));
    if (missing !== undefined) throw topicNotFound(missing);
    return Promise.all([...names].sort().map((name) => this.#describe(name)));
  }

  // Throws into the promise, as all of a port's methods do.
  // eslint-disable-next-line @typescript-eslint/require-await
  async countPartitions(topic: string): Promise<number> {
    return this.log(topic).partitions;
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async maxMessageBytes(topic: string): Promise<number> {
    return Number(this.#topic(topic).config['max.message.bytes'] ?? 1_048_588);
  }

  /** A record takes the bytes of its value and 100 more. */
  replicaSizes(topics: readonly TopicDescription[]): Promise<readonly ReplicaSize[]> {
    const sizes = topics.flatMap(({ name, partitions }) =>
      partitions.flatMap(({ partition, replicas }) => {
        const records = this.log(name)
          .all()
          .filter((record) => record.partition === partition);
        const sizeBytes = records.reduce((sum, { value }) => sum + 100 + (value?.length ?? 0), 0);
        return replicas.map((broker) => ({ topic: name, partition, broker, sizeBytes }));
      }),
    );
    return Promise.resolve(sizes);
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    const refusal = await this.refusalToCreate(topics);
    if (refusal !== null) throw refusal;
    for (const { name, partitions, replicationFactor, config } of topics) {
      if (this.#topics.has(name)) continue;
      this.#topics.set(name, { log: new MemoryLog(partitions, name), replicationFactor, config });
    }
  }

  refusalToCreate(topics: readonly TopicSpec[]): Promise<CliError | null> {
    const invalid = topics.find(({ name }) => !/^[\w.-]{1,249}$/.test(name));
    if (invalid !== undefined) {
      return Promise.resolve(new CliError('INVALID_TOPIC_EXCEPTION', `${invalid.name}: no name.`));
    }
    const few = topics.find(({ replicationFactor }) => replicationFactor > this.brokers.length);
    return Promise.resolve(
      few === undefined ? null : new CliError('INVALID_REPLICATION_FACTOR', 'too few brokers'),
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async createPartitions(topic: string, total: number): Promise<void> {
    const { log } = this.#topic(topic);
    if (total <= log.partitions)
      throw new CliError('INVALID_PARTITIONS', 'not more than there are');
    log.addPartitions(total);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async deleteTopics(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      if (!this.#topics.delete(topic)) throw topicNotFound(topic);
    }
  }

  listGroups(): Promise<readonly string[]> {
    return Promise.resolve([...this.#groups.keys()].sort());
  }

  describeGroup(group: string): Promise<GroupDescription> {
    return Promise.resolve(this.#groups.get(group) ?? NO_GROUP);
  }

  committedOffsets(group: string): Promise<CommittedOffsets> {
    return Promise.resolve(this.#committed.get(group) ?? new Map());
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async commitOffsets(
    group: string,
    topic: string,
    offsets: ReadonlyMap<number, CommittedOffset>,
  ): Promise<void> {
    if ((this.#groups.get(group)?.members ?? []).length > 0) {
      throw new CliError('GROUP_HAS_MEMBERS', `Group ${group} has members.`);
    }
    for (const [partition, { offset, mark }] of offsets) {
      this.commit(group, topic, partition, offset, mark);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async deleteGroups(groups: readonly string[]): Promise<void> {
    for (const group of groups) {
      if ((this.#groups.get(group)?.members ?? []).length > 0) {
        throw new CliError('GROUP_HAS_MEMBERS', `Group ${group} has members.`);
      }
      this.#groups.delete(group);
      this.#committed.delete(group);
    }
  }

  async offsetsAtTime(topic: string, timeMs: number): Promise<ReadonlyMap<number, bigint>> {
    const log = this.log(topic);
    const bounds = await log.bounds();
    return new Map(
      bounds.map(({ partition, endOffset }) => {
        const first = log
          .all()
          .find((record) => record.partition === partition && timestampMsOf(record) >= timeMs);
        return [partition, first?.offset ?? endOffset];
      }),
    );
  }

  async deleteRecords(topic: string, records: readonly RecordsBefore[]): Promise<void> {
    const log = this.log(topic);
    const bounds = await log.bounds();
    for (const { partition, beforeOffset } of records) {
      const end = bounds[partition]?.endOffset ?? 0n;
      if (beforeOffset > end) throw new CliError('OFFSET_OUT_OF_RANGE', 'beyond the end');
      log.deleteBefore(partition, beforeOffset);
    }
  }

  clusterId(): Promise<string> {
    return Promise.resolve('cluster-in-memory');
  }

  async bounds(topic: string): Promise<readonly PartitionBounds[]> {
    return this.log(topic).bounds();
  }

  async ledBounds(
    topic: string,
    partitions: readonly number[],
  ): Promise<readonly PartitionBounds[]> {
    return this.log(topic).ledBounds(topic, partitions);
  }

  async logBounds(topics: readonly string[]): Promise<LogBounds> {
    const missing = topics.filter((name) => !this.#topics.has(name));
    if (missing.length > 0) throw topicNotFound(missing.join(', '));
    const found = topics.map(async (topic) => {
      const log = this.log(topic);
      return [topic, await log.ledBounds(topic, partitionsOf(log))] as const;
    });
    const offline = topics.flatMap((topic) =>
      [...this.log(topic).offline].map((partition) => ({ topic, partition })),
    );
    return { bounds: new Map(await Promise.all(found)), offline };
  }

  firstTimestamps(positions: readonly Position[]): Promise<readonly (number | null)[]> {
    const timestamps = positions.map(({ topic, partition, offset }) => {
      const first = this.log(topic)
        .all()
        .find((record) => record.partition === partition && record.offset >= offset);
      return first === undefined ? null : timestampMsOf(first);
    });
    return Promise.resolve(timestamps);
  }

  async recordAt(position: Position): Promise<LogRecord | null> {
    return this.log(position.topic).recordAt(position);
  }

  read(topic: string, partition: number, from: bigint, to: bigint): AsyncIterable<LogRecord[]> {
    return this.log(topic).read(topic, partition, from, to);
  }

  readUncommitted(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
  ): AsyncIterable<LogRecord[]> {
    return this.log(topic).readUncommitted(topic, partition, from, to);
  }

  async #describe(name: string): Promise<TopicDescription> {
    const { log, replicationFactor, config } = this.#topic(name);
    const bounds = await log.ledBounds(name, partitionsOf(log));
    const partitions = partitionsOf(log).map((partition) => {
      const replicas = this.brokers.slice(0, replicationFactor);
      const led = bounds.find((each) => each.partition === partition);
      return {
        partition,
        leader: led === undefined ? null : (replicas[0] ?? null),
        replicas,
        isr: led === undefined ? [] : replicas,
        startOffset: led?.startOffset ?? null,
        endOffset: led?.endOffset ?? null,
        stableEndOffset: led?.stableEndOffset ?? null,
      };
    });
    const effective = Object.entries(DEFAULTS).map(([key, value]) => [key, config[key] ?? value]);
    const effectiveConfig = Object.fromEntries(effective) as Readonly<Record<string, string>>;
    return { name, partitions, replicationFactor, config, effectiveConfig };
  }

  #topic(name: string): MemoryTopic {
    const found = this.#topics.get(name);
    if (found === undefined) throw topicNotFound(name);
    return found;
  }
}

function partitionsOf({ partitions }: MemoryLog): readonly number[] {
  return Array.from({ length: partitions }, (_unused, partition) => partition);
}
