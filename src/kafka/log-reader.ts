/**
 * Reading without a group. kafkajs 2.2.4 has no public call for it, and a temporary group would
 * cost the rebalance delay and be left behind. Its client does hold a function that makes the
 * cluster object its own consumer reads through, under a symbol; the version is pinned and final,
 * test/contract/broker/ fails when this breaks, and nothing outside this file knows of it.
 */
import type { Kafka } from 'kafkajs';
import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import { CliError } from '../errors.js';
import type { LogReader, LogRecord, PartitionBounds, Position } from '../pipeline/ports.js';
import type { KafkaCluster } from './cluster.js';
import { protocolErrorType, topicNotFound } from './errors.js';
import { toHeaders } from './record.js';

interface RawMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
  readonly isControlRecord?: boolean;
}

interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly abortedTransactions: readonly { producerId: string; firstOffset: string }[] | null;
  readonly messages: readonly RawMessage[];
}

interface InnerBroker {
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
    }[];
  }): Promise<{ responses: readonly { partitions: readonly FetchedPartition[] }[] }>;
}

interface InnerCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  metadata(options: { topics: string[] }): Promise<{ clusterId: string | null }>;
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(options: { nodeId: string }): Promise<InnerBroker>;
  fetchTopicsOffset(
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number }[];
      fromTimestamp: number;
    }[],
  ): Promise<readonly { partitions: readonly { partition: number; offset: string }[] }[]>;
}

const READ_COMMITTED = 1;
const EARLIEST = -2;
const LATEST = -1;
const FETCH_BYTES = 4 * 1024 * 1024;
const FETCH_WAIT_MS = 500;

/** Makes kafkajs's inner cluster object. Throws TypeError where kafkajs is not the pinned one. */
function innerCluster(kafka: Kafka): InnerCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (symbol === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  const holder = kafka as unknown as Record<symbol, (options: object) => InnerCluster>;
  const create = holder[symbol];
  if (create === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  return create({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED });
}

export class KafkaLogReader implements LogReader {
  readonly #cluster: KafkaCluster;
  #inner: Promise<InnerCluster> | null = null;
  #connected: InnerCluster | null = null;

  constructor(cluster: KafkaCluster) {
    this.#cluster = cluster;
  }

  async clusterId(): Promise<string> {
    return this.#attempt('asking for the cluster id', async (inner) => {
      const { clusterId } = await inner.metadata({ topics: [] });
      return clusterId ?? 'unknown';
    });
  }

  async bounds(topic: string): Promise<readonly PartitionBounds[]> {
    return this.#attempt(`reading the offsets of ${topic}`, async (inner) => {
      await target(inner, topic);
      const partitions = inner
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => ({ partition: partitionId }));
      const offsets = async (fromTimestamp: number) => {
        const [found] = await inner.fetchTopicsOffset([{ topic, partitions, fromTimestamp }]);
        return new Map(found?.partitions.map((p) => [p.partition, BigInt(p.offset)]));
      };
      const [starts, ends] = await Promise.all([offsets(EARLIEST), offsets(LATEST)]);
      return partitions
        .map(({ partition }) => ({
          partition,
          startOffset: starts.get(partition) ?? 0n,
          endOffset: ends.get(partition) ?? 0n,
        }))
        .sort((a, b) => a.partition - b.partition);
    });
  }

  async recordAt({ topic, partition, offset }: Position): Promise<LogRecord | null> {
    try {
      const { records } = await this.#fetch(topic, partition, offset);
      return records.find((record) => record.offset === offset) ?? null;
    } catch (error) {
      if (error instanceof CliError && error.code === 'OFFSET_OUT_OF_RANGE') return null;
      throw error;
    }
  }

  async *read(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
  ): AsyncGenerator<LogRecord[]> {
    for (let next = from; next < to;) {
      const fetched = await this.#fetch(topic, partition, next);
      const records = fetched.records.filter(({ offset }) => offset >= next && offset < to);
      if (records.length > 0) yield records;
      if (fetched.nextOffset <= next) return;
      next = fetched.nextOffset;
    }
  }

  async close(): Promise<void> {
    const connected = this.#connected;
    this.#inner = null;
    this.#connected = null;
    // What has not come up yet has nothing to close, and waiting for it would take long.
    await connected?.disconnect().catch(() => undefined);
  }

  /** One fetch: committed records, and the offset to go on at (control records included). */
  async #fetch(topic: string, partition: number, offset: bigint) {
    return this.#attempt(`reading ${topic} partition ${String(partition)}`, async (inner) => {
      await target(inner, topic);
      const leader = Object.keys(inner.findLeaderForPartitions(topic, [partition]))[0];
      if (leader === undefined) throw topicNotFound(`${topic} partition ${String(partition)}`);
      const broker = await inner.findBroker({ nodeId: leader });
      const { responses } = await broker.fetch({
        maxWaitTime: FETCH_WAIT_MS,
        minBytes: 1,
        maxBytes: FETCH_BYTES,
        isolationLevel: READ_COMMITTED,
        topics: [
          {
            topic,
            partitions: [{ partition, fetchOffset: offset.toString(), maxBytes: FETCH_BYTES }],
          },
        ],
      });
      const fetched = responses[0]?.partitions[0];
      if (fetched === undefined) return { records: [], nextOffset: offset };
      return toRecords(topic, fetched, offset);
    });
  }

  async #attempt<T>(doing: string, work: (inner: InnerCluster) => Promise<T>): Promise<T> {
    return this.#cluster.attempt(doing, async () => {
      this.#inner ??= (async () => {
        const inner = innerCluster(this.#cluster.client());
        await inner.connect();
        this.#connected = inner;
        return inner;
      })();
      try {
        return await work(await this.#inner);
      } catch (error) {
        // Whatever went wrong, the next attempt begins with fresh connections and metadata.
        void this.close();
        throw error;
      }
    });
  }
}

async function target(inner: InnerCluster, topic: string): Promise<void> {
  try {
    await inner.addTargetTopic(topic);
  } catch (error) {
    throw protocolErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION' ? topicNotFound(topic) : error;
  }
}

function toRecords(topic: string, fetched: FetchedPartition, from: bigint) {
  const { partition, messages, abortedTransactions } = fetched;
  const within = messages.filter(({ offset }) => BigInt(offset) >= from);
  const last = within.at(-1);
  const committed = filterAbortedMessages({
    messages: within,
    abortedTransactions: abortedTransactions ?? [],
  });
  const records = committed
    .filter(({ isControlRecord }) => isControlRecord !== true)
    .map((message): LogRecord => ({
      topic,
      partition,
      offset: BigInt(message.offset),
      timestampMs: Number(message.timestamp),
      key: message.key,
      value: message.value,
      headers: toHeaders(message.headers),
    }));
  return { records, nextOffset: last === undefined ? from : BigInt(last.offset) + 1n };
}
