/** OffsetForLeaderEpoch (23): there is one epoch, and it ends where the log ends. */
import { api } from '../api.js';
import { LEADER_EPOCH } from '../storage/log.js';
import {
  array,
  fixed,
  int16,
  int32,
  int64,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const offsetForLeaderEpoch = api({
  request: struct({
    replicaId: fixed(int32, -1, 3),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({ partition: int32, currentLeaderEpoch: fixed(int32, -1), leaderEpoch: int32 }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(2),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({ errorCode: int16, partition: int32, leaderEpoch: int32, endOffset: int64 }),
        ),
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
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((each) => answer(topic, each.partition, each.leaderEpoch)),
      })),
    };
  },
});
