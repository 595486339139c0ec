/** Heartbeat (12): see groups/group.ts. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export const heartbeat = api({
  request: t.struct({
    groupId: t.string,
    generation: t.int32,
    memberId: t.string,
    instanceId: t.since(3, t.nullableString, null),
  }),
  response: t.struct({ throttleTimeMs: t.throttleTimeMs(1), errorCode: t.int16 }),
  handle({ groupId, generation, memberId, instanceId }, { groups }) {
    const group = groups.find(groupId);
    const errorCode =
      group?.heartbeat(memberId, instanceId, generation) ?? ErrorCode.UNKNOWN_MEMBER_ID;
    return { errorCode };
  },
  refuse: (_, { errorCode }) => ({ errorCode }),
});
