/** ListGroups (16): groups with members, and those that only committed offsets. */
import { api } from '../api.js';
import { array, fixed, int16, string, struct, throttleTimeMs } from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const listGroups = api({
  request: struct({}),
  response: struct({
    throttleTimeMs: throttleTimeMs(1),
    errorCode: fixed(int16, ErrorCode.NONE),
    groups: array(struct({ groupId: string, protocolType: string })),
  }),
  handle(_request, { groups }) {
    return {
      groups: groups.ids().map((groupId) => ({
        groupId,
        protocolType: groups.find(groupId)?.protocolType ?? '',
      })),
    };
  },
});
