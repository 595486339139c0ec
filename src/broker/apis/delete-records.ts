/** DeleteRecords (21): moves a partition's start up to an offset; -1 means to its end. */
import { api } from '../api.js';
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

export const deleteRecords = api({
  request: struct({
    topics: array(
      struct({ topic: string, partitions: array(struct({ partition: int32, offset: int64 })) }),
    ),
    timeoutMs: fixed(int32, 0),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(),
    topics: array(
      struct({
        topic: string,
        partitions: array(struct({ partition: int32, lowWatermark: int64, errorCode: int16 })),
      }),
    ),
  }),
  handle({ topics }, { storage }) {
    const { catalog, log, commits } = storage;
    const remove = (topic: string, number: number, wanted: bigint) => {
      const partition = catalog.partition(topic, number);
      if (partition === undefined) return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      const offset = wanted === -1n ? partition.endOffset : wanted;
      if (offset < 0n || offset > partition.endOffset)
        return refused(ErrorCode.OFFSET_OUT_OF_RANGE);
      log.deleteBefore(partition, offset);
      return { lowWatermark: partition.startOffset, errorCode: ErrorCode.NONE };
    };
    const answers = (
      answer: (...asked: Parameters<typeof remove>) => ReturnType<typeof refused>,
    ) => ({
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, offset }) => ({
          partition,
          ...answer(topic, partition, offset),
        })),
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
