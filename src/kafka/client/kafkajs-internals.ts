/**
 * The one file that knows the inside of kafkajs 2.2.4, for what it has no public call for:
 *
 * 1. Reading without a group. A temporary group would cost the rebalance delay and be left behind.
 *    The client holds a function, under a symbol, that makes the cluster object its own consumer
 *    reads through.
 * 2. Looking at a cluster that has partitions without a leader. kafkajs takes one such partition
 *    for the failure of the whole metadata request; an operator wants to see which one it is.
 * 3. Asking a group's coordinator at once. kafkajs looks for it among brokers it has not asked for
 *    yet, fails, asks, and waits for its retry: as long as everything else that `lag` does.
 * 4. Sending requests that kafkajs does not have (raw-request.ts), over the connections of an admin.
 * 5. Going on to the next broker where one hangs.
 * 6. Why there is no coordinator: a user may not see the group. kafkajs only says that it found none.
 * 7. Cancelling: kafkajs goes on with what its caller has given up.
 *
 * The version is pinned and final, and test/contract/broker/ fails when this breaks.
 */
import type { Admin, Kafka } from 'kafkajs';
import { unlessAborted } from './call.js';
import { closedAsDown, protocolErrorType } from './errors.js';
import { unlessSilent, type Connections, type SilenceTimeout } from './silence-timeout.js';
import type { RawRequestBroker } from './raw-request.js';

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
    findConnectedBroker(): Promise<
      RawRequestBroker & { metadata(topics: readonly string[]): Promise<object> }
    >;
  };
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  /** `leader` is -1 where none is elected. */
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  findBroker(options: { nodeId: string }): Promise<InnerBroker>;
  findGroupCoordinator: (query: { groupId: string }) => Promise<InnerBroker>;
  fetchTopicsOffset(topics: readonly OffsetQuery[]): Promise<readonly FoundOffsets[]>;
}

/** kafkajs's admin and the cluster object that it works with, which sees what innerCluster's sees. */
export interface InnerAdmin {
  readonly admin: Admin;
  readonly inner: InnerCluster;
}

