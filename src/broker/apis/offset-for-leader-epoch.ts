/** OffsetForLeaderEpoch (23): there is one epoch, and it ends where the log ends. */
import { api } from '../api.js';
import { LEADER_EPOCH } from '../storage/log.js';
import { byTopic, mapPartitions } from '../wire/by-topic.js';
import * as t from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

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
  handle({ topics }, { storage }) {
    const answer = (topic: string, partition: number, leaderEpoch: number) => {
      const found = storage.catalog.partition(topic, partition);
      const nothing = { errorCode: ErrorCode.NONE, partition, leaderEpoch: -1, endOffset: -1n };
      if (found === undefined) {
        return { ...nothing, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
      }
      if (leaderEpoch !== LEADER_EPOCH) return nothing;
      return { ...nothing, leaderEpoch, endOffset: found.endOffset };
    };
    return {
      topics: mapPartitions(topics, (topic, each) =>
        answer(topic, each.partition, each.leaderEpoch),
      ),
    };
  },
});
