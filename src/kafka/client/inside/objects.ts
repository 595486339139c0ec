/**
 * The objects inside kafkajs 2.2.4, as far as this folder and ../../group/ use them, for what it has no public call for:
 *
 * - Reading without a group, for which a temporary one would cost the rebalance delay and be left behind: the client holds
 *   a function, under a symbol, that makes the cluster object its own consumer reads through (clusters.ts), and calls
 *   share it (shared-connections.ts), up to either end of a partition (isolation.ts).
 * - Partitions without a leader. kafkajs takes one for the failure of the whole metadata request; an operator wants to see
 *   which one it is. And a group's coordinator is asked for at once, not after a retry (offline-partitions.ts).
 * - Fetching from several partitions of which one is out of range (fetch-within-range.ts).
 * - Going on to the next broker where one hangs (silent-brokers.ts).
 * - Why there is no coordinator: a user may not see the group (refused-groups.ts).
 * - Cancelling: kafkajs goes on with what its caller has given up (ending.ts).
 * - Requests that it does not have (../raw-request.ts), over the connections of an admin.
 *
 * The version is pinned and final, and test/contract/broker/ fails when this breaks.
 */
import type { RawRequestBroker } from '../raw-request.js';
import type { Connections } from '../silence-timeout.js';

export interface RawMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
  readonly isControlRecord?: boolean;
  /** Not of records in the formats before Kafka 0.11. */
  readonly batchContext?: { readonly firstOffset: string; readonly lastOffsetDelta: number };
}

export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  /** Where the oldest open transaction began; the high watermark where there is none. */
  readonly lastStableOffset: string;
  readonly abortedTransactions: readonly { producerId: string; firstOffset: string }[] | null;
  readonly messages: readonly RawMessage[];
}

export interface FetchRequest {
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: string;
      readonly maxBytes: number;
    }[];
  }[];
}

export interface FetchAnswer {
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly FetchedPartition[];
  }[];
}

export interface InnerBroker extends RawRequestBroker {
  fetch(request: FetchRequest): Promise<FetchAnswer>;
  offsetCommit(request: OffsetCommitRequest): Promise<unknown>;
}

export interface OffsetCommitRequest {
  readonly groupId: string;
  /** -1 and no member id: of a client that is no member. */
  readonly groupGenerationId: number;
  readonly memberId: string;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
    }[];
  }[];
}

export interface ConnectedBroker extends RawRequestBroker {
  metadata(topics: readonly string[]): Promise<object>;
  /** `coordinatorType`: 0 for a group's. */
  findGroupCoordinator(query: {
    groupId: string;
    coordinatorType: number;
  }): Promise<{ readonly coordinator: { readonly nodeId: number } }>;
}

export interface InnerCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Whose metadata it keeps, for all calls. While one of them does not exist, no metadata comes. */
  readonly targetTopics: Set<string>;
  readonly brokerPool: {
    /** Null before the first metadata. */
    readonly metadata: {
      readonly brokers: readonly { nodeId: number; host: string; port: number }[];
    } | null;
    findConnectedBroker(): Promise<ConnectedBroker>;
  };
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  /** `leader` is -1 where none is elected. */
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  findBroker(options: { nodeId: string }): Promise<InnerBroker>;
  findGroupCoordinator: (query: { groupId: string }) => Promise<InnerBroker>;
  fetchTopicsOffset(topics: readonly OffsetQuery[]): Promise<readonly FoundOffsets[]>;
}

export interface OffsetQuery {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number }[];
  readonly fromTimestamp: number;
}

export interface FoundOffsets {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}

export interface RawPartition {
  readonly partitionErrorCode: number;
  readonly leader: number;
}

export interface RawMetadata {
  readonly topicMetadata: readonly { readonly partitionMetadata: readonly RawPartition[] }[];
}

export interface Protocol {
  readonly request: unknown;
  readonly response: {
    readonly decode: (data: Buffer) => Promise<unknown>;
    readonly parse: (data: unknown) => Promise<unknown>;
  };
}

export type Lookup = (apiKey: number, definition: object) => (options: object) => Protocol;

interface AskedFor {
  readonly request: { readonly apiKey: number };
}

export interface RawBroker extends InnerBroker {
  readonly connectionPool: InnerBroker['connectionPool'] &
    Connections & {
      getConnection: (index?: number) => Promise<object>;
      getConnectionByRequest: (asked: AskedFor) => Promise<object>;
    };
  /** Connects, learns which versions the broker speaks, and logs in. */
  connect: () => Promise<void>;
  metadata(topics?: readonly string[]): Promise<RawMetadata>;
  leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown>;
  heartbeat: (member: object) => Promise<unknown>;
  /** As the metadata has it; null of a broker that only --brokers names. */
  readonly nodeId: number | string | null;
  findGroupCoordinator: (query: { groupId: string }) => Promise<object>;
  /** Replaced by kafkajs when it has learnt which versions the broker speaks. */
  lookupRequest: Lookup;
}

export interface RawCluster extends InnerCluster {
  findControllerBroker(): Promise<InnerBroker>;
  refreshMetadataIfNecessary(): Promise<void>;
  /** Of the brokers that the metadata names. */
  getNodeIds: () => readonly number[];
  /** By topic and partition, what kafkajs takes for the group's committed offsets. */
  committedOffsets(query: { groupId: string }): Record<string, Record<number, string>>;
  /** Which broker it is. */
  findGroupCoordinatorMetadata: (query: { groupId: string }) => Promise<object>;
  readonly brokerPool: InnerCluster['brokerPool'] & {
    createBroker: (options: object) => RawBroker;
  };
}
