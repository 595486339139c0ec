/**
 * Fetch (1): the long poll. Whole batches are given, never part of one. There are no fetch sessions
 * (each request names all its partitions, as it may in Kafka), no followers and no transactions,
 * so that all isolation levels are alike.
 */
import { api, type RequestContext } from '../api.js';
import { MAX_FETCH_BYTES, MAX_FETCH_WAIT_MS } from '../limits.js';
import type { Partition } from '../storage/catalog.js';
import {
  array,
  batches,
  fixed,
  int16,
  int32,
  int64,
  int8,
  nullableArray,
  since,
  string,
  struct,
  throttleTimeMs,
  type Infer,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

const request = struct({
  replicaId: fixed(int32, -1),
  maxWaitMs: int32,
  minBytes: int32,
  maxBytes: int32,
  isolationLevel: fixed(int8, 0),
  sessionId: since(7, int32, 0),
  sessionEpoch: fixed(int32, -1, 7),
  topics: array(
    struct({
      topic: string,
      partitions: array(
        struct({
          partition: int32,
          currentLeaderEpoch: fixed(int32, -1, 9),
          fetchOffset: int64,
          logStartOffset: fixed(int64, -1n, 5),
          maxBytes: int32,
        }),
      ),
    }),
  ),
  forgottenTopics: since(7, array(struct({ topic: string, partitions: array(int32) })), []),
  rackId: fixed(string, '', 11),
});

const partitionResponse = struct({
  partition: int32,
  errorCode: int16,
  highWatermark: int64,
  lastStableOffset: int64,
  logStartOffset: since(5, int64, -1n),
  abortedTransactions: fixed(nullableArray(int64), []),
  preferredReadReplica: fixed(int32, -1, 11),
  records: batches,
});

type Request = Infer<typeof request>;
type PartitionResponse = Infer<typeof partitionResponse>;

export const fetch = api({
  request,
  response: struct({
    throttleTimeMs: throttleTimeMs(1),
    errorCode: since(7, int16, ErrorCode.NONE),
    sessionId: fixed(int32, 0, 7),
    topics: array(struct({ topic: string, partitions: array(partitionResponse) })),
  }),
  async handle(fetched, { storage }) {
    if (fetched.sessionId !== 0) {
      return { errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topics: [] };
    }
    let result = read(fetched, storage);
    const missingBytes = fetched.minBytes - result.sizeBytes;
    if (missingBytes > 0 && fetched.maxWaitMs > 0 && !result.failed) {
      const waitMs = Math.min(fetched.maxWaitMs, MAX_FETCH_WAIT_MS);
      await storage.appendWatch.wait(watched(fetched, storage), missingBytes, waitMs);
      result = read(fetched, storage);
    }
    return { errorCode: ErrorCode.NONE, topics: result.topics };
  },
});

type Storage = RequestContext['storage'];

function watched({ topics }: Request, { catalog }: Storage): bigint[] {
  return topics.flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partition }) => catalog.partition(topic, partition)?.id ?? []),
  );
}

function read(fetched: Request, { catalog, log }: Storage) {
  let failed = false;
  let sizeBytes = 0;
  const limitBytes = Math.min(fetched.maxBytes, MAX_FETCH_BYTES);
  const topics = fetched.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, fetchOffset, maxBytes }) => {
      const found = catalog.partition(topic, partition);
      const errorCode = errorOf(found, fetchOffset);
      if (found === undefined || errorCode !== ErrorCode.NONE) {
        failed = true;
        return answer(partition, errorCode, found, []);
      }
      const roomBytes = Math.min(maxBytes, limitBytes - sizeBytes);
      const records = log.read(found, fetchOffset, roomBytes, sizeBytes === 0);
      sizeBytes += records.reduce((sum, batch) => sum + batch.length, 0);
      return answer(partition, errorCode, found, records);
    }),
  }));
  return { topics, sizeBytes, failed };
}

function errorOf(partition: Partition | undefined, fetchOffset: bigint): number {
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const inLog = fetchOffset >= partition.startOffset && fetchOffset <= partition.endOffset;
  return inLog ? ErrorCode.NONE : ErrorCode.OFFSET_OUT_OF_RANGE;
}

function answer(
  partition: number,
  errorCode: number,
  found: Partition | undefined,
  records: readonly Buffer[],
): PartitionResponse {
  const highWatermark = found?.endOffset ?? -1n;
  const logStartOffset = found?.startOffset ?? -1n;
  return {
    partition,
    errorCode,
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset,
    records,
  };
}
