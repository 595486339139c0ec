/** DeleteTopics (20): with all records and committed offsets, at once. */
import { api } from '../api.js';
import { array, fixed, int16, int32, string, struct, throttleTimeMs } from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const deleteTopics = api({
  request: struct({ names: array(string), timeoutMs: fixed(int32, 0) }),
  response: struct({
    throttleTimeMs: throttleTimeMs(1),
    topics: array(struct({ name: string, errorCode: int16 })),
  }),
  handle({ names }, { storage }) {
    const remove = (name: string): number => {
      const topic = storage.catalog.topic(name);
      if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
      storage.catalog.delete(topic);
      return ErrorCode.NONE;
    };
    return storage.commits.submit(
      () => ({ topics: names.map((name) => ({ name, errorCode: remove(name) })) }),
      () => ({
        topics: names.map((name) => ({ name, errorCode: ErrorCode.KAFKA_STORAGE_ERROR })),
      }),
    );
  },
});
