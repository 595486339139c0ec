/** LeaveGroup (13): one member up to version 2, several from 3 on; see groups/group.ts. */
import { api } from '../api.js';
import {
  array,
  int16,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
  until,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

const member = { memberId: string, instanceId: nullableString };

export const leaveGroup = api({
  request: struct({
    groupId: string,
    memberId: until(2, string, ''),
    members: since(3, array(struct(member)), []),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(1),
    errorCode: int16,
    members: since(3, array(struct({ ...member, errorCode: int16 })), []),
  }),
  handle({ groupId, memberId, members }, { groups, version }) {
    const group = groups.find(groupId);
    const leaving = version < 3 ? [{ memberId, instanceId: null }] : members;
    const left = leaving.map((each) => ({
      ...each,
      errorCode: group?.leave(each.memberId, each.instanceId) ?? ErrorCode.UNKNOWN_MEMBER_ID,
    }));
    const errorCode = version < 3 ? left[0]?.errorCode : undefined;
    return { errorCode: errorCode ?? ErrorCode.NONE, members: left };
  },
});
