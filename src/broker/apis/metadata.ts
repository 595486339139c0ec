/** Metadata (3): one broker leads every partition; topics are never created by asking for them. */
import { api, NODE_ID } from '../api.js';
import { LEADER_EPOCH } from '../storage/log.js';
import {
  array,
  authorizedOperations,
  bool,
  fixed,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';
import { isValidTopicName } from '../topic-name.js';

const replicas = fixed(array(int32), [NODE_ID]);

export const metadata = api({
  request: struct({
    topics: nullableArray(string),
    allowAutoTopicCreation: fixed(bool, false, 4),
    includeClusterAuthorizedOperations: fixed(bool, false, 8),
    includeTopicAuthorizedOperations: fixed(bool, false, 8),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(3),
    brokers: array(
      struct({
        nodeId: fixed(int32, NODE_ID),
        host: string,
        port: int32,
        rack: fixed(nullableString, null, 1),
      }),
    ),
    clusterId: since(2, nullableString, null),
    controllerId: fixed(int32, NODE_ID, 1),
    topics: array(
      struct({
        errorCode: int16,
        name: string,
        isInternal: fixed(bool, false, 1),
        partitions: array(
          struct({
            errorCode: fixed(int16, ErrorCode.NONE),
            partition: int32,
            leaderId: fixed(int32, NODE_ID),
            leaderEpoch: fixed(int32, LEADER_EPOCH, 7),
            replicas,
            inSyncReplicas: replicas,
            offlineReplicas: fixed(array(int32), [], 5),
          }),
        ),
        authorizedOperations: authorizedOperations(8),
      }),
    ),
    authorizedOperations: authorizedOperations(8),
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
