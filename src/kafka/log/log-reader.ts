/** Reading the log without a group, through kafkajs's own cluster object (../client/inside/). */
import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import { errorOf, hasCode } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import type {
  ClusterLogReader,
  LogBounds,
  LogRecord,
  PartitionBounds,
  Position,
} from '../../ports/log.js';
import { partitionOffline } from '../../ports/topic-errors.js';
import type { KafkaCluster } from '../client/cluster.js';
import { WHILE_MOVING } from '../client/call.js';
import { LazyConnections } from '../client/lazy-connections.js';
import { sendRaw } from '../client/raw-request.js';
import { firstTimestamps } from './first-timestamps.js';
import { READ_COMMITTED, READ_UNCOMMITTED } from '../client/inside/isolation.js';
import type { FetchedPartition, InnerCluster } from '../client/inside/objects.js';
import { innerCluster } from '../client/inside/shared-connections.js';
import { batchesEndAt } from './batch-end.js';
import { askForClusterId } from './cluster-id.js';
import { boundsOf } from './log-bounds.js';
import { toLogRecord } from './record.js';
import { follow, knownLeaderOf, leaderOf, partitionsOf } from './topic-metadata.js';

const FETCH_BYTES = 4 * 1024 * 1024;
/** Most looks need a few records only: the first fetch is small. */
const FIRST_FETCH_BYTES = 64 * 1024;
const FETCH_WAIT_MS = 500;

export class KafkaLogReader implements ClusterLogReader {
  readonly #cluster: KafkaCluster;
  readonly #connections: LazyConnections<InnerCluster>;

  constructor(cluster: KafkaCluster) {
    this.#cluster = cluster;
    this.#connections = new LazyConnections(() => innerCluster(cluster.client()));
  }

