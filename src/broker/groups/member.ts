/** One member of a group, and what is said to it. */
import { MAX_MEMBER_BYTES, MAX_MEMBER_PROTOCOLS } from '../limits.js';
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

/** What a rebalance ends in. */
export interface Agreement {
  /** Counts the rebalances. */
  readonly generation: number;
  readonly protocolName: string;
  /** The member that assigns. */
  readonly leader: string;
}

export interface JoinResult extends Agreement {
  readonly errorCode: number;
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

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export interface GroupDescription {
  readonly state: GroupState;
  readonly protocolType: string;
  /** Empty until the members have agreed on one. */
  readonly protocolName: string;
  readonly members: readonly (Member & { readonly metadata: Buffer })[];
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
  const votes = new Map<string, number>();
  for (const { protocols } of members) {
    const vote = protocols.find(({ name }) => allKnow(members, name))?.name;
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
  return winner?.[0] ?? null;
}

/** Why a member with these protocols cannot be in a group with the others, or NONE. */
export function protocolError(
  others: readonly Member[],
  protocolType: string,
  request: JoinRequest,
): number {
  const bytes = request.protocols.reduce(
    (sum, { name, metadata }) => sum + name.length + metadata.length,
    0,
  );
  const tooMuch = bytes > MAX_MEMBER_BYTES || request.protocols.length > MAX_MEMBER_PROTOCOLS;
  if (tooMuch) return ErrorCode.INVALID_REQUEST;
  const sound = request.protocolType !== '' && request.protocols.length > 0;
  const sameType = others.length === 0 || request.protocolType === protocolType;
  const shared = request.protocols.some(({ name }) => allKnow(others, name));
  return sound && sameType && shared ? ErrorCode.NONE : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
}

/** What a member declares in this protocol. */
export function metadataOf(member: Member, protocolName: string): Buffer {
  return member.protocols.find(({ name }) => name === protocolName)?.metadata ?? NO_BYTES;
}

/** What the group has agreed on, for one member; the leader also gets the list of members. */
export function joinedResult(
  agreed: Agreement,
  { id }: Member,
  members: readonly Member[],
): JoinResult {
  const everyone = members.map((each) => ({
    memberId: each.id,
    instanceId: each.instanceId,
    metadata: metadataOf(each, agreed.protocolName),
  }));
  const known = id === agreed.leader ? everyone : [];
  return { errorCode: ErrorCode.NONE, ...agreed, memberId: id, members: known };
}

function allKnow(members: readonly Member[], protocolName: string): boolean {
  return members.every(({ protocols }) => protocols.some(({ name }) => name === protocolName));
}
