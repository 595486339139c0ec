/** OffsetFetch (9): -1 where nothing was committed; no topics (null) means all that were. */
import { api } from '../api.js';
import type { CommittedOffset } from '../storage/group-offsets.js';
import {
  array,
  fixed,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const offsetFetch = api({
  request: struct({
    groupId: string,
    topics: nullableArray(struct({ topic: string, partitions: array(int32) })),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(3),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partition: int32,
            offset: int64,
            leaderEpoch: since(5, int32, -1),
            metadata: nullableString,
            errorCode: fixed(int16, ErrorCode.NONE),
          }),
        ),
      }),
    ),
    errorCode: fixed(int16, ErrorCode.NONE, 2),
  }),
  handle({ groupId, topics }, { storage }) {
    const committed = storage.groupOffsets.committed(groupId);
    const byTopic = new Map<string, CommittedOffset[]>();
    for (const offset of committed) {
      byTopic.set(offset.topic, [...(byTopic.get(offset.topic) ?? []), offset]);
    }
    if (topics === null) {
      return { topics: [...byTopic].map(([topic, partitions]) => ({ topic, partitions })) };
    }
    return {
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(
          (partition) =>
            byTopic.get(topic)?.find((each) => each.partition === partition) ??
            nothingCommitted(partition),
        ),
      })),
    };
  },
});

function nothingCommitted(partition: number) {
  return { partition, offset: -1n, leaderEpoch: -1, metadata: '' };
}
