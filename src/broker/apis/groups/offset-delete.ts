/**
 * OffsetDelete (47): forgets single committed offsets. While the group has members all its topics
 * count as subscribed, where Kafka looks into the members' subscriptions.
 */
import { api } from '../../api.js';
import { byTopic, mapPartitions } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

const response = t.struct({
  errorCode: t.int16,
  throttleTimeMs: t.throttleTimeMs(),
  topics: byTopic(t.struct({ partition: t.int32, errorCode: t.int16 })),
});

export const offsetDelete = api({
  request: t.struct({ groupId: t.string, topics: byTopic(t.int32) }),
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
    const removeAll = () =>
      mapPartitions(topics, (topic, partition) => ({
        partition,
        errorCode: remove(topic, partition),
      }));
    return storage.commits.submit<t.Infer<typeof response>>(
      () => ({ errorCode: ErrorCode.NONE, topics: removeAll() }),
      () => ({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, topics: [] }),
    );
  },
  refuse: (_, { errorCode }) => ({ errorCode, topics: [] }),
});
