/** Metadata (3): one broker leads every partition; topics are never created by asking for them. */
import { api, NODE_ID } from '../api.js';
import { LEADER_EPOCH } from '../storage/log.js';
import * as t from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';
import { isValidTopicName } from '../topic-name.js';

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
            errorCode: t.fixed(t.int16, ErrorCode.NONE),
            partition: t.int32,
            leaderId: t.fixed(t.int32, NODE_ID),
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
  handle(request, { storage, host, port, version }) {
    const { catalog, clusterId } = storage;
    // In version 0, no topics means all of them; later that is null.
    const all = request.topics === null || (version === 0 && request.topics.length === 0);
    const names = all ? [...catalog.topics.keys()] : [...new Set(request.topics)];
    const topics = names.map((name) => {
      const partitions = catalog.topic(name)?.partitions.map(({ number }) => ({
        partition: number,
      }));
      if (partitions !== undefined) return { errorCode: ErrorCode.NONE, name, partitions };
      const errorCode = isValidTopicName(name)
        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        : ErrorCode.INVALID_TOPIC;
      return { errorCode, name, partitions: [] };
    });
    return { brokers: [{ host, port }], clusterId, topics };
  },
});
