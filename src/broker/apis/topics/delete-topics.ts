/** DeleteTopics (20): with all records and committed offsets, at once. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export const deleteTopics = api({
  request: t.struct({ names: t.array(t.string), timeoutMs: t.fixed(t.int32, 0) }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(1),
    topics: t.array(t.struct({ name: t.string, errorCode: t.int16 })),
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
  refuse: ({ names }, { errorCode }) => ({ topics: names.map((name) => ({ name, errorCode })) }),
});
