/** JoinGroup (11): see groups/group.ts. */
import { api } from '../api.js';
import { Coordinator } from '../groups/coordinator.js';
import { refusedJoin } from '../groups/member.js';
import { MAX_SESSION_TIMEOUT_MS, MIN_SESSION_TIMEOUT_MS } from '../limits.js';
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

export const joinGroup = api({
  request: struct({
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: since(1, int32, -1),
    memberId: string,
    instanceId: since(5, nullableString, null),
    protocolType: string,
    protocols: array(struct({ name: string, metadata: bytes })),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(2),
    errorCode: int16,
    generation: int32,
    protocolName: string,
    leader: string,
    memberId: string,
    members: array(
      struct({ memberId: string, instanceId: since(5, nullableString, null), metadata: bytes }),
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
});
