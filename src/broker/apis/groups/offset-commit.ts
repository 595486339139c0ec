/** OffsetCommit (8): durable when answered, in the same transaction as the records of its turn. */
import { api, type RequestContext } from '../../api.js';
import { findPartition } from '../../find-partition.js';
import { Coordinator } from '../../groups/coordinator.js';
import { MAX_OFFSET_METADATA_LENGTH } from '../../limits.js';
import { byTopic, mapPartitions, namedPartitions } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, isRefusal } from '../../wire/error-code.js';

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
  targets: ({ topics }) => namedPartitions(topics),
  handle(committed, context) {
    const errorCode = groupError(committed, context);
    if (errorCode !== ErrorCode.NONE) return answers(committed, () => errorCode);
    const { groupId } = committed;
    return context.storage.commits.submit(
      () => answers(committed, (topic, each) => commit(groupId, topic, each, context)),
      () => answers(committed, () => ErrorCode.KAFKA_STORAGE_ERROR),
    );
  },
  refuse: (committed, { errorCode }) => answers(committed, () => errorCode),
});

function answers(
  { topics }: Request,
  answer: (topic: string, partition: CommittedPartition) => number,
) {
  return {
    topics: mapPartitions(topics, (topic, each) => ({
      partition: each.partition,
      errorCode: answer(topic, each),
    })),
  };
}

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
  context: RequestContext,
): number {
  const { catalog, groupOffsets } = context.storage;
  const partition = findPartition(context, topic, committed.partition);
  if (isRefusal(partition)) return partition.errorCode;
  const found = catalog.topic(topic);
  if (found === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if ((committed.metadata?.length ?? 0) > MAX_OFFSET_METADATA_LENGTH) {
    return ErrorCode.OFFSET_METADATA_TOO_LARGE;
  }
  groupOffsets.commit(groupId, found.id, committed);
  return ErrorCode.NONE;
}