  async clusterId(): Promise<string> {
    return this.#query('asking for the cluster id', async (inner) => {
      const broker = await inner.brokerPool.findConnectedBroker();
      return (await sendRaw(broker, askForClusterId())) ?? 'unknown';
    });
  }

  async bounds(topic: string): Promise<readonly PartitionBounds[]> {
    const { bounds, offline } = await this.logBounds([topic]);
    const [first] = offline;
    if (first !== undefined) throw partitionOffline(first.topic, first.partition);
    return bounds.get(topic) ?? [];
  }

  async ledBounds(
    topic: string,
    partitions: readonly number[],
  ): Promise<readonly PartitionBounds[]> {
    return this.#query(`reading the offsets of ${topic}`, async (inner) => {
      const { led } = await partitionsOf(inner, [topic]);
      const wanted = (led.get(topic) ?? []).filter((id) => partitions.includes(id));
      const byLeader = groupBy(wanted, (id) => knownLeaderOf(inner, topic, id));
      const found = await Promise.allSettled(
        [...byLeader.values()].map((ids) => boundsOf(inner, new Map([[topic, ids]]))),
      );
      const known = found.filter((each) => each.status === 'fulfilled');
      const failed = found.find((each) => each.status === 'rejected');
      if (known.length === 0 && failed !== undefined) throw errorOf(failed.reason);
      return known.flatMap(({ value }) => value.get(topic) ?? []);
    });
  }

  /**
   * How far the logs of several topics go, and which partitions have no leader to ask: three requests
   * a leader, however many partitions there are. Throws CliError TOPIC_NOT_FOUND.
   */
  async logBounds(topics: readonly string[]): Promise<LogBounds> {
    return this.#query(`reading the offsets of ${topics.join(', ')}`, async (inner) => {
      const { led, offline } = await partitionsOf(inner, topics);
      return { bounds: await boundsOf(inner, led), offline };
    });
  }

  /**
   * When the first record at or after each position was written, in the order given: null where the
   * log has none, or where it lies in a batch too large to be worth reading for this. The partitions
   * of one leader share their requests.
   */
  async firstTimestamps(positions: readonly Position[]): Promise<readonly (number | null)[]> {
    if (positions.length === 0) return [];
    const topics = [...new Set(positions.map(({ topic }) => topic))];
    return this.#query(`reading the oldest records of ${topics.join(', ')}`, async (inner) => {
      await follow(inner, topics);
      return firstTimestamps(inner, positions);
    });
  }

  async recordAt({ topic, partition, offset }: Position): Promise<LogRecord | null> {
    try {
      const position = { topic, partition, offset };
      const { records } = await this.#fetch(position, FIRST_FETCH_BYTES, READ_COMMITTED);
      return records.find((record) => record.offset === offset) ?? null;
    } catch (error) {
      if (hasCode(error, 'OFFSET_OUT_OF_RANGE')) return null;
      throw error;
    }
  }

  read(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
    chunkBytes = FETCH_BYTES,
  ): AsyncGenerator<LogRecord[]> {
    return this.#read({ topic, partition, offset: from }, to, chunkBytes, READ_COMMITTED);
  }

  readUncommitted(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
  ): AsyncGenerator<LogRecord[]> {
    return this.#read({ topic, partition, offset: from }, to, FETCH_BYTES, READ_UNCOMMITTED);
  }

  async *#read(
    { topic, partition, offset: from }: Position,
    to: bigint,
    chunkBytes: number,
    isolationLevel: number,
  ): AsyncGenerator<LogRecord[]> {
    for (let next = from; next < to;) {
      const maxBytes = next === from ? Math.min(FIRST_FETCH_BYTES, chunkBytes) : chunkBytes;
      const position = { topic, partition, offset: next };
      const fetched = await this.#fetch(position, maxBytes, isolationLevel);
      const records = fetched.records.filter(({ offset }) => offset >= next && offset < to);
      if (records.length > 0) yield records;
      if (fetched.nextOffset <= next) return;
      next = fetched.nextOffset;
    }
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  /** One fetch: its records, and the offset to go on at (control records included). */
  async #fetch(position: Position, maxBytes: number, isolationLevel: number) {
    const { topic, partition, offset } = position;
    return this.#query(`reading ${topic} partition ${String(partition)}`, async (inner) => {
      await follow(inner, [topic]);
      const nodeId = await leaderOf(inner, topic, partition);
      const broker = await inner.findBroker({ nodeId });
      const { responses } = await broker.fetch({
        maxWaitTime: FETCH_WAIT_MS,
        minBytes: 1,
        maxBytes,
        isolationLevel,
        topics: [
          {
            topic,
            partitions: [{ partition, fetchOffset: offset.toString(), maxBytes }],
          },
        ],
      });
      const fetched = responses[0]?.partitions[0];
      if (fetched === undefined) return { records: [], nextOffset: offset };
      const isReadable = offset < readableEnd(fetched, isolationLevel);
      // A batch without records: where it ends, kafkajs does not say.
      const isEmptyBatch = fetched.messages.length === 0 && isReadable;
      const end = isEmptyBatch
        ? await sendRaw(broker, batchesEndAt(position, isolationLevel))
        : null;
      return toRecords(topic, fetched, offset, end);
    });
  }

  /** Retried while leaders move. */
  async #query<T>(doing: string, work: (inner: InnerCluster) => Promise<T>): Promise<T> {
    return this.#cluster.call(
      { doing, retry: WHILE_MOVING },
      (signal) => this.#connections.use(signal, work),
      this.#connections,
    );
  }
}

function readableEnd(fetched: FetchedPartition, isolationLevel: number): bigint {
  const { highWatermark, lastStableOffset } = fetched;
  return BigInt(isolationLevel === READ_COMMITTED ? lastStableOffset : highWatermark);
}

/**
 * What a fetch from this offset gave, and where the next one begins. `emptyBatchEnd` is where the
 * batch without records ends that is all it brought, if it did.
 */
export function toRecords(
  topic: string,
  fetched: FetchedPartition,
  from: bigint,
  emptyBatchEnd: bigint | null = null,
) {
  const { partition, messages, abortedTransactions } = fetched;
  const committed = filterAbortedMessages({
    messages: messages.filter(({ offset }) => BigInt(offset) >= from),
    abortedTransactions: abortedTransactions ?? [],
  });
  const records = committed
    .filter(({ isControlRecord }) => isControlRecord !== true)
    .map((message) => toLogRecord(topic, partition, message));
  return { records, nextOffset: nextOffset(fetched, emptyBatchEnd ?? from) };
}

/** Compaction may have deleted the last records of a batch, which covers their offsets all the same. */
function nextOffset({ messages }: FetchedPartition, withoutMessages: bigint): bigint {
  const last = messages.at(-1);
  if (last === undefined) return withoutMessages;
  const { offset, batchContext } = last;
  if (batchContext === undefined) return BigInt(offset) + 1n;
  return BigInt(batchContext.firstOffset) + BigInt(batchContext.lastOffsetDelta) + 1n;
}
