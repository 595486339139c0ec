/** Reading the log without a group, through kafkajs's own cluster object (inner-cluster.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import { CliError } from '../../errors.js';
import type { LogReader, LogRecord, PartitionBounds, Position } from '../../ports/log.js';
import type { KafkaCluster } from '../client/cluster.js';
import { partitionOffline, protocolErrorType, topicNotFound } from '../client/errors.js';
import { throughFailover } from '../client/failover.js';
import { firstTimestamps } from './first-timestamps.js';
import {
  innerCluster,
  READ_COMMITTED,
  withHighWatermarks,
  type FetchedPartition,
  type InnerCluster,
} from '../client/kafkajs-internals.js';
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
    const { bounds, offline } = await this.#boundsOf([topic], (inner) => inner);
    const [first] = offline;
    if (first !== undefined) throw partitionOffline(first.topic, first.partition);
    return bounds.get(topic) ?? [];
  }

  /**
   * How far the logs of several topics go, open transactions included, and which partitions have no
   * leader to ask: one request a leader for the starts and one for the ends, however many partitions
   * there are. Throws CliError TOPIC_NOT_FOUND.
   */
  async logBounds(topics: readonly string[]): Promise<LogBounds> {
    return this.#boundsOf(topics, withHighWatermarks);
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
      const { records } = await this.#fetch(topic, partition, offset, FIRST_FETCH_BYTES);
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
    chunkBytes = FETCH_BYTES,
  ): AsyncGenerator<LogRecord[]> {
    for (let next = from; next < to;) {
      const maxBytes = next === from ? Math.min(FIRST_FETCH_BYTES, chunkBytes) : chunkBytes;
      const fetched = await this.#fetch(topic, partition, next, maxBytes);
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

  async #boundsOf(
    topics: readonly string[],
    seenBy: (inner: InnerCluster) => InnerCluster,
  ): Promise<LogBounds> {
    return this.#attempt(`reading the offsets of ${topics.join(', ')}`, async (inner) => {
      const { led, offline } = await partitionsOf(inner, topics);
      return { bounds: await boundsOf(seenBy(inner), led), offline };
    });
  }

  /** One fetch: committed records, and the offset to go on at (control records included). */
  async #fetch(topic: string, partition: number, offset: bigint, maxBytes: number) {
    return this.#attempt(`reading ${topic} partition ${String(partition)}`, async (inner) => {
      await target(inner, [topic]);
      const broker = await inner.findBroker({ nodeId: leaderOf(inner, topic, partition) });
      const { responses } = await broker.fetch({
        maxWaitTime: FETCH_WAIT_MS,
        minBytes: 1,
        maxBytes,
        isolationLevel: READ_COMMITTED,
        topics: [
          {
            topic,
            partitions: [{ partition, fetchOffset: offset.toString(), maxBytes }],
          },
        ],
      });
      const fetched = responses[0]?.partitions[0];
      if (fetched === undefined) return { records: [], nextOffset: offset };
      return toRecords(topic, fetched, offset);
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

/** What a fetch from this offset gave, and where the next one begins. */
export function toRecords(topic: string, fetched: FetchedPartition, from: bigint) {
  const { partition, messages, abortedTransactions } = fetched;
  const committed = filterAbortedMessages({
    messages: messages.filter(({ offset }) => BigInt(offset) >= from),
    abortedTransactions: abortedTransactions ?? [],
  });
  const records = committed
    .filter(({ isControlRecord }) => isControlRecord !== true)
    .map((message) => toLogRecord(topic, partition, message));
  return { records, nextOffset: nextOffset(fetched, from) };
}

/**
 * Compaction may have taken the last records of a batch, which covers their offsets all the same, or
 * all of them. A fetch ends with its segment, so it may bring nothing but an empty batch though there
 * is more; where that one ends kafkajs does not tell.
 */
function nextOffset({ messages, lastStableOffset }: FetchedPartition, from: bigint): bigint {
  const last = messages.at(-1);
  if (last === undefined) return from < BigInt(lastStableOffset) ? from + 1n : from;
  const { offset, batchContext } = last;
  if (batchContext === undefined) return BigInt(offset) + 1n;
  return BigInt(batchContext.firstOffset) + BigInt(batchContext.lastOffsetDelta) + 1n;
}
