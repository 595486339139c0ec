/** SyncGroup (14): see groups/group.ts. */
import { api } from '../api.js';
import { refusedSync } from '../groups/member.js';
import {
  array,
  bytes,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';
import { MAX_MEMBER_BYTES } from '../limits.js';

export const syncGroup = api({
  request: struct({
    groupId: string,
    generation: int32,
    memberId: string,
    instanceId: since(3, nullableString, null),
    assignments: array(struct({ memberId: string, assignment: bytes })),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(1),
    errorCode: int16,
    assignment: bytes,
  }),
  async handle(request, { groups }) {
    const group = groups.find(request.groupId);
    if (group === undefined) return refusedSync(ErrorCode.UNKNOWN_MEMBER_ID);
    const assignments = request.assignments.map(({ memberId, assignment }) => ({
      memberId,
      assignment: Buffer.from(assignment), // not a view that keeps the whole frame
    }));
    if (assignments.some(({ assignment }) => assignment.length > MAX_MEMBER_BYTES)) {
      return refusedSync(ErrorCode.INVALID_REQUEST);
    }
    return group.sync({ ...request, assignments });
  },
});
