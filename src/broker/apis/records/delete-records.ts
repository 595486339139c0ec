/** DeleteRecords (21): moves a partition's start up to an offset; -1 means to its end. */
import { api } from '../../api.js';
import { findPartition } from '../../find-partition.js';
import { effectiveConfig } from '../../topic-config.js';
import { byTopic, mapPartitions, namedPartitions, type ByTopic } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, isRefusal } from '../../wire/error-code.js';

export const deleteRecords = api({
  request: t.struct({
    topics: byTopic(t.struct({ partition: t.int32, offset: t.int64 })),
    timeoutMs: t.fixed(t.int32, 0),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(),
    topics: byTopic(t.struct({ partition: t.int32, lowWatermark: t.int64, errorCode: t.int16 })),
  }),
  targets: ({ topics }) => namedPartitions(topics),
  handle({ topics }, context) {
    const { catalog, log, commits } = context.storage;
    const remove = (topic: string, number: number, wanted: bigint) => {
      const partition = findPartition(context, topic, number);
      if (isRefusal(partition)) return refused(partition.errorCode);
      const config = catalog.topic(topic)?.overrides ?? new Map<string, string>();
      if (!effectiveConfig(config, 'cleanup.policy').includes('delete'))
        return refused(ErrorCode.POLICY_VIOLATION);
      const offset = wanted === -1n ? partition.endOffset : wanted;
      if (offset < 0n || offset > partition.endOffset)
        return refused(ErrorCode.OFFSET_OUT_OF_RANGE);
      log.deleteBefore(partition, offset);
      return { lowWatermark: partition.startOffset, errorCode: ErrorCode.NONE };
    };
    return commits.submit(
      () => answers(topics, remove),
      () => answers(topics, () => refused(ErrorCode.KAFKA_STORAGE_ERROR)),
    );
  },
  refuse: ({ topics }, { errorCode }) => answers(topics, () => refused(errorCode)),
});

function answers(
  topics: readonly ByTopic<{ readonly partition: number; readonly offset: bigint }>[],
  answer: (topic: string, partition: number, offset: bigint) => ReturnType<typeof refused>,
) {
  return {
    topics: mapPartitions(topics, (topic, { partition, offset }) => ({
      partition,
      ...answer(topic, partition, offset),
    })),
  };
}

function refused(errorCode: number) {
  return { lowWatermark: -1n, errorCode };
}
