/**
 * ListOffsets (2): earliest (-2), latest (-1), or the first record at or after a time. A time is
 * looked for batch by batch, without an index; where the batch found is compressed with anything
 * but gzip, the answer is the start of that batch.
 */
import { api } from '../api.js';
import { LEADER_EPOCH } from '../storage/log.js';
import type { Partition } from '../storage/catalog.js';
import { byTopic, mapPartitions } from '../wire/by-topic.js';
import * as t from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';
import type { Log } from '../storage/log.js';

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
  handle({ topics }, { storage }) {
    return {
      topics: mapPartitions(topics, (topic, { partition, timestamp }) => ({
        partition,
        ...lookUp(storage.log, storage.catalog.partition(topic, partition), timestamp),
      })),
    };
  },
});

function lookUp(log: Log, partition: Partition | undefined, timestamp: bigint) {
  const nothing = { errorCode: ErrorCode.NONE, timestamp: -1n, offset: -1n };
  if (partition === undefined) {
    return { ...nothing, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
  }
  if (timestamp === EARLIEST) return { ...nothing, offset: partition.startOffset };
  if (timestamp === LATEST) return { ...nothing, offset: partition.endOffset };
  if (timestamp < 0n) return { ...nothing, errorCode: ErrorCode.UNSUPPORTED_VERSION };
  return { ...nothing, ...log.findByTime(partition, timestamp) };
}
