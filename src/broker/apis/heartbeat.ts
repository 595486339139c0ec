/** Heartbeat (12): see groups/group.ts. */
import { api } from '../api.js';
import {
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const heartbeat = api({
  request: struct({
    groupId: string,
    generation: int32,
    memberId: string,
    instanceId: since(3, nullableString, null),
  }),
  response: struct({ throttleTimeMs: throttleTimeMs(1), errorCode: int16 }),
  handle({ groupId, generation, memberId, instanceId }, { groups }) {
    const group = groups.find(groupId);
    const errorCode =
      group?.heartbeat(memberId, instanceId, generation) ?? ErrorCode.UNKNOWN_MEMBER_ID;
    return { errorCode };
  },
});
