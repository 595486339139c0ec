/** OffsetCommit (8): durable when answered, in the same transaction as the records of its turn. */
import { api, type RequestContext } from '../api.js';
import { Coordinator } from '../groups/coordinator.js';
import { MAX_OFFSET_METADATA_LENGTH } from '../limits.js';
import { byTopic, mapPartitions } from '../wire/by-topic.js';
import * as t from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

const committedPartition = t.struct({
  partition: t.int32,
  offset: t.int64,
  leaderEpoch: t.since(6, t.int32, -1),
  metadata: t.nullableString,
});

const request = t.struct({
  groupId: t.string,
  generation: t.int32,
  memberId: t.string,
  instanceId: t.since(7, t.nullableString, null),
  retentionTimeMs: t.until(4, t.int64, -1n),
  topics: byTopic(committedPartition),
});

type Request = t.Infer<typeof request>;

export const offsetCommit = api({
  request,
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(3),
    topics: byTopic(t.struct({ partition: t.int32, errorCode: t.int16 })),
  }),
  handle(committed, context) {
    const { storage } = context;
    const answers = (answer: (topic: string, partition: CommittedPartition) => number) => ({
      topics: mapPartitions(committed.topics, (topic, each) => ({
        partition: each.partition,
        errorCode: answer(topic, each),
      })),
    });
    const errorCode = groupError(committed, context);
    if (errorCode !== ErrorCode.NONE) return answers(() => errorCode);
    return storage.commits.submit(
      () => answers((topic, partition) => commit(committed.groupId, topic, partition, storage)),
      () => answers(() => ErrorCode.KAFKA_STORAGE_ERROR),
    );
  },
});

type CommittedPartition = t.Infer<typeof committedPartition>;

function groupError(committed: Request, { groups }: RequestContext): number {
  const { groupId, memberId, instanceId, generation } = committed;
  if (!Coordinator.validId(groupId)) return ErrorCode.INVALID_GROUP_ID;
  const group = groups.find(groupId);
  if (group !== undefined) return group.commitError(memberId, instanceId, generation);
  if (generation >= 0) return ErrorCode.ILLEGAL_GENERATION;
  return groups.hasRoomFor(groupId) ? ErrorCode.NONE : ErrorCode.GROUP_MAX_SIZE_REACHED;
}

function commit(
  groupId: string,
  topic: string,
  committed: CommittedPartition,
  { catalog, groupOffsets }: RequestContext['storage'],
): number {
  const found = catalog.topic(topic);
  if (found?.partitions[committed.partition] === undefined) {
    return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  }
  if ((committed.metadata?.length ?? 0) > MAX_OFFSET_METADATA_LENGTH) {
    return ErrorCode.OFFSET_METADATA_TOO_LARGE;
  }
  groupOffsets.commit(groupId, found.id, committed);
  return ErrorCode.NONE;
}
