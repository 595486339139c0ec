/** JoinGroup (11): see groups/group.ts. */
import { api } from '../../api.js';
import { Coordinator } from '../../groups/coordinator.js';
import { refusedJoin } from '../../groups/member.js';
import { MAX_SESSION_TIMEOUT_MS, MIN_SESSION_TIMEOUT_MS } from '../../limits.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export const joinGroup = api({
  request: t.struct({
    groupId: t.string,
    sessionTimeoutMs: t.int32,
    rebalanceTimeoutMs: t.since(1, t.int32, -1),
    memberId: t.string,
    instanceId: t.since(5, t.nullableString, null),
    protocolType: t.string,
    protocols: t.array(t.struct({ name: t.string, metadata: t.bytes })),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(2),
    errorCode: t.int16,
    generation: t.int32,
    protocolName: t.string,
    leader: t.string,
    memberId: t.string,
    members: t.array(
      t.struct({
        memberId: t.string,
        instanceId: t.since(5, t.nullableString, null),
        metadata: t.bytes,
      }),
    ),
  }),
  async handle(request, { groups, version, clientId, clientHost }) {
    const { groupId, memberId, sessionTimeoutMs } = request;
    if (!Coordinator.validId(groupId)) return refusedJoin(ErrorCode.INVALID_GROUP_ID, memberId);
    if (sessionTimeoutMs < MIN_SESSION_TIMEOUT_MS || sessionTimeoutMs > MAX_SESSION_TIMEOUT_MS) {
      return refusedJoin(ErrorCode.INVALID_SESSION_TIMEOUT, memberId);
    }
    // Only a newcomer makes a group: an id that is not known here comes from another life.
    const group = memberId === '' ? groups.findOrCreate(groupId) : groups.find(groupId);
    if (group === undefined) {
      const full = memberId === '';
      const errorCode = full ? ErrorCode.GROUP_MAX_SIZE_REACHED : ErrorCode.UNKNOWN_MEMBER_ID;
      return refusedJoin(errorCode, memberId);
    }
    return group.join({
      ...request,
      clientId,
      clientHost,
      rebalanceTimeoutMs:
        request.rebalanceTimeoutMs < 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
      // What is kept of a frame must not keep the whole frame.
      protocols: request.protocols.map(({ name, metadata }) => ({
        name,
        metadata: Buffer.from(metadata),
      })),
      memberIdRequired: version >= 4,
    });
  },
  refuse: ({ memberId }, { errorCode }) => refusedJoin(errorCode, memberId),
});
