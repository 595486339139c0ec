/**
 * Fetch (1): the long poll. Whole batches are given, never part of one. There are no fetch sessions
 * (each request names all its partitions, as it may in Kafka), no followers and no transactions,
 * so that all isolation levels are alike.
 */
import { api, type RequestContext } from '../../api.js';
import { findPartition } from '../../find-partition.js';
import { MAX_FETCH_BYTES, MAX_FETCH_WAIT_MS } from '../../limits.js';
import { byTopic, mapPartitions, namedPartitions } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, isRefusal } from '../../wire/error-code.js';

const request = t.struct({
  replicaId: t.fixed(t.int32, -1),
  maxWaitMs: t.int32,
  minBytes: t.int32,
  maxBytes: t.int32,
  isolationLevel: t.fixed(t.int8, 0),
  sessionId: t.since(7, t.int32, 0),
  sessionEpoch: t.fixed(t.int32, -1, 7),
  topics: byTopic(
    t.struct({
      partition: t.int32,
      currentLeaderEpoch: t.fixed(t.int32, -1, 9),
      fetchOffset: t.int64,
      logStartOffset: t.fixed(t.int64, -1n, 5),
      maxBytes: t.int32,
    }),
  ),
  forgottenTopics: t.since(7, byTopic(t.int32), []),
  rackId: t.fixed(t.string, '', 11),
});

const partitionResponse = t.struct({
  partition: t.int32,
  errorCode: t.int16,
  highWatermark: t.int64,
  lastStableOffset: t.int64,
  logStartOffset: t.since(5, t.int64, -1n),
  abortedTransactions: t.fixed(t.nullableArray(t.int64), []),
  preferredReadReplica: t.fixed(t.int32, -1, 11),
  records: t.batches,
});

type Request = t.Infer<typeof request>;

export const fetch = api({
  request,
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(1),
    errorCode: t.since(7, t.int16, ErrorCode.NONE),
    sessionId: t.fixed(t.int32, 0, 7),
    topics: byTopic(partitionResponse),
  }),
  targets: ({ topics }) => namedPartitions(topics),
  async handle(fetched, context) {
    const { storage } = context;
    if (fetched.sessionId !== 0) {
      return { errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topics: [] };
    }
    let result = read(fetched, context);
    const missingBytes = fetched.minBytes - result.sizeBytes;
    if (missingBytes > 0 && fetched.maxWaitMs > 0 && !result.failed) {
      const waitMs = Math.min(fetched.maxWaitMs, MAX_FETCH_WAIT_MS);
      await storage.appendWatch.wait(watched(fetched, storage), missingBytes, waitMs);
      result = read(fetched, context);
    }
    return { errorCode: ErrorCode.NONE, topics: result.topics };
  },
  refuse: ({ topics }, { errorCode }) => ({
    errorCode: ErrorCode.NONE,
    topics: mapPartitions(topics, (_, { partition }) => ({ partition, errorCode, ...NOTHING })),
  }),
});

type Storage = RequestContext['storage'];

const NOTHING = {
  highWatermark: -1n,
  lastStableOffset: -1n,
  logStartOffset: -1n,
  records: [] as readonly Buffer[],
};

function watched({ topics }: Request, { catalog }: Storage): bigint[] {
  return topics.flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partition }) => catalog.partition(topic, partition)?.id ?? []),
  );
}

function read(fetched: Request, context: RequestContext) {
  const { log } = context.storage;
  let failed = false;
  let sizeBytes = 0;
  const limitBytes = Math.min(fetched.maxBytes, MAX_FETCH_BYTES);
  const topics = mapPartitions(fetched.topics, (topic, { partition, fetchOffset, maxBytes }) => {
    const found = findPartition(context, topic, partition);
    if (isRefusal(found)) {
      failed = true;
      return { partition, errorCode: found.errorCode, ...NOTHING };
    }
    const { startOffset: logStartOffset, endOffset: highWatermark } = found;
    const isInLog = fetchOffset >= logStartOffset && fetchOffset <= highWatermark;
    let errorCode: number = isInLog ? ErrorCode.NONE : ErrorCode.OFFSET_OUT_OF_RANGE;
    let records: readonly Buffer[] = [];
    if (isInLog) {
      const roomBytes = Math.min(maxBytes, limitBytes - sizeBytes);
      try {
        records = log.read(found, fetchOffset, roomBytes, sizeBytes === 0);
      } catch {
        errorCode = ErrorCode.KAFKA_STORAGE_ERROR;
      }
      sizeBytes += records.reduce((sum, batch) => sum + batch.length, 0);
    }
    failed ||= errorCode !== ErrorCode.NONE;
    const offsets = { highWatermark, lastStableOffset: highWatermark, logStartOffset };
    return { partition, errorCode, ...offsets, records };
  });
  return { topics, sizeBytes, failed };
}
