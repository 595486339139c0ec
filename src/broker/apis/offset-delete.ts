/**
 * OffsetDelete (47): forgets single committed offsets. While the group has members all its topics
 * count as subscribed, where Kafka looks into the members' subscriptions.
 */
import { api } from '../api.js';
import { array, int16, int32, string, struct, throttleTimeMs, type Infer } from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

const topicOf = <T extends object>(partitions: T) => ({ topic: string, partitions });

const response = struct({
  errorCode: int16,
  throttleTimeMs: throttleTimeMs(),
  topics: array(struct(topicOf(array(struct({ partition: int32, errorCode: int16 }))))),
});

export const offsetDelete = api({
  request: struct({ groupId: string, topics: array(struct(topicOf(array(int32)))) }),
  response,
  handle({ groupId, topics }, { storage, groups }) {
    if (!groups.exists(groupId)) return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND, topics: [] };
    const inUse = (groups.find(groupId)?.members.length ?? 0) > 0;
    const remove = (topic: string, partition: number): number => {
      const found = storage.catalog.topic(topic);
      if (found?.partitions[partition] === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
      if (inUse) return ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC;
      storage.groupOffsets.deleteOffset(groupId, found.id, partition);
      return ErrorCode.NONE;
    };
    return storage.commits.submit<Infer<typeof response>>(
      () => ({
        errorCode: ErrorCode.NONE,
        topics: topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map((partition) => ({
            partition,
            errorCode: remove(topic, partition),
          })),
        })),
      }),
      () => ({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, topics: [] }),
    );
  },
});
