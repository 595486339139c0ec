/** DeleteRecords (21): moves a partition's start up to an offset; -1 means to its end. */
import { api } from '../api.js';
import { effectiveConfig } from '../topic-config.js';
import { byTopic, mapPartitions } from '../wire/by-topic.js';
import * as t from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const deleteRecords = api({
  request: t.struct({
    topics: byTopic(t.struct({ partition: t.int32, offset: t.int64 })),
    timeoutMs: t.fixed(t.int32, 0),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(),
    topics: byTopic(t.struct({ partition: t.int32, lowWatermark: t.int64, errorCode: t.int16 })),
  }),
  handle({ topics }, { storage }) {
    const { catalog, log, commits } = storage;
    const remove = (topic: string, number: number, wanted: bigint) => {
      const partition = catalog.partition(topic, number);
      const config = catalog.topic(topic)?.overrides;
      if (partition === undefined || config === undefined)
        return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      if (!effectiveConfig(config, 'cleanup.policy').includes('delete'))
        return refused(ErrorCode.POLICY_VIOLATION);
      const offset = wanted === -1n ? partition.endOffset : wanted;
      if (offset < 0n || offset > partition.endOffset)
        return refused(ErrorCode.OFFSET_OUT_OF_RANGE);
      log.deleteBefore(partition, offset);
      return { lowWatermark: partition.startOffset, errorCode: ErrorCode.NONE };
    };
    const answers = (
      answer: (...asked: Parameters<typeof remove>) => ReturnType<typeof refused>,
    ) => ({
      topics: mapPartitions(topics, (topic, { partition, offset }) => ({
        partition,
        ...answer(topic, partition, offset),
      })),
    });
    return commits.submit(
      () => answers(remove),
      () => answers(() => refused(ErrorCode.KAFKA_STORAGE_ERROR)),
    );
  },
});

function refused(errorCode: number) {
  return { lowWatermark: -1n, errorCode };
}
