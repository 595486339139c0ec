/**
 * The one file that knows the inside of kafkajs 2.2.4, for what it has no public call for:
 *
 * 1. Reading without a group. A temporary group would cost the rebalance delay and be left behind.
 *    The client holds a function, under a symbol, that makes the cluster object its own consumer
 *    reads through.
 * 2. Looking at a cluster that has partitions without a leader. kafkajs takes one such partition
 *    for the failure of the whole metadata request; an operator wants to see which one it is.
 * 3. Asking what kafkajs has no request for, over the connections that an admin has already.
 *
 * The version is pinned and final, and test/contract/broker/ fails when this breaks.
 */
import type { Admin, Kafka } from 'kafkajs';
import type Encoder from 'kafkajs/src/protocol/encoder.js';

export interface RawMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
  readonly isControlRecord?: boolean;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly abortedTransactions: readonly { producerId: string; firstOffset: string }[] | null;
  readonly messages: readonly RawMessage[];
}

export interface InnerBroker {
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
    }[];
  }): Promise<{
    responses: readonly { topicName: string; partitions: readonly FetchedPartition[] }[];
  }>;
  /** By API key; null until it has connected. */
  readonly versions: Readonly<Record<number, VersionRange | undefined>> | null;
  readonly connectionPool: { send<T>(question: WireQuestion<T>): Promise<T> };
}

interface VersionRange {
  readonly minVersion: number;
  readonly maxVersion: number;
}

interface WireQuestion<T> {
  readonly request: Pick<Question<T>, 'apiKey' | 'apiVersion' | 'apiName'> & {
    readonly encode: () => Promise<Encoder>;
  };
  readonly response: {
    readonly decode: (answer: Buffer) => Promise<Buffer>;
    readonly parse: (answer: Buffer) => Promise<T>;
  };
}

/** A request that kafkajs has no call for, in one non-flexible version, and how its answer is read. */
export interface Question<T> {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  readonly body: Encoder;
  readonly parse: (answer: Buffer) => T;
}

export interface InnerCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Whose metadata it keeps. */
  readonly targetTopics: ReadonlySet<string>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  metadata(options: { topics: string[] }): Promise<{ clusterId: string | null }>;
  /** `leader` is -1 where none is elected. */
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  findBroker(options: { nodeId: string }): Promise<InnerBroker>;
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

export const READ_COMMITTED = 1;

/** kafkajs's cluster object, which its consumer reads through. Throws where it is not 2.2.4. */
export function innerCluster(kafka: Kafka): InnerCluster {
  const create = clusterFactory(kafka)[1];
  return create({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED });
}

/** Resolves to null where the broker does not offer that version. */
export async function ask<T>(
  broker: Pick<InnerBroker, 'versions' | 'connectionPool'>,
  question: Question<T>,
): Promise<T | null> {
  const { apiKey, apiVersion, apiName, body, parse } = question;
  const { minVersion, maxVersion } = broker.versions?.[apiKey] ?? NOT_OFFERED;
  if (apiVersion < minVersion || apiVersion > maxVersion) return null;
  return broker.connectionPool.send({
    request: { apiKey, apiVersion, apiName, encode: () => Promise.resolve(body) },
    response: {
      decode: (answer) => Promise.resolve(answer),
      parse: (answer) => new Promise((resolve) => resolve(parse(answer))),
    },
  });
}

const NOT_OFFERED: VersionRange = { minVersion: 0, maxVersion: -1 };

const clustersOfAdmins = new WeakMap<Admin, InnerCluster>();

/** The cluster object that an admin works with, and its connections. Of a client seeingLeaderless. */
export function clusterOf(admin: Admin): InnerCluster {
  const cluster = clustersOfAdmins.get(admin);
  if (cluster === undefined) throw new TypeError('not an admin of a client seeingLeaderless');
  return cluster;
}

/**
 * Makes all that comes from this client see partitions without a leader, with a leader of -1,
 * instead of failing. Not for producers and consumers: those are right to wait for one.
 */
export function seeingLeaderless(kafka: Kafka): Kafka {
  const [symbol, create] = clusterFactory(kafka);
  let newest: InnerCluster | null = null;
  const made: ClusterFactory = (options) => {
    const cluster = create(options);
    newest = cluster;
    const pool = cluster.brokerPool;
    const createBroker = pool.createBroker;
    pool.createBroker = (brokerOptions) => {
      const broker = createBroker(brokerOptions);
      const accepting = Object.create(broker, {
        lookupRequest: { value: acceptingLookup(broker) },
      }) as RawBroker;
      broker.metadata = broker.metadata.bind(accepting);
      return broker;
    };
    return cluster;
  };
  (kafka as unknown as Record<symbol, ClusterFactory>)[symbol] = made;
  const createAdmin = kafka.admin.bind(kafka);
  kafka.admin = (config) => {
    const admin = createAdmin(config);
    if (newest !== null) clustersOfAdmins.set(admin, newest);
    return admin;
  };
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
    readonly decode: (data: Buffer) => Promise<RawMetadata>;
    readonly parse: (data: RawMetadata) => Promise<RawMetadata>;
  };
}

type Lookup = (apiKey: number, definition: object) => (options: object) => Protocol;

interface RawBroker extends InnerBroker {
  metadata(topics?: readonly string[]): Promise<RawMetadata>;
  /** Replaced by kafkajs when it has learnt which versions the broker speaks. */
  lookupRequest: Lookup;
}

type ClusterFactory = (options: object) => InnerCluster & {
  readonly brokerPool: { createBroker: (options: object) => RawBroker };
};

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

/** How kafkajs finds the metadata request, but for its opinion of LEADER_NOT_AVAILABLE. */
function acceptingLookup(broker: RawBroker): Lookup {
  return (apiKey, definition) => {
    const protocol = broker.lookupRequest(apiKey, definition);
    return (options) => {
      const { request, response } = protocol(options);
      const parse = (data: RawMetadata) => response.parse(withoutLeaderErrors(data));
      return { request, response: { decode: response.decode, parse } };
    };
  };
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
