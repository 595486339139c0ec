/** SyncGroup (14): see groups/group.ts. */
import { api } from '../../api.js';
import { refusedSync } from '../../groups/member.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';
import { MAX_MEMBER_BYTES } from '../../limits.js';

export const syncGroup = api({
  request: t.struct({
    groupId: t.string,
    generation: t.int32,
    memberId: t.string,
    instanceId: t.since(3, t.nullableString, null),
    assignments: t.array(t.struct({ memberId: t.string, assignment: t.bytes })),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(1),
    errorCode: t.int16,
    assignment: t.bytes,
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
  refuse: (_, { errorCode }) => refusedSync(errorCode),
});
