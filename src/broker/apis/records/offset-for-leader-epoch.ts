/** OffsetForLeaderEpoch (23): there is one epoch, and it ends where the log ends. */
import { api } from '../../api.js';
import { findPartition } from '../../find-partition.js';
import { LEADER_EPOCH } from '../../storage/log.js';
import { byTopic, mapPartitions, namedPartitions } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, isRefusal } from '../../wire/error-code.js';

export const offsetForLeaderEpoch = api({
  request: t.struct({
    replicaId: t.fixed(t.int32, -1, 3),
    topics: byTopic(
      t.struct({
        partition: t.int32,
        currentLeaderEpoch: t.fixed(t.int32, -1),
        leaderEpoch: t.int32,
      }),
    ),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(2),
    topics: byTopic(
      t.struct({
        errorCode: t.int16,
        partition: t.int32,
        leaderEpoch: t.int32,
        endOffset: t.int64,
      }),
    ),
  }),
  targets: ({ topics }) => namedPartitions(topics),
  handle({ topics }, context) {
    const answer = (topic: string, partition: number, leaderEpoch: number) => {
      const found = findPartition(context, topic, partition);
      if (isRefusal(found)) return { ...NOTHING, partition, errorCode: found.errorCode };
      if (leaderEpoch !== LEADER_EPOCH) return { ...NOTHING, partition };
      return { ...NOTHING, partition, leaderEpoch, endOffset: found.endOffset };
    };
    return {
      topics: mapPartitions(topics, (topic, each) =>
        answer(topic, each.partition, each.leaderEpoch),
      ),
    };
  },
  refuse: ({ topics }, { errorCode }) => ({
    topics: mapPartitions(topics, (_, { partition }) => ({ ...NOTHING, partition, errorCode })),
  }),
});

const NOTHING = { errorCode: ErrorCode.NONE, leaderEpoch: -1, endOffset: -1n };
