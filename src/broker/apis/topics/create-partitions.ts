/** CreatePartitions (37): `count` is the new total. Assignments are not looked at: one broker. */
import { api } from '../../api.js';
import { MAX_PARTITIONS } from '../../limits.js';
import * as t from '../../wire/codec.js';
import { diskRefused, ErrorCode, unknownTopic } from '../../wire/error-code.js';

interface Result {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export const createPartitions = api({
  request: t.struct({
    topics: t.array(
      t.struct({
        name: t.string,
        count: t.int32,
        assignments: t.fixed(t.nullableArray(t.struct({ brokers: t.array(t.int32) })), null),
      }),
    ),
    timeoutMs: t.fixed(t.int32, 0),
    validateOnly: t.bool,
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(),
    results: t.array(
      t.struct({ name: t.string, errorCode: t.int16, errorMessage: t.nullableString }),
    ),
  }),
  handle({ topics, validateOnly }, { storage }) {
    const { catalog } = storage;
    const grow = (name: string, count: number): Result => {
      const topic = catalog.topic(name);
      if (topic === undefined) {
        return unknownTopic(name);
      }
      const now = topic.partitions.length;
      const errorMessage = refusal(now, count, catalog.partitionCount() + count - now);
      if (errorMessage !== null) return { errorCode: ErrorCode.INVALID_PARTITIONS, errorMessage };
      if (!validateOnly) catalog.addPartitions(topic, count);
      return { errorCode: ErrorCode.NONE, errorMessage: null };
    };
    return storage.commits.submit(
      () => ({ results: topics.map(({ name, count }) => ({ name, ...grow(name, count) })) }),
      () => ({ results: topics.map(({ name }) => ({ name, ...diskRefused })) }),
    );
  },
  refuse: ({ topics }, why) => ({ results: topics.map(({ name }) => ({ name, ...why })) }),
});

function refusal(now: number, count: number, total: number): string | null {
  if (count === now) return `Topic already has ${String(now)} partition(s).`;
  if (count < now) {
    return `The topic currently has ${String(now)} partition(s); ${String(count)} would not be an increase.`;
  }
  if (total <= MAX_PARTITIONS) return null;
  return `The embedded broker holds at most ${String(MAX_PARTITIONS)} partitions.`;
}
