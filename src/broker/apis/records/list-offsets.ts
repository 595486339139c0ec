/**
 * ListOffsets (2): earliest (-2), latest (-1), or the first record at or after a time. A time is
 * looked for batch by batch, without an index; where the batch found is compressed with anything
 * but gzip, the answer is the start of that batch. Records whose timestamp cannot be a time are
 * found by their append time (storage/record-time.ts).
 */
import { api } from '../../api.js';
import { findPartition } from '../../find-partition.js';
import { LEADER_EPOCH } from '../../storage/log.js';
import type { Partition } from '../../storage/catalog.js';
import { byTopic, mapPartitions, namedPartitions } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, isRefusal, type Refusal } from '../../wire/error-code.js';
import type { Log } from '../../storage/log.js';

const EARLIEST = -2n;
const LATEST = -1n;

export const listOffsets = api({
  request: t.struct({
    replicaId: t.fixed(t.int32, -1),
    isolationLevel: t.fixed(t.int8, 0, 2),
    topics: byTopic(
      t.struct({
        partition: t.int32,
        currentLeaderEpoch: t.fixed(t.int32, -1, 4),
        timestamp: t.int64,
      }),
    ),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(2),
    topics: byTopic(
      t.struct({
        partition: t.int32,
        errorCode: t.int16,
        timestamp: t.int64,
        offset: t.int64,
        leaderEpoch: t.fixed(t.int32, LEADER_EPOCH, 4),
      }),
    ),
  }),
  targets: ({ topics }) => namedPartitions(topics),
  handle({ topics }, context) {
    return {
      topics: mapPartitions(topics, (topic, { partition, timestamp }) => ({
        partition,
        ...lookUp(context.storage.log, findPartition(context, topic, partition), timestamp),
      })),
    };
  },
  refuse: ({ topics }, { errorCode }) => ({
    topics: mapPartitions(topics, (_, { partition }) => ({ partition, ...NOTHING, errorCode })),
  }),
});

const NOTHING = { errorCode: ErrorCode.NONE, timestamp: -1n, offset: -1n };

function lookUp(log: Log, partition: Partition | Refusal, timestamp: bigint) {
  if (isRefusal(partition)) return { ...NOTHING, errorCode: partition.errorCode };
  if (timestamp === EARLIEST) return { ...NOTHING, offset: partition.startOffset };
  if (timestamp === LATEST) return { ...NOTHING, offset: partition.endOffset };
  if (timestamp < 0n) return { ...NOTHING, errorCode: ErrorCode.UNSUPPORTED_VERSION };
  return { ...NOTHING, ...log.findByTime(partition, timestamp) };
}
