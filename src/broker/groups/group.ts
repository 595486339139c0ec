/**
 * One consumer group: the state machine of Kafka's classic rebalance protocol.
 *
 *   Empty ──join──► PreparingRebalance ──all joined──► CompletingRebalance ──leader synced──► Stable
 *     ▲                     ▲   │ nobody joined               │                                │
 *     └─────────────────────┼───┘                             │      a member joins, leaves    │
 *                           └─────────────────────────────────┴──────── or falls silent ◄──────┘
 *
 * Simplified: generations are not on disk, so after a restart the members join anew, from 1; a
 * static member that misses a rebalance is dropped at its end, not only when its session is over.
 * Source: KIP-62, KIP-345 (static members), KIP-394 (member ids).
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { MAX_GROUP_MEMBERS, MAX_MEMBER_BYTES } from '../limits.js';
import { ErrorCode } from '../wire/error-code.js';
import {
  chooseProtocol,
  dismiss,
  NO_BYTES,
  newMember,
  protocolError,
  refusedJoin,
  refusedSync,
  sameProtocols,
  type JoinRequest,
  type JoinResult,
  type Member,
  type SyncRequest,
  type SyncResult,
} from './member.js';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/**
 * group.initial.rebalance.delay.ms: how long an empty group waits for further first members, and
 * once more each time one comes. Kafka's own default is 3 s; members here start on one machine.
 */
export const INITIAL_REBALANCE_DELAY_MS = 100;

export class Group {
  readonly id: string;
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  readonly #members = new Map<string, Member>();
  /** Ids given out that have not joined yet, with what stops their timer. */
  readonly #pending = new Map<string, () => void>();
  #state: GroupState = 'Empty';
  #generation = 0;
  #protocolType = '';
  #protocolName = '';
  #leader = '';
  #cancelRebalance: () => void = () => undefined;
  /** Set while first members are gathered: the time that this ends at the latest. */
  #gatherUntil: number | null = null;
  #joinedWhileGathering = false;

  constructor(id: string, clock: Clock, log: (message: string) => void) {
    this.id = id;
    this.#clock = clock;
    this.#log = log;
  }

  get state(): GroupState {
    return this.#state;
  }

  get protocolType(): string {
    return this.#protocolType;
  }

  /** Empty until the members have agreed on one. */
  get protocolName(): string {
    return this.#protocolName;
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Nobody is in it or about to be. */
  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#pending.size === 0;
  }

