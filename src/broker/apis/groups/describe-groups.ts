/** DescribeGroups (15): a group that is not known is "Dead", as in Kafka. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export const describeGroups = api({
  request: t.struct({
    groups: t.array(t.string),
    includeAuthorizedOperations: t.fixed(t.bool, false, 3),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(1),
    groups: t.array(
      t.struct({
        errorCode: t.int16,
        groupId: t.string,
        state: t.string,
        protocolType: t.string,
        protocolName: t.string,
        members: t.array(
          t.struct({
            id: t.string,
            instanceId: t.since(4, t.nullableString, null),
            clientId: t.string,
            clientHost: t.string,
            metadata: t.bytes,
            assignment: t.bytes,
          }),
        ),
        authorizedOperations: t.authorizedOperations(3),
      }),
    ),
  }),
  handle(request, { groups }) {
    const { NONE: errorCode } = ErrorCode;
    return {
      groups: [...new Set(request.groups)].map((groupId) => ({
        errorCode,
        groupId,
        ...groups.describe(groupId),
      })),
    };
  },
  refuse(request, { errorCode }) {
    const nothing = { state: '', protocolType: '', protocolName: '', members: [] };
    return { groups: request.groups.map((groupId) => ({ errorCode, groupId, ...nothing })) };
  },
});
