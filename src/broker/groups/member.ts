/** One member of a group, and what is said to it. */
import { ErrorCode } from '../wire/error-code.js';

/** A way to assign partitions that a member knows, with its subscription. */
export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface JoinRequest {
  /** Empty for one that is not a member yet. */
  readonly memberId: string;
  /** Of a static member, else null. */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  /** In the member's order of preference. */
  readonly protocols: readonly Protocol[];
  /** Whether a newcomer is given an id first and joins with it (version 4 on). */
  readonly memberIdRequired: boolean;
}

export interface JoinResult {
  readonly errorCode: number;
  readonly generation: number;
  readonly protocolName: string;
  readonly leader: string;
  readonly memberId: string;
  /** For the leader only: everyone, for it to assign. */
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

export interface SyncRequest {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly generation: number;
  /** From the leader only. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
}

export interface SyncResult {
  readonly errorCode: number;
  readonly assignment: Buffer;
}

export interface Member {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly Protocol[];
  assignment: Buffer;
  /** Answers the JoinGroup or SyncGroup that the member waits in. */
  answerJoin: ((result: JoinResult) => void) | null;
  answerSync: ((result: SyncResult) => void) | null;
  /** Stops the session's timer. */
  cancelSession: () => void;
}

export const NO_BYTES = Buffer.alloc(0);

export function newMember(id: string, request: JoinRequest): Member {
  const { instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs } = request;
  return {
    id,
    instanceId,
    clientId,
    clientHost,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols: request.protocols,
    assignment: NO_BYTES,
    answerJoin: null,
    answerSync: null,
    cancelSession: () => undefined,
  };
}

export function refusedJoin(errorCode: number, memberId: string): JoinResult {
  return { errorCode, generation: -1, protocolName: '', leader: '', memberId, members: [] };
}

export function refusedSync(errorCode: number): SyncResult {
  return { errorCode, assignment: NO_BYTES };
}

/** Answers whatever the member waits for with an error. */
export function dismiss(member: Member, errorCode: number): void {
  member.answerJoin?.(refusedJoin(errorCode, member.id));
  member.answerSync?.(refusedSync(errorCode));
  member.answerJoin = null;
  member.answerSync = null;
}

export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, metadata }, i) => name === b[i]?.name && metadata.equals(b[i].metadata))
  );
}

/** The protocol that all members know and most prefer, or null where they have none in common. */
export function chooseProtocol(members: readonly Member[]): string | null {
  const known = (name: string) =>
    members.every((member) => member.protocols.some((protocol) => protocol.name === name));
  const votes = new Map<string, number>();
  for (const { protocols } of members) {
    const vote = protocols.find(({ name }) => known(name))?.name;
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
  return winner?.[0] ?? null;
}

/** Why a member with these protocols cannot be in a group with the others, or NONE. */
export function protocolError(members: readonly Member[], request: JoinRequest): number {
  const alone = members.length === 0;
  const usable = request.protocols.some(({ name }) =>
    members.every((member) => member.protocols.some((protocol) => protocol.name === name)),
  );
  const sound = request.protocolType !== '' && request.protocols.length > 0;
  return sound && (alone || usable) ? ErrorCode.NONE : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
}
