/** DescribeGroups (15): a group that is not known is "Dead", as in Kafka. */
import { api } from '../api.js';
import {
  array,
  authorizedOperations,
  bool,
  bytes,
  fixed,
  int16,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const describeGroups = api({
  request: struct({
    groups: array(string),
    includeAuthorizedOperations: fixed(bool, false, 3),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(1),
    groups: array(
      struct({
        errorCode: fixed(int16, ErrorCode.NONE),
        groupId: string,
        state: string,
        protocolType: string,
        protocolName: string,
        members: array(
          struct({
            id: string,
            instanceId: since(4, nullableString, null),
            clientId: string,
            clientHost: string,
            metadata: bytes,
            assignment: bytes,
          }),
        ),
        authorizedOperations: authorizedOperations(3),
      }),
    ),
  }),
  handle(request, { groups }) {
    return { groups: request.groups.map((groupId) => ({ groupId, ...groups.describe(groupId) })) };
  },
});
