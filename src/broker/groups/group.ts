/**
 * One consumer group: the state machine of Kafka's classic rebalance protocol.
 *
 *   Empty ──join──► PreparingRebalance ──all joined──► CompletingRebalance ──leader synced──► Stable
 *     ▲                     ▲   │ none joined                 │                                │
 *     └─────────────────────┼───┘                             │      a member joins, leaves    │
 *                           └─────────────────────────────────┴──────── or falls silent ◄──────┘
 *
 * Simplified: generations are not on disk, so after a restart members join again, from 1; a static
 * member that misses a rebalance is dropped with it. See KIP-62, 345 (static members), 394 (ids).
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { MAX_GROUP_MEMBERS, MAX_MEMBER_NAME_LENGTH } from '../limits.js';
import { ErrorCode } from '../wire/error-code.js';
import { JoinPhase } from './join-phase.js';
import {
  chooseProtocol,
  dismiss,
  joinedResult,
  metadataOf,
  NO_BYTES,
  newMember,
  protocolError,
  refusedJoin,
  refusedSync,
  sameProtocols,
} from './member.js';
import type {
  Agreement,
  GroupDescription,
  GroupState,
  JoinRequest,
  JoinResult,
  Member,
  SyncRequest,
  SyncResult,
} from './member.js';
import { PendingMembers } from './pending-members.js';

export class Group {
  readonly id: string;
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  readonly #members = new Map<string, Member>();
  readonly #pending: PendingMembers;
  readonly #joinPhase: JoinPhase;
  #state: GroupState = 'Empty';
  #protocolType = '';
  /** By the members, in the last rebalance that came to an end. */
  #agreed: Agreement = { generation: 0, protocolName: '', leader: '' };

  constructor(id: string, clock: Clock, log: (message: string) => void) {
    this.id = id;
    this.#clock = clock;
    this.#log = log;
    this.#pending = new PendingMembers(clock, () => this.#completeIfAllJoined());
    this.#joinPhase = new JoinPhase(clock, () => this.#completeJoin());
  }

  describe(): GroupDescription {
    const { protocolName } = this.#agreed;
    const members = this.members.map((m) => ({ ...m, metadata: metadataOf(m, protocolName) }));
    return { state: this.#state, protocolType: this.#protocolType, protocolName, members };
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** It has no members, and none is about to join. */
  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#pending.size === 0;
  }

  /** Resolves when the rebalance that the member takes part in has all its members. */
  join(request: JoinRequest): Promise<JoinResult> {
    const errorCode = this.#joinError(request);
    if (errorCode !== ErrorCode.NONE) {
      return Promise.resolve(refusedJoin(errorCode, request.memberId));
    }
    return request.memberId === '' ? this.#joinNew(request) : this.#joinAgain(request);
  }

  /** Resolves when the leader has assigned the partitions. */
  sync(request: SyncRequest): Promise<SyncResult> {
    const checked = this.#check(request.memberId, request.instanceId, request.generation);
    if (typeof checked === 'number') return Promise.resolve(refusedSync(checked));
    if (this.#state === 'Stable') {
      this.#startSession(checked);
      return Promise.resolve({ errorCode: ErrorCode.NONE, assignment: checked.assignment });
    }
    if (this.#state !== 'CompletingRebalance') {
      return Promise.resolve(refusedSync(ErrorCode.REBALANCE_IN_PROGRESS));
    }
    return new Promise((resolve) => {
      dismiss(checked, ErrorCode.REBALANCE_IN_PROGRESS);
      checked.cancelSession();
      checked.answerSync = resolve;
      if (checked.id === this.#agreed.leader) this.#assign(request);
    });
  }

  heartbeat(memberId: string, instanceId: string | null, generation: number): number {
    const checked = this.#check(memberId, instanceId, generation);
    if (typeof checked === 'number') return checked;
    this.#startSession(checked);
    return this.#state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
  }

  /** By member id, or for a static member by its instance id alone. */
  leave(memberId: string, instanceId: string | null): number {
    if (this.#pending.take(memberId)) {
      this.#completeIfAllJoined();
      return ErrorCode.NONE;
    }
    const named = memberId === '' ? this.#byInstance(instanceId) : undefined;
    const checked = named ?? this.#check(memberId, instanceId, this.#agreed.generation);
    if (typeof checked === 'number') return checked;
    this.#remove(checked, 'left');
    return ErrorCode.NONE;
  }

  /** Whether this member may commit offsets now. Without a member: only while there are none. */
  commitError(memberId: string, instanceId: string | null, generation: number): number {
    if (generation < 0 && memberId === '' && instanceId === null) {
      return this.#members.size === 0 ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }
    const checked = this.#check(memberId, instanceId, generation);
    if (typeof checked === 'number') return checked;
    if (this.#state === 'CompletingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS;
    this.#startSession(checked);
    return ErrorCode.NONE;
  }

  #joinError(request: JoinRequest): number {
    const others = this.members.filter(({ id }) => id !== request.memberId);
    if (request.memberId === '' && others.length + this.#pending.size >= MAX_GROUP_MEMBERS) {
      return ErrorCode.GROUP_MAX_SIZE_REACHED;
    }
    return protocolError(others, this.#protocolType, request);
  }

  #joinNew(request: JoinRequest): Promise<JoinResult> {
    const { instanceId, clientId } = request;
    const name = (instanceId ?? clientId).slice(0, MAX_MEMBER_NAME_LENGTH);
    const memberId = `${name}-${randomUUID()}`;
    const predecessor = this.#byInstance(instanceId);
    if (predecessor !== undefined) return this.#replaceStatic(predecessor, memberId, request);
    if (instanceId !== null || !request.memberIdRequired) return this.#add(memberId, request);
    this.#pending.add(memberId, request.sessionTimeoutMs);
    return Promise.resolve(refusedJoin(ErrorCode.MEMBER_ID_REQUIRED, memberId));
  }

  #joinAgain(request: JoinRequest): Promise<JoinResult> {
    const { memberId } = request;
    if (this.#pending.take(memberId)) return this.#add(memberId, request);
    const member = this.#check(memberId, request.instanceId, this.#agreed.generation);
    if (typeof member === 'number') return Promise.resolve(refusedJoin(member, memberId));
    const settled =
      (this.#state === 'Stable' && memberId !== this.#agreed.leader) ||
      this.#state === 'CompletingRebalance';
    if (settled && sameProtocols(member.protocols, request.protocols)) {
      this.#startSession(member);
      return Promise.resolve(joinedResult(this.#agreed, member, this.members));
    }
    return this.#awaitJoin(member, request);
  }

  #add(memberId: string, request: JoinRequest): Promise<JoinResult> {
    const member = newMember(memberId, request);
    this.#members.set(memberId, member);
    this.#protocolType = request.protocolType;
    this.#joinPhase.memberCame();
    return this.#awaitJoin(member, request);
  }

  /** A static member that was started again takes its own place, if it can without a rebalance. */
  #replaceStatic(old: Member, memberId: string, request: JoinRequest): Promise<JoinResult> {
    const { leader } = this.#agreed;
    const member = { ...newMember(memberId, request), assignment: old.assignment };
    old.cancelSession();
    dismiss(old, ErrorCode.FENCED_INSTANCE_ID);
    this.#members.delete(old.id);
    this.#members.set(memberId, member);
    if (leader === old.id) this.#agreed = { ...this.#agreed, leader: memberId };
    if (this.#state === 'Stable' && sameProtocols(old.protocols, request.protocols)) {
      this.#startSession(member);
      // The leader's old id, so that it does not take itself for one that has to assign.
      return Promise.resolve({
        ...joinedResult(this.#agreed, member, this.members),
        leader,
        members: [],
      });
    }
    return this.#awaitJoin(member, request);
  }

  #awaitJoin(member: Member, request: JoinRequest): Promise<JoinResult> {
    return new Promise((resolve) => {
      dismiss(member, ErrorCode.REBALANCE_IN_PROGRESS);
      member.cancelSession();
      const { protocols, sessionTimeoutMs, rebalanceTimeoutMs } = request;
      Object.assign(member, { protocols, sessionTimeoutMs, rebalanceTimeoutMs });
      member.answerJoin = resolve;
      this.#prepareRebalance();
    });
  }

  #prepareRebalance(): void {
    if (this.#state !== 'PreparingRebalance') {
      const first = this.#state === 'Empty';
      this.#state = 'PreparingRebalance';
      for (const member of this.#members.values()) {
        if (member.answerSync === null) continue;
        dismiss(member, ErrorCode.REBALANCE_IN_PROGRESS);
        this.#startSession(member);
      }
      const timeoutMs = Math.max(0, ...this.members.map((m) => m.rebalanceTimeoutMs));
      if (first) this.#joinPhase.gather(timeoutMs);
      else this.#joinPhase.awaitMembers(timeoutMs);
    }
    this.#completeIfAllJoined();
  }

  #completeIfAllJoined(): void {
    if (this.#state !== 'PreparingRebalance') return;
    const gathering = this.#joinPhase.gathering && this.#members.size > 0;
    const allJoined = this.members.every((member) => member.answerJoin !== null);
    if (!gathering && allJoined && this.#pending.size === 0) this.#completeJoin();
  }

  #completeJoin(): void {
    this.#joinPhase.end();
    for (const member of this.members) {
      if (member.answerJoin !== null) continue;
      member.cancelSession();
      this.#members.delete(member.id);
      this.#log(`Group ${this.id}: member ${member.id} did not rejoin in time.`);
    }
    const [first] = this.members;
    this.#state = first === undefined ? 'Empty' : 'CompletingRebalance';
    this.#agreed = {
      generation: this.#agreed.generation + 1,
      protocolName: chooseProtocol(this.members) ?? '',
      leader: this.#members.has(this.#agreed.leader) ? this.#agreed.leader : (first?.id ?? ''),
    };
    for (const member of this.members) {
      member.assignment = NO_BYTES;
      const answer = member.answerJoin;
      member.answerJoin = null;
      this.#startSession(member);
      answer?.(joinedResult(this.#agreed, member, this.members));
    }
  }

  #assign({ assignments }: SyncRequest): void {
    this.#state = 'Stable';
    for (const member of this.members) {
      member.assignment =
        assignments.find(({ memberId }) => memberId === member.id)?.assignment ?? NO_BYTES;
      const answer = member.answerSync;
      member.answerSync = null;
      if (answer === null) continue;
      this.#startSession(member);
      answer({ errorCode: ErrorCode.NONE, assignment: member.assignment });
    }
  }

  #remove(member: Member, why: string): void {
    member.cancelSession();
    dismiss(member, ErrorCode.UNKNOWN_MEMBER_ID);
    this.#members.delete(member.id);
    this.#log(`Group ${this.id}: member ${member.id} ${why}.`);
    this.#prepareRebalance();
  }

  /** Silence is counted from now on, but not while we are the ones to answer. */
  #startSession(member: Member): void {
    member.cancelSession();
    if (member.answerJoin !== null || member.answerSync !== null) return;
    member.cancelSession = this.#clock.after(member.sessionTimeoutMs, () => {
      this.#remove(member, `was silent for ${String(member.sessionTimeoutMs)} ms`);
    });
  }

  #byInstance(instanceId: string | null): Member | undefined {
    if (instanceId === null) return undefined;
    return this.members.find((member) => member.instanceId === instanceId);
  }

  /** The member that says it is this one, or the error code it deserves. */
  #check(memberId: string, instanceId: string | null, generation: number): Member | number {
    const instance = this.#byInstance(instanceId);
    if (instance !== undefined && instance.id !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
    const member = this.#members.get(memberId);
    if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    return generation === this.#agreed.generation ? member : ErrorCode.ILLEGAL_GENERATION;
  }
}
