/** LeaveGroup (13): one member up to version 2, several from 3 on; see groups/group.ts. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

const member = { memberId: t.string, instanceId: t.nullableString };

export const leaveGroup = api({
  request: t.struct({
    groupId: t.string,
    memberId: t.until(2, t.string, ''),
    members: t.since(3, t.array(t.struct(member)), []),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(1),
    errorCode: t.int16,
    members: t.since(3, t.array(t.struct({ ...member, errorCode: t.int16 })), []),
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
  refuse: (_, { errorCode }) => ({ errorCode, members: [] }),
});
