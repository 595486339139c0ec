/** Reading the log without a group, through kafkajs's own cluster object (kafkajs-internals.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js';
import { CliError } from '../../errors.js';
import type { LogReader, LogRecord, PartitionBounds, Position } from '../../ports/log.js';
import type { KafkaCluster } from '../client/cluster.js';
import { partitionOffline, protocolErrorType, topicNotFound } from '../client/errors.js';
import { WHILE_MOVING } from '../client/call.js';
import { LazyConnections } from '../client/lazy-connections.js';
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
  readonly #connections: LazyConnections<InnerCluster>;

  constructor(cluster: KafkaCluster) {
    this.#cluster = cluster;
    this.#connections = new LazyConnections(() => innerCluster(cluster.client()));
  }

  async clusterId(): Promise<string> {
    return this.#query('asking for the cluster id', async (inner) => {
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
    return this.#query(`reading the oldest records of ${topics.join(', ')}`, async (inner) => {
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
    await this.#connections.close();
  }

  async #boundsOf(
    topics: readonly string[],
    seenBy: (inner: InnerCluster) => InnerCluster,
  ): Promise<LogBounds> {
    return this.#query(`reading the offsets of ${topics.join(', ')}`, async (inner) => {
      const { led, offline } = await partitionsOf(inner, topics);
      return { bounds: await boundsOf(seenBy(inner), led), offline };
    });
  }

  /** One fetch: committed records, and the offset to go on at (control records included). */
  async #fetch(topic: string, partition: number, offset: bigint, maxBytes: number) {
    return this.#query(`reading ${topic} partition ${String(partition)}`, async (inner) => {
      await target(inner, [topic]);
      const nodeId = await leaderOf(inner, topic, partition);
      const broker = await inner.findBroker({ nodeId });
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

  /** Retried while leaders move. */
  async #query<T>(doing: string, work: (inner: InnerCluster) => Promise<T>): Promise<T> {
    return this.#cluster.call(
      { doing, retry: WHILE_MOVING },
      (signal) => this.#connections.use(signal, work),
      this.#connections,
    );
  }
}

/** The second of a name that no topic can have: the headers of a dead letter may say anything. */
const NO_SUCH_TOPIC = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

async function target(inner: InnerCluster, topics: readonly string[]): Promise<void> {
  await found(inner, topics, () => inner.addMultipleTargetTopics(topics));
}

async function refreshed(inner: InnerCluster, topics: readonly string[]): Promise<void> {
  await found(inner, topics, () => inner.refreshMetadata());
}

/**
 * kafkajs asks for the metadata of all topics that its calls have read, and fails where one is gone: that
 * one is forgotten. Throws CliError TOPIC_NOT_FOUND where it is one of these.
 */
async function found(
  inner: InnerCluster,
  topics: readonly string[],
  metadata: () => Promise<void>,
): Promise<void> {
  try {
    await metadata();
  } catch (error) {
    if (!isNoSuchTopic(error)) throw error;
    const gone = await goneTopics(inner, new Set([...topics, ...inner.targetTopics]));
    for (const topic of gone) inner.targetTopics.delete(topic);
    const missing = topics.filter((topic) => gone.includes(topic));
    if (missing.length > 0) throw topicNotFound(missing.join(', '));
    await metadata();
  }
}

async function goneTopics(
  inner: InnerCluster,
  topics: ReadonlySet<string>,
): Promise<readonly string[]> {
  const broker = await inner.brokerPool.findConnectedBroker();
  const gone: string[] = [];
  for (const topic of topics) {
    await broker.metadata([topic]).catch((error: unknown) => {
      if (!isNoSuchTopic(error)) throw error;
      gone.push(topic);
    });
  }
  return gone;
}

function isNoSuchTopic(error: unknown): boolean {
  return NO_SUCH_TOPIC.includes(protocolErrorType(error) ?? '');
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
  if (!isFirstLook) await refreshed(inner, topics);
  if (topics.some((topic) => leaderless(inner, topic).length > 0)) {
    await sleep(ELECTION_MS);
    await refreshed(inner, topics);
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

/**
 * The broker that leads a partition. What is known may be old: where it has no leader, the cluster is
 * asked again. Throws CliError PARTITION_OFFLINE, TOPIC_NOT_FOUND.
 */
async function leaderOf(inner: InnerCluster, topic: string, partition: number): Promise<string> {
  const known = () =>
    inner.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)
      ?.leader;
  if ((known() ?? NO_LEADER) < 0) await refreshed(inner, [topic]);
  const leader = known();
  if (leader === undefined) throw topicNotFound(`${topic} partition ${String(partition)}`);
  if (leader < 0) throw partitionOffline(topic, partition);
  return String(leader);
}

const NO_LEADER = -1;

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
