/** Reading the log without a group, through kafkajs's own cluster object (inner-cluster.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import { CliError } from '../../errors.js';
import type { LogReader, LogRecord, PartitionBounds, Position } from '../../ports/log.js';
import type { KafkaCluster } from '../client/cluster.js';
import { partitionOffline, protocolErrorType, topicNotFound } from '../client/errors.js';
import { throughFailover } from '../client/failover.js';
import { ask } from '../client/raw-request.js';
import { firstTimestamps } from './first-timestamps.js';
import {
  innerCluster,
  READ_COMMITTED,
  READ_UNCOMMITTED,
  type FetchedPartition,
  type InnerCluster,
} from '../client/kafkajs-internals.js';
import { batchesEndAt } from './batch-end.js';
import { boundsOf } from './log-bounds.js';
import { toLogRecord } from './record.js';

const FETCH_BYTES = 4 * 1024 * 1024;
/** Most looks need a few records only: the first fetch is small. */
const FIRST_FETCH_BYTES = 64 * 1024;
const FETCH_WAIT_MS = 500;
/** A partition without a leader may have one a moment later: a topic just made, an election. */
const ELECTION_MS = 300;

/** How far some topics' logs go, by topic, and the partitions that nobody leads. */
export interface LogBounds {
  readonly bounds: ReadonlyMap<string, readonly PartitionBounds[]>;
  readonly offline: readonly { readonly topic: string; readonly partition: number }[];
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
    const { bounds, offline } = await this.logBounds([topic]);
    const [first] = offline;
    if (first !== undefined) throw partitionOffline(first.topic, first.partition);
    return bounds.get(topic) ?? [];
  }

  /**
   * How far the logs of several topics go, and which partitions have no leader to ask: three requests
   * a leader, however many partitions there are. Throws CliError TOPIC_NOT_FOUND.
   */
  async logBounds(topics: readonly string[]): Promise<LogBounds> {
    return this.#attempt(`reading the offsets of ${topics.join(', ')}`, async (inner) => {
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
    return this.#attempt(`reading the oldest records of ${topics.join(', ')}`, async (inner) => {
      await target(inner, topics);
      return firstTimestamps(inner, positions);
    });
  }

  async recordAt({ topic, partition, offset }: Position): Promise<LogRecord | null> {
    try {
      const position = { topic, partition, offset };
      const { records } = await this.#fetch(position, FIRST_FETCH_BYTES, READ_COMMITTED);
      return records.find((record) => record.offset === offset) ?? null;
    } catch (error) {
      if (error instanceof CliError && error.code === 'OFFSET_OUT_OF_RANGE') return null;
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
    const connected = this.#connected;
    this.#inner = null;
    this.#connected = null;
    // What has not come up yet has nothing to close, and waiting for it would take long.
    await connected?.disconnect().catch(() => undefined);
  }

  /** One fetch: its records, and the offset to go on at (control records included). */
  async #fetch(position: Position, maxBytes: number, isolationLevel: number) {
    const { topic, partition, offset } = position;
    return this.#attempt(`reading ${topic} partition ${String(partition)}`, async (inner) => {
      await target(inner, [topic]);
      const broker = await inner.findBroker({ nodeId: leaderOf(inner, topic, partition) });
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
      const end = isEmptyBatch ? await ask(broker, batchesEndAt(position, isolationLevel)) : null;
      return toRecords(topic, fetched, offset, end);
    });
  }

  /** Does it again while leaders move. */
  async #attempt<T>(doing: string, work: (inner: InnerCluster) => Promise<T>): Promise<T> {
    const { timeoutMs } = this.#cluster.options;
    return this.#cluster.attempt(doing, async () => {
      this.#inner ??= (async () => {
        const inner = innerCluster(this.#cluster.client());
        await inner.connect();
        this.#connected = inner;
        return inner;
      })();
      try {
        const inner = await this.#inner;
        return await throughFailover({ timeoutMs, refresh: () => inner.refreshMetadata() }, () =>
          work(inner),
        );
      } catch (error) {
        // Whatever went wrong, the next attempt begins with fresh connections and metadata.
        void this.close();
        throw error;
      }
    });
  }
}

/** The second of a name that no topic can have: a letter's headers may say anything. */
const NO_SUCH_TOPIC = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

async function target(inner: InnerCluster, topics: readonly string[]): Promise<void> {
  await found(topics, inner.addMultipleTargetTopics(topics));
}

/** Throws CliError TOPIC_NOT_FOUND where that is what keeps the metadata of these topics from coming. */
async function found(topics: readonly string[], metadata: Promise<void>): Promise<void> {
  try {
    await metadata;
  } catch (error) {
    if (!NO_SUCH_TOPIC.includes(protocolErrorType(error) ?? '')) throw error;
    throw topicNotFound(topics.join(', '));
  }
}

/** The partitions of each topic as they are now: a topic may have grown since the last look. */
async function partitionsOf(
  inner: InnerCluster,
  topics: readonly string[],
): Promise<{
  readonly led: ReadonlyMap<string, readonly number[]>;
  readonly offline: LogBounds['offline'];
}> {
  const isFirstLook = topics.some((topic) => !inner.targetTopics.has(topic));
  await target(inner, topics);
  // One of them may be gone since.
  if (!isFirstLook) await found(topics, inner.refreshMetadata());
  if (topics.some((topic) => leaderless(inner, topic).length > 0)) {
    await sleep(ELECTION_MS);
    await inner.refreshMetadata();
  }
  const led = topics.map((topic) => {
    const offline = leaderless(inner, topic);
    const ids = inner
      .findTopicPartitionMetadata(topic)
      .map(({ partitionId }) => partitionId)
      .filter((id) => !offline.includes(id))
      .sort((a, b) => a - b);
    return [topic, ids] as const;
  });
  const offline = topics.flatMap((topic) =>
    leaderless(inner, topic).map((partition) => ({ topic, partition })),
  );
  return { led: new Map(led), offline };
}

function leaderless(inner: InnerCluster, topic: string): readonly number[] {
  return inner
    .findTopicPartitionMetadata(topic)
    .filter(({ leader }) => leader < 0)
    .map(({ partitionId }) => partitionId)
    .sort((a, b) => a - b);
}

/** Throws CliError PARTITION_OFFLINE, TOPIC_NOT_FOUND. */
function leaderOf(inner: InnerCluster, topic: string, partition: number): string {
  const found = inner
    .findTopicPartitionMetadata(topic)
    .find(({ partitionId }) => partitionId === partition);
  if (found === undefined) throw topicNotFound(`${topic} partition ${String(partition)}`);
  if (found.leader < 0) throw partitionOffline(topic, partition);
  return String(found.leader);
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
