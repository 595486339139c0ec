/**
 * DescribeLogDirs (35): how many bytes the records of each partition take. There is one log
 * directory. Partitions that do not exist are left out of the answer, as in Kafka.
 */
import { api, type RequestContext } from '../../api.js';
import { byTopic } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

const wantedTopic = t.struct({ topic: t.string, partitions: t.array(t.int32) });

type WantedTopic = t.Infer<typeof wantedTopic>;

export const describeLogDirs = api({
  request: t.struct({ topics: t.nullableArray(wantedTopic) }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(),
    logDirs: t.array(
      t.struct({
        errorCode: t.int16,
        path: t.string,
        topics: byTopic(
          t.struct({
            partition: t.int32,
            sizeBytes: t.int64,
            offsetLag: t.fixed(t.int64, 0n),
            isFuture: t.fixed(t.bool, false),
          }),
        ),
      }),
    ),
  }),
  handle({ topics }, { storage, dataDir: path }) {
    try {
      const found = { errorCode: ErrorCode.NONE, path, topics: sizes(topics, storage) };
      return { logDirs: [found] };
    } catch {
      return { logDirs: [{ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, path, topics: [] }] };
    }
  },
  refuse: (_, { errorCode }, { dataDir: path }) => ({ logDirs: [{ errorCode, path, topics: [] }] }),
});

type Storage = RequestContext['storage'];

/** Of the partitions wanted, each once however often it is named; null: of all. */
function sizes(wanted: readonly WantedTopic[] | null, { catalog, log }: Storage) {
  const isWanted = filterOf(wanted);
  return [...catalog.topics.values()]
    .map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions
        .filter(({ number }) => isWanted(name, number))
        .map((partition) => ({ partition: partition.number, sizeBytes: log.sizeOf(partition) })),
    }))
    .filter(({ partitions }) => partitions.length > 0);
}

function filterOf(
  wanted: readonly WantedTopic[] | null,
): (topic: string, partition: number) => boolean {
  if (wanted === null) return () => true;
  const partitionsOf = new Map<string, Set<number>>();
  for (const { topic, partitions } of wanted) {
    const known = partitionsOf.get(topic) ?? new Set();
    for (const partition of partitions) known.add(partition);
    partitionsOf.set(topic, known);
  }
  return (topic, partition) => partitionsOf.get(topic)?.has(partition) ?? false;
}
