/** OffsetFetch (9): -1 where nothing was committed; no topics (null) means all that were. */
import { api } from '../../api.js';
import { partitionFault } from '../../find-partition.js';
import { byTopic, mapPartitions } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

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
        errorCode: t.int16,
      }),
    ),
    errorCode: t.since(2, t.int16, ErrorCode.NONE),
  }),
  targets: ({ topics }) =>
    (topics ?? []).flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    ),
  handle({ groupId, topics }, context) {
    const committed = context.storage.groupOffsets.committed(groupId).map((each) => ({
      ...each,
      errorCode: ErrorCode.NONE,
    }));
    if (topics !== null) {
      const byPosition = new Map(
        committed.map((each) => [`${each.topic}/${String(each.partition)}`, each]),
      );
      const find = (topic: string, partition: number) =>
        byPosition.get(`${topic}/${String(partition)}`);
      return {
        errorCode: ErrorCode.NONE,
        topics: mapPartitions(topics, (topic, partition) => {
          const fault = partitionFault(context, topic, partition);
          if (fault !== null) return nothingCommitted(partition, fault.errorCode);
          return find(topic, partition) ?? nothingCommitted(partition);
        }),
      };
    }
    const names = [...new Set(committed.map(({ topic }) => topic))];
    const partitions = (name: string) => committed.filter(({ topic }) => topic === name);
    return {
      errorCode: ErrorCode.NONE,
      topics: names.map((topic) => ({ topic, partitions: partitions(topic) })),
    };
  },
  refuse: ({ topics }, { errorCode }) => ({
    errorCode,
    topics: mapPartitions(topics ?? [], (_, partition) => nothingCommitted(partition, errorCode)),
  }),
});

function nothingCommitted(partition: number, errorCode: number = ErrorCode.NONE) {
  return { partition, offset: -1n, leaderEpoch: -1, metadata: '', errorCode };
}
