/** ListGroups (16): groups with members, and those that only committed offsets. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export const listGroups = api({
  request: t.struct({}),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(1),
    errorCode: t.int16,
    groups: t.array(t.struct({ groupId: t.string, protocolType: t.string })),
  }),
  handle(_request, { groups }) {
    return {
      errorCode: ErrorCode.NONE,
      groups: groups.ids().map((groupId) => ({
        groupId,
        protocolType: groups.describe(groupId).protocolType,
      })),
    };
  },
  refuse: (_, { errorCode }) => ({ errorCode, groups: [] }),
});
