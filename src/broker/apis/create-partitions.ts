/** CreatePartitions (37): `count` is the new total. Assignments are not looked at: one broker. */
import { api } from '../api.js';
import { MAX_PARTITIONS } from '../limits.js';
import {
  array,
  bool,
  fixed,
  int16,
  int32,
  nullableArray,
  nullableString,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

interface Result {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export const createPartitions = api({
  request: struct({
    topics: array(
      struct({
        name: string,
        count: int32,
        assignments: fixed(nullableArray(struct({ brokers: array(int32) })), null),
      }),
    ),
    timeoutMs: fixed(int32, 0),
    validateOnly: bool,
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(),
    results: array(struct({ name: string, errorCode: int16, errorMessage: nullableString })),
  }),
  handle({ topics, validateOnly }, { storage }) {
    const { catalog } = storage;
    const grow = (name: string, count: number): Result => {
      const topic = catalog.topic(name);
      if (topic === undefined) {
        const errorMessage = `The topic '${name}' does not exist.`;
        return { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage };
      }
      const now = topic.partitions.length;
      const errorMessage = refusal(now, count, catalog.partitionCount() + count - now);
      if (errorMessage !== null) return { errorCode: ErrorCode.INVALID_PARTITIONS, errorMessage };
      if (!validateOnly) catalog.addPartitions(topic, count);
      return { errorCode: ErrorCode.NONE, errorMessage: null };
    };
    const errorMessage = 'The disk refused the change.';
    const failed = { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, errorMessage };
    return storage.commits.submit(
      () => ({ results: topics.map(({ name, count }) => ({ name, ...grow(name, count) })) }),
      () => ({ results: topics.map(({ name }) => ({ name, ...failed })) }),
    );
  },
});

function refusal(now: number, count: number, total: number): string | null {
  if (count === now) return `Topic already has ${String(now)} partition(s).`;
  if (count < now) {
    return `The topic currently has ${String(now)} partition(s); ${String(count)} would not be an increase.`;
  }
  if (total <= MAX_PARTITIONS) return null;
  return `The embedded broker holds at most ${String(MAX_PARTITIONS)} partitions.`;
}
