/** Metadata (3): one broker leads every partition; topics are never created by asking for them. */
import { api, NODE_ID, type RequestContext } from '../../api.js';
import { partitionFault } from '../../find-partition.js';
import { LEADER_EPOCH } from '../../storage/log.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';
import { isValidTopicName } from '../../topic-name.js';

const NO_LEADER = -1;

const replicas = t.fixed(t.array(t.int32), [NODE_ID]);

export const metadata = api({
  request: t.struct({
    topics: t.nullableArray(t.string),
    allowAutoTopicCreation: t.fixed(t.bool, false, 4),
    includeClusterAuthorizedOperations: t.fixed(t.bool, false, 8),
    includeTopicAuthorizedOperations: t.fixed(t.bool, false, 8),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(3),
    brokers: t.array(
      t.struct({
        nodeId: t.fixed(t.int32, NODE_ID),
        host: t.string,
        port: t.int32,
        rack: t.fixed(t.nullableString, null, 1),
      }),
    ),
    clusterId: t.since(2, t.nullableString, null),
    controllerId: t.fixed(t.int32, NODE_ID, 1),
    topics: t.array(
      t.struct({
        errorCode: t.int16,
        name: t.string,
        isInternal: t.fixed(t.bool, false, 1),
        partitions: t.array(
          t.struct({
            errorCode: t.int16,
            partition: t.int32,
            leaderId: t.int32,
            leaderEpoch: t.fixed(t.int32, LEADER_EPOCH, 7),
            replicas,
            inSyncReplicas: replicas,
            offlineReplicas: t.fixed(t.array(t.int32), [], 5),
          }),
        ),
        authorizedOperations: t.authorizedOperations(8),
      }),
    ),
    authorizedOperations: t.authorizedOperations(8),
  }),
  targets: (request, context) =>
    namesIn(request, context).map((topic) => ({ topic, partition: null })),
  handle(request, context) {
    const { storage, host, port } = context;
    const { catalog, clusterId } = storage;
    const topics = namesIn(request, context).map((name) => {
      const fault = partitionFault(context, name, null);
      if (fault !== null) return { errorCode: fault.errorCode, name, partitions: [] };
      const partitions = catalog.topic(name)?.partitions.map(({ number }) => {
        const errorCode = partitionFault(context, name, number)?.errorCode ?? ErrorCode.NONE;
        return { errorCode, partition: number, leaderId: errorCode === 0 ? NODE_ID : NO_LEADER };
      });
      if (partitions !== undefined) return { errorCode: ErrorCode.NONE, name, partitions };
      const errorCode = isValidTopicName(name)
        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        : ErrorCode.INVALID_TOPIC;
      return { errorCode, name, partitions: [] };
    });
    return { brokers: [{ host, port }], clusterId, topics };
  },
  refuse: (request, { errorCode }, context) => ({
    brokers: [{ host: context.host, port: context.port }],
    clusterId: null,
    topics: (request.topics ?? []).map((name) => ({ errorCode, name, partitions: [] })),
  }),
});

/** In version 0, no topics means all of them; later that is null. */
function namesIn(
  { topics }: { readonly topics: readonly string[] | null },
  { storage, version }: RequestContext,
): readonly string[] {
  const all = topics === null || (version === 0 && topics.length === 0);
  return all ? [...storage.catalog.topics.keys()] : [...new Set(topics)];
}