/** Connections that calls share. Each call gets a view of them that ends with its signal. */
export interface SharedConnections<T> {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Asks any broker for the cluster's metadata. */
  refreshMetadata(): Promise<void>;
  forCall(signal: AbortSignal): T;
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

export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;

/** The same cluster, whose fetchTopicsOffset gives the high watermark as the end of a partition. */
export function withHighWatermarks(cluster: InnerCluster): InnerCluster {
  return withIsolation(cluster, READ_UNCOMMITTED);
}

/** Likewise the last stable offset: where the oldest open transaction began. */
export function withLastStableOffsets(cluster: InnerCluster): InnerCluster {
  return withIsolation(cluster, READ_COMMITTED);
}

function withIsolation(cluster: InnerCluster, isolationLevel: number): InnerCluster {
  return Object.create(cluster, { isolationLevel: { value: isolationLevel } }) as InnerCluster;
}

/**
 * kafkajs's cluster object, which its consumer reads through, that can look at a cluster with partitions without a leader.
 * Throws where kafkajs is not 2.2.4.
 */
export function innerCluster(kafka: Kafka): SharedConnections<InnerCluster> {
  const create = clusterFactory(kafka)[1];
  const cluster = acceptingOfflinePartitions(
    create({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED }),
  );
  return {
    connect: () => cluster.connect(),
    disconnect: () => cluster.disconnect(),
    refreshMetadata: () => cluster.refreshMetadata(),
    forCall: (signal) => endingWith(signal, cluster),
  };
}

/** The admin of a client that is used for nothing else. Each call gets its own admin object. */
export function innerAdmin(kafka: Kafka): SharedConnections<InnerAdmin> {
  const made: RawCluster[] = [];
  changeClusters(kafka, (cluster) => {
    made.push(acceptingOfflinePartitions(cluster));
  });
  const admin = kafka.admin();
  const [shared] = made;
  if (shared === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  return {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    refreshMetadata: () => shared.refreshMetadata(),
    forCall: (signal) => {
      const inner = endingWith(signal, shared);
      replaceClusterFactory(kafka, () => inner);
      return { admin: kafka.admin(), inner };
    },
  };
}

/**
 * The same cluster for one call: when the signal aborts, requests on the way reject with its reason and no
 * further one is sent. What calls share (connecting, metadata) goes on for the others.
 */
function endingWith(signal: AbortSignal, cluster: RawCluster): RawCluster {
  const broker = async (find: () => Promise<InnerBroker>): Promise<InnerBroker> => {
    const found = await unlessAborted(signal, find);
    const send: InnerBroker['connectionPool']['send'] = (request) =>
      unlessAborted(signal, () => found.connectionPool.send(request));
    const connectionPool = Object.create(found.connectionPool, { send: { value: send } }) as object;
    return Object.create(found, { connectionPool: { value: connectionPool } }) as InnerBroker;
  };
  const overrides: Partial<RawCluster> = {
    findBroker: (query) => broker(() => cluster.findBroker(query)),
    findControllerBroker: () => broker(() => cluster.findControllerBroker()),
    findGroupCoordinator: (query) => broker(() => cluster.findGroupCoordinator(query)),
    // On the shared object: when it fails, kafkajs sets the topics back there.
    addMultipleTargetTopics: (topics) =>
      unlessAborted(signal, () => cluster.addMultipleTargetTopics(topics)),
    refreshMetadata: () => unlessAborted(signal, () => cluster.refreshMetadata()),
    refreshMetadataIfNecessary: () =>
      unlessAborted(signal, () => cluster.refreshMetadataIfNecessary()),
  };
  const view = Object.create(cluster) as RawCluster;
  return Object.assign(view, overrides);
}

/**
 * Makes a cluster object see partitions without a leader, with a leader of -1, instead of failing, and
 * know the brokers before it looks for a group's coordinator among them. A consumer goes on with its
 * other partitions then. Not for producers: those are right to wait for a leader.
 */
export function acceptingOfflinePartitions(cluster: RawCluster): RawCluster {
  changeBrokers(cluster, (broker) => {
    const accepting = Object.create(broker, {
      lookupRequest: { value: changingLookup(broker, withoutLeaderErrors) },
    }) as RawBroker;
    broker.metadata = broker.metadata.bind(accepting);
  });
  const findGroupCoordinator = cluster.findGroupCoordinator.bind(cluster);
  cluster.findGroupCoordinator = async (query) => {
    if (cluster.brokerPool.metadata === null) await cluster.refreshMetadata();
    return findGroupCoordinator(query);
  };
  return cluster;
}

/** Every cluster object that this client makes from now on. */
export function changeClusters(kafka: Kafka, change: (cluster: RawCluster) => void): void {
  const [, create] = clusterFactory(kafka);
  replaceClusterFactory(kafka, (options) => {
    const cluster = create(options);
    change(cluster);
    return cluster;
  });
}

function replaceClusterFactory(kafka: Kafka, factory: ClusterFactory): void {
  const [symbol] = clusterFactory(kafka);
  (kafka as unknown as Record<symbol, ClusterFactory>)[symbol] = factory;
}

/** Every broker of the cluster, those that it learns of later included. */
export function changeBrokers(
  { brokerPool }: RawCluster,
  change: (broker: RawBroker) => void,
): void {
  const createBroker = brokerPool.createBroker;
  brokerPool.createBroker = (options) => {
    const broker = createBroker(options);
    change(broker);
    return broker;
  };
}

/**
 * Makes all that comes from this client give up a broker that is silent for so long, while connecting or
 * while it owes an answer, and go on with the next one. kafkajs does so only where no connection comes
 * about: a broker that hangs accepts it and says nothing, and kafkajs waits 30 s for that while others
 * would answer. The answer to a request that changes something is waited for: it may be under way.
 */
export function withSilenceTimeout(
  kafka: Kafka,
  timeout: SilenceTimeout,
  apiKeys: ReadonlySet<number> = READS,
): Kafka {
  changeClusters(kafka, (cluster) => {
    changeBrokers(cluster, (broker) => {
      const { connectionPool } = broker;
      const connect = broker.connect.bind(broker);
      broker.connect = () =>
        unlessSilent(connectionPool, timeout, connect()).catch((error: unknown) => {
          throw closedAsDown(error);
        });
      const send = connectionPool.send.bind(connectionPool);
      connectionPool.send = (protocol) =>
        apiKeys.has(protocol.request.apiKey)
          ? unlessSilent(connectionPool, timeout, send(protocol))
          : send(protocol);
    });
  });
  return kafka;
}

/** API keys of what a broker answers at once and what may be asked twice. */
const READS: ReadonlySet<number> = new Set([
  1, // Fetch: after half a second at most, see the callers
  2, // ListOffsets
  3, // Metadata
  8, // OffsetCommit
  9, // OffsetFetch
  10, // FindCoordinator
  12, // Heartbeat
  13, // LeaveGroup
  15, // DescribeGroups
  16, // ListGroups
  32, // DescribeConfigs
  35, // DescribeLogDirs
  69, // ConsumerGroupDescribe
]);

/**
 * API keys of what an idempotent producer may repeat: a broker recognises a batch that it has already by
 * its sequence number.
 */
export const IDEMPOTENT_WRITES: ReadonlySet<number> = new Set([
  0, // Produce
  22, // InitProducerId
]);

/** Makes all that comes from this client send nothing more once the signal aborts; requests on the way reject. */
export function endingClient(kafka: Kafka, signal: AbortSignal): Kafka {
  changeClusters(kafka, (cluster) => {
    changeBrokers(cluster, ({ connectionPool }) => {
      const send = connectionPool.send.bind(connectionPool);
      connectionPool.send = (protocol) => unlessAborted(signal, () => send(protocol));
    });
  });
  return kafka;
}

/** Makes all that comes from this client throw GROUP_AUTHORIZATION_FAILED where that is the reason. */
export function reportingRefusedGroups(kafka: Kafka): Kafka {
  changeClusters(kafka, (cluster) => {
    let refusal: unknown = null;
    changeBrokers(cluster, (broker) => {
      const find = broker.findGroupCoordinator.bind(broker);
      broker.findGroupCoordinator = (query) =>
        find(query).catch((error: unknown) => {
          if (protocolErrorType(error) === 'GROUP_AUTHORIZATION_FAILED') refusal = error;
          throw error;
        });
    });
    const find = cluster.findGroupCoordinatorMetadata.bind(cluster);
    cluster.findGroupCoordinatorMetadata = (query) => {
      refusal = null;
      return find(query).catch((error: unknown) => {
        throw refusal ?? error;
      });
    };
  });
  return kafka;
}

interface RawPartition {
  readonly partitionErrorCode: number;
  readonly leader: number;
}

interface RawMetadata {
  readonly topicMetadata: readonly { readonly partitionMetadata: readonly RawPartition[] }[];
}

interface Protocol {
  readonly request: unknown;
  readonly response: {
    readonly decode: (data: Buffer) => Promise<unknown>;
    readonly parse: (data: unknown) => Promise<unknown>;
  };
}

type Lookup = (apiKey: number, definition: object) => (options: object) => Protocol;

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

type ClusterFactory = (options: object) => RawCluster;

function clusterFactory(kafka: Kafka): readonly [symbol, ClusterFactory] {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (symbol === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  const create = (kafka as unknown as Record<symbol, ClusterFactory | undefined>)[symbol];
  if (create === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  return [symbol, create];
}

const LEADER_NOT_AVAILABLE = 5;
const OFFSET_OUT_OF_RANGE = 1;

/** How kafkajs finds a request, whose answer is changed before kafkajs looks for errors in it. */
function changingLookup<Answer>(
  broker: { readonly lookupRequest: Lookup },
  change: (answer: Answer) => Answer,
): Lookup {
  return (apiKey, definition) => {
    const protocol = broker.lookupRequest(apiKey, definition);
    return (options) => {
      const found = protocol(options);
      const { decode, parse } = found.response;
      const response = { decode, parse: (data: unknown) => parse(change(data as Answer)) };
      return { ...found, response };
    };
  };
}

/**
 * Fetches from several partitions. One whose offset is not in its log (any more) gives no messages;
 * kafkajs's own fetch fails for the others as well.
 */
export function fetchWithinRange(broker: InnerBroker, request: FetchRequest): Promise<FetchAnswer> {
  const lookupRequest = changingLookup(broker as RawBroker, withoutRangeErrors);
  const accepting = Object.create(broker, { lookupRequest: { value: lookupRequest } }) as RawBroker;
  return accepting.fetch(request);
}

interface RawFetch {
  readonly responses: readonly {
    readonly partitions: readonly { readonly errorCode: number }[];
  }[];
}

function withoutRangeErrors(answer: RawFetch): RawFetch {
  const responses = answer.responses.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((partition) =>
      partition.errorCode === OFFSET_OUT_OF_RANGE ? { ...partition, errorCode: 0 } : partition,
    ),
  }));
  return { ...answer, responses };
}

function withoutLeaderErrors(metadata: RawMetadata): RawMetadata {
  const accept = (partition: RawPartition): RawPartition =>
    partition.partitionErrorCode === LEADER_NOT_AVAILABLE
      ? { ...partition, partitionErrorCode: 0, leader: -1 }
      : partition;
  return {
    ...metadata,
    topicMetadata: metadata.topicMetadata.map((topic) => ({
      ...topic,
      partitionMetadata: topic.partitionMetadata.map(accept),
    })),
  };
}
