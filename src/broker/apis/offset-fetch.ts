/** OffsetFetch (9): -1 where nothing was committed; no topics (null) means all that were. */
import { api } from '../api.js';
import { byTopic, mapPartitions } from '../wire/by-topic.js';
import * as t from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const offsetFetch = api({
  request: t.struct({
    groupId: t.string,
    topics: t.nullableArray(t.struct({ topic: t.string, partitions: t.array(t.int32) })),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(3),
    topics: byTopic(
      t.struct({
        partition: t.int32,
        offset: t.int64,
        leaderEpoch: t.since(5, t.int32, -1),
        metadata: t.nullableString,
        errorCode: t.fixed(t.int16, ErrorCode.NONE),
      }),
    ),
    errorCode: t.fixed(t.int16, ErrorCode.NONE, 2),
  }),
  handle({ groupId, topics }, { storage }) {
    const committed = storage.groupOffsets.committed(groupId);
    if (topics !== null) {
      const find = (topic: string, partition: number) =>
        committed.find((each) => each.topic === topic && each.partition === partition);
      return {
        topics: mapPartitions(
          topics,
          (topic, partition) => find(topic, partition) ?? nothingCommitted(partition),
        ),
      };
    }
    const names = [...new Set(committed.map(({ topic }) => topic))];
    const partitions = (name: string) => committed.filter(({ topic }) => topic === name);
    return { topics: names.map((topic) => ({ topic, partitions: partitions(topic) })) };
  },
});

function nothingCommitted(partition: number) {
  return { partition, offset: -1n, leaderEpoch: -1, metadata: '' };
}