  /** Of this member, in the protocol that was chosen. */
  metadataOf(member: Member): Buffer {
    return member.protocols.find(({ name }) => name === this.#protocolName)?.metadata ?? NO_BYTES;
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
      if (checked.id === this.#leader) this.#assign(request);
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
    const cancelPending = this.#pending.get(memberId);
    if (cancelPending !== undefined) {
      cancelPending();
      this.#pending.delete(memberId);
      this.#completeIfAllJoined();
      return ErrorCode.NONE;
    }
    const named = memberId === '' && instanceId !== null ? this.#byInstance(instanceId) : undefined;
    const checked = named ?? this.#check(memberId, instanceId, this.#generation);
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
    const bytes = request.protocols.reduce((sum, { metadata }) => sum + metadata.length, 0);
    const isNew = request.memberId === '';
    if (isNew && this.#members.size + this.#pending.size >= MAX_GROUP_MEMBERS) {
      return ErrorCode.GROUP_MAX_SIZE_REACHED;
    }
    if (bytes > MAX_MEMBER_BYTES) return ErrorCode.INVALID_REQUEST;
    if (others.length > 0 && request.protocolType !== this.#protocolType) {
      return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
    }
    return protocolError(others, request);
  }

  #joinNew(request: JoinRequest): Promise<JoinResult> {
    const { instanceId, clientId } = request;
    const memberId = `${instanceId ?? clientId}-${randomUUID()}`;
    if (instanceId !== null) {
      const predecessor = this.#byInstance(instanceId);
      return predecessor === undefined
        ? this.#add(memberId, request)
        : this.#replaceStatic(predecessor, memberId, request);
    }
    if (!request.memberIdRequired) return this.#add(memberId, request);
    const cancel = this.#clock.after(request.sessionTimeoutMs, () => {
      this.#pending.delete(memberId);
      this.#completeIfAllJoined();
    });
    this.#pending.set(memberId, cancel);
    return Promise.resolve(refusedJoin(ErrorCode.MEMBER_ID_REQUIRED, memberId));
  }

  #joinAgain(request: JoinRequest): Promise<JoinResult> {
    const { memberId } = request;
    const cancelPending = this.#pending.get(memberId);
    if (cancelPending !== undefined) {
      cancelPending();
      this.#pending.delete(memberId);
      return this.#add(memberId, request);
    }
    const member = this.#check(memberId, request.instanceId, this.#generation);
    if (typeof member === 'number') return Promise.resolve(refusedJoin(member, memberId));
    const unchanged = sameProtocols(member.protocols, request.protocols);
    const settled =
      (this.#state === 'Stable' && memberId !== this.#leader) ||
      this.#state === 'CompletingRebalance';
    if (unchanged && settled) {
      this.#startSession(member);
      return Promise.resolve(this.#joined(member));
    }
    return this.#awaitJoin(member, request);
  }

  #add(memberId: string, request: JoinRequest): Promise<JoinResult> {
    const member = newMember(memberId, request);
    this.#members.set(memberId, member);
    this.#protocolType = request.protocolType;
    this.#joinedWhileGathering = true;
    return this.#awaitJoin(member, request);
  }

  /** A static member that was started again takes its own place, if it can without a rebalance. */
  #replaceStatic(old: Member, memberId: string, request: JoinRequest): Promise<JoinResult> {
    const leader = this.#leader;
    const member = { ...newMember(memberId, request), assignment: old.assignment };
    old.cancelSession();
    dismiss(old, ErrorCode.FENCED_INSTANCE_ID);
    this.#members.delete(old.id);
    this.#members.set(memberId, member);
    if (leader === old.id) this.#leader = memberId;
    if (this.#state === 'Stable' && sameProtocols(old.protocols, request.protocols)) {
      this.#startSession(member);
      // The leader's old id, so that it does not take itself for one that has to assign.
      return Promise.resolve({ ...this.#joined(member), leader, members: [] });
    }
    return this.#awaitJoin(member, request);
  }

  #awaitJoin(member: Member, request: JoinRequest): Promise<JoinResult> {
    return new Promise((resolve) => {
      dismiss(member, ErrorCode.REBALANCE_IN_PROGRESS);
      member.cancelSession();
      member.protocols = request.protocols;
      member.sessionTimeoutMs = request.sessionTimeoutMs;
      member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
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
      if (first) {
        this.#gather(this.#clock.now() + timeoutMs);
        return;
      }
      this.#cancelRebalance = this.#clock.after(timeoutMs, () => this.#completeJoin());
    }
    this.#completeIfAllJoined();
  }

  #gather(untilMs: number): void {
    this.#gatherUntil = untilMs;
    this.#joinedWhileGathering = false;
    const remainingMs = untilMs - this.#clock.now();
    const delayMs = Math.max(0, Math.min(INITIAL_REBALANCE_DELAY_MS, remainingMs));
    this.#cancelRebalance = this.#clock.after(delayMs, () => {
      if (this.#joinedWhileGathering && this.#clock.now() < untilMs) this.#gather(untilMs);
      else this.#completeJoin();
    });
  }

  #completeIfAllJoined(): void {
    if (this.#state !== 'PreparingRebalance') return;
    const gathering = this.#gatherUntil !== null && this.#members.size > 0;
    const allJoined = this.members.every((member) => member.answerJoin !== null);
    if (!gathering && allJoined && this.#pending.size === 0) this.#completeJoin();
  }

  #completeJoin(): void {
    this.#cancelRebalance();
    this.#gatherUntil = null;
    for (const member of this.members) {
      if (member.answerJoin !== null) continue;
      member.cancelSession();
      this.#members.delete(member.id);
      this.#log(`Group ${this.id}: member ${member.id} did not rejoin in time.`);
    }
    this.#generation++;
    const [first] = this.members;
    this.#state = first === undefined ? 'Empty' : 'CompletingRebalance';
    this.#protocolName = chooseProtocol(this.members) ?? '';
    if (!this.#members.has(this.#leader)) this.#leader = first?.id ?? '';
    for (const member of this.members) {
      member.assignment = NO_BYTES;
      const answer = member.answerJoin;
      member.answerJoin = null;
      this.#startSession(member);
      answer?.(this.#joined(member));
    }
  }

  #joined(member: Member): JoinResult {
    const members = this.members.map((each) => ({
      memberId: each.id,
      instanceId: each.instanceId,
      metadata: this.metadataOf(each),
    }));
    return {
      errorCode: ErrorCode.NONE,
      generation: this.#generation,
      protocolName: this.#protocolName,
      leader: this.#leader,
      memberId: member.id,
      members: member.id === this.#leader ? members : [],
    };
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

  #byInstance(instanceId: string): Member | undefined {
    return this.members.find((member) => member.instanceId === instanceId);
  }

  /** The member that says it is this one, or the error code it deserves. */
  #check(memberId: string, instanceId: string | null, generation: number): Member | number {
    const instance = instanceId === null ? undefined : this.#byInstance(instanceId);
    if (instance !== undefined && instance.id !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
    const member = this.#members.get(memberId);
    if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    return generation === this.#generation ? member : ErrorCode.ILLEGAL_GENERATION;
  }
}
