/**
 * Administering a cluster: its brokers, topics and groups. Every method throws CliError only; one that
 * can't reach the cluster throws UnreachableError. What changes nothing is retried while leaders and
 * coordinators move, until --timeout.
 */
import type { TopicSpec } from '../coupon/topics.js';
import type { CliError } from '../errors.js';
import type { CommittedOffset, GroupStore } from './group-store.js';

export interface PartitionDescription {
  readonly partition: number;
  /** Broker ids; null where no leader is elected. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  /** The in-sync replicas. */
  readonly isr: readonly number[];
  /** Null where no leader could be asked. */
  readonly startOffset: bigint | null;
  /** The high watermark. */
  readonly endOffset: bigint | null;
  /** The last stable offset: below `endOffset` while a transaction is open. */
  readonly stableEndOffset: bigint | null;
}

export interface TopicDescription {
  readonly name: string;
  readonly partitions: readonly PartitionDescription[];
  /** Of the partition that has the fewest replicas. */
  readonly replicationFactor: number;
  /** What was set for this topic; the broker's defaults are left out. Null: this user may not read it. */
  readonly config: Readonly<Record<string, string>> | null;
  /**
   * What holds for the topic, its own settings and the broker's defaults: cleanup.policy,
   * message.timestamp.type, min.insync.replicas, retention.bytes, retention.ms. Null likewise.
   */
  readonly effectiveConfig: Readonly<Record<string, string>> | null;
}

/** One replica on one broker. */
export interface ReplicaSize {
  readonly topic: string;
  readonly partition: number;
  readonly broker: number;
  /** Of its segments, without their indexes. */
  readonly sizeBytes: number;
}

export interface GroupMemberDescription {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  /** What it is assigned, by topic; empty where it can't be read. */
  readonly assignment: Readonly<Record<string, readonly number[]>>;
  /** False where another program's assignor wrote the assignment in a form of its own. */
  readonly isAssignmentReadable: boolean;
  /** The topics that it subscribes to; null: not known, as while the group rebalances. */
  readonly subscription: readonly string[] | null;
  /** The store that it works on; null: another program, an older version, or the group is rebalancing. */
  readonly store: GroupStore | null;
}

export interface GroupDescription {
  /** As Kafka names it: Stable, Empty, PreparingRebalance, ..., Dead for a group it does not know. */
  readonly state: string;
  /** False of a group of another kind, whose members share out something else (Kafka Connect's). */
  readonly sharesPartitions: boolean;
  readonly members: readonly GroupMemberDescription[];
}

/** By topic and partition; null where nothing was committed. */
export type CommittedOffsets = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset | null>>;

/** An API of Kafka's protocol, in the versions that a broker offers. */
export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

export interface ProbedBroker {
  readonly apis: readonly ApiRange[];
  /** Until the connection was there, with TLS its handshake included. */
  readonly connectMs: number;
  /** From request to answer. */
  readonly answerMs: number;
}

export interface BrokerDescription {
  readonly id: number;
  /** host:port, as the cluster tells clients where to connect. */
  readonly address: string;
}

export interface ClusterDescription {
  readonly clusterId: string;
  /** Those that the cluster counts as up, in the order of their ids: one that hangs is among them for seconds. */
  readonly brokers: readonly BrokerDescription[];
}

/** Records before `beforeOffset` of one partition. */
export interface RecordsBefore {
  readonly partition: number;
  readonly beforeOffset: bigint;
}

export interface ClusterAdmin {
  /** Asks one broker, without a login, which APIs it has. `address` is host:port. */
  probeBroker(address: string): Promise<ProbedBroker>;
  describeCluster(): Promise<ClusterDescription>;
  /** The ids of the brokers that are up, in ascending order. */
  brokerIds(): Promise<readonly number[]>;

  /** By name; without Kafka's own topics. */
  listTopics(): Promise<readonly string[]>;
  /** In the order of listTopics. Throws TOPIC_NOT_FOUND for the first name that does not exist. */
  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]>;
  /** How many partitions a topic has. Throws TOPIC_NOT_FOUND. */
  countPartitions(topic: string): Promise<number>;
  /** The largest record batch that a topic takes, in bytes. Throws TOPIC_NOT_FOUND. */
  maxMessageBytes(topic: string): Promise<number>;
  /** Those of these topics' replicas whose brokers answer in time and let this user know. */
  replicaSizes(topics: readonly TopicDescription[]): Promise<readonly ReplicaSize[]>;
  /**
   * Creates topics and waits until every partition has a leader. A topic that exists already is left as
   * it is.
   */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** Why the cluster would not create one of these topics; null where it would. Creates none. */
  refusalToCreate(topics: readonly TopicSpec[]): Promise<CliError | null>;
  /** Raises the number of partitions to `total` and waits for their leaders. */
  createPartitions(topic: string, total: number): Promise<void>;
  /** Deletes topics with all their records. Throws TOPIC_NOT_FOUND. */
  deleteTopics(topics: readonly string[]): Promise<void>;

  /** By name. */
  listGroups(): Promise<readonly string[]>;
  describeGroup(group: string): Promise<GroupDescription>;
  committedOffsets(group: string): Promise<CommittedOffsets>;
  /**
   * Commits offsets of a topic for a group that has no member, and creates the group where there is none.
   * Throws GROUP_HAS_MEMBERS where a member has joined; then nothing is committed.
   */
  commitOffsets(
    group: string,
    topic: string,
    offsets: ReadonlyMap<number, CommittedOffset>,
  ): Promise<void>;

  /**
   * Deletes groups with what they have committed; one that does not exist is left out. Throws
   * GROUP_HAS_MEMBERS for the first that has members.
   */
  deleteGroups(groups: readonly string[]): Promise<void>;

  /**
   * By partition, the first offset at or after a time (ms since the epoch); the end where there is none.
   * Throws TOPIC_NOT_FOUND.
   */
  offsetsAtTime(topic: string, timeMs: number): Promise<ReadonlyMap<number, bigint>>;
  /** Deletes records for good. Throws TOPIC_NOT_FOUND, POLICY_VIOLATION. */
  deleteRecords(topic: string, records: readonly RecordsBefore[]): Promise<void>;
}
