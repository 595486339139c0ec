import { Assignment } from '../../../src/ports/assignment.js';
import type {
  AssignmentWorker,
  GroupMember,
  MemberListener,
} from '../../../src/ports/group-member.js';
import type { CommittedOffset, GroupStore, StoreMark } from '../../../src/ports/group-store.js';
import type { MemoryLog } from './log.js';
import type { VirtualClock } from '../clock/virtual.js';

export interface MemoryGroupOptions {
  readonly log: MemoryLog;
  readonly clock: VirtualClock;
  /** The most records that one fetch gives. */
  readonly fetchRecords?: number;
  /** How long the coordinator takes to let a member in, as Kafka's initial rebalance delay. */
  readonly joinMs?: number;
}

/** A consumer group in memory: who has which partition, what was committed. */
export class MemoryGroup {
  readonly committed = new Map<number, bigint>();
  /** What the members committed with it; a test that sets an offset alone is another program. */
  readonly marks = new Map<number, StoreMark>();
  /** Why the coordinator refuses every commit. */
  refusal: Error | null = null;
  readonly #members: MemoryMember[] = [];
  #isRebalancing = false;

  constructor(readonly options: MemoryGroupOptions) {}

  get members(): readonly GroupMember[] {
    return this.#members;
  }

  member(store: GroupStore): GroupMember {
    return new MemoryMember(this, store);
  }

  /** By partition. */
  offsets(): ReadonlyMap<number, CommittedOffset> {
    return new Map(
      [...this.committed].map(([partition, offset]) => [
        partition,
        { offset, mark: this.marks.get(partition) ?? null },
      ]),
    );
  }

  /** Of its members, each once. */
  get stores(): readonly GroupStore[] {
    return [...new Set(this.#members.map(({ store }) => store))];
  }

  async join(member: MemoryMember): Promise<void> {
    const { clock, joinMs } = this.options;
    if (joinMs !== undefined) await clock.wait(joinMs);
    if (member.hasStopped) return;
    this.#members.push(member);
    await this.rebalance();
  }

  async leave(member: MemoryMember): Promise<void> {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    await this.rebalance();
  }

  /**
   * Assigns the partitions again once every member has ended the batch it works on, as members do
   * that notice it with a heartbeat.
   */
  async rebalance(): Promise<void> {
    if (this.#isRebalancing) return;
    this.#isRebalancing = true;
    for (const member of this.#members) member.end();
    await Promise.all(this.#members.map((member) => member.idle()));
    this.#isRebalancing = false;
    this.#deal();
  }

  /** Gives everything to the others while this member works on and notices nothing: a zombie. */
  evict(member: GroupMember): void {
    if (member instanceof MemoryMember) member.evict();
    const others = this.#members.filter((other) => other !== member);
    this.#members.splice(0, this.#members.length, ...others);
    this.#deal();
  }

  lag(): Promise<bigint> {
    return this.options.log.bounds().then((bounds) =>
      bounds.reduce((lag, { partition, startOffset, endOffset }) => {
        const committed = this.committed.get(partition) ?? startOffset;
        return lag + endOffset - (committed > startOffset ? committed : startOffset);
      }, 0n),
    );
  }

  #deal(): void {
    const partitions = Array.from({ length: this.options.log.partitions }, (_unused, p) => p);
    this.#members.forEach((member, index) => {
      member.assign(partitions.filter((p) => p % this.#members.length === index));
    });
  }
}

const CLAIM_AGAIN_MS = 500;

/** One member. Batches come one at a time; a partition that is held does not hold up the others. */
class MemoryMember implements GroupMember {
  readonly #group: MemoryGroup;
  #listener: MemberListener | null = null;
  #held: { readonly assignment: Assignment; readonly worker: AssignmentWorker } | null = null;
  #stopping = false;
  #working: Promise<void> = Promise.resolve();
  #isPolling = false;
  #turn = 0;
  /** The coordinator refuses its commits. */
  #isEvicted = false;
  #goneForOthers: () => void = () => undefined;
  readonly #evicted = new Promise<void>((resolve) => (this.#goneForOthers = resolve));
  #unwatch: () => void = () => undefined;

  constructor(
    group: MemoryGroup,
    readonly store: GroupStore,
  ) {
    this.#group = group;
  }

  start(listener: MemberListener): void {
    this.#listener = listener;
    this.#unwatch = this.#group.options.log.watch(() => {
      this.#poll();
    });
    void this.#group.join(this);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#held?.assignment.close();
    this.#unwatch();
    await this.#working;
    this.end();
    await this.#group.leave(this);
  }

  get hasStopped(): boolean {
    return this.#stopping;
  }

  /** A rebalance waits for a member that works, not for one that was put out meanwhile. */
  idle(): Promise<void> {
    return Promise.race([this.#working, this.#evicted]);
  }

  evict(): void {
    this.#isEvicted = true;
    this.#goneForOthers();
  }

  end(): void {
    this.#held?.assignment.end();
    this.#held = null;
  }

  assign(partitions: readonly number[]): void {
    this.end();
    if (this.#listener === null || this.#stopping) return;
    const fetching = {
      hold: () => undefined,
      fetchFrom: () => {
        this.#poll();
      },
      moved: (partition: number) => {
        this.#commit(assignment, partition);
      },
    };
    const assignment: Assignment = new Assignment(partitions, fetching, this.#group.stores);
    this.#held = { assignment, worker: this.#listener.assigned(assignment) };
    this.#poll();
  }

  /** Before the first record of a partition that the store knows nothing of. */
  #claim(assignment: Assignment, partition: number): boolean {
    const { position, applied } = assignment.reached().get(partition) ?? NOT_STARTED;
    if (applied !== null || this.#commit(assignment, partition, 0n)) return true;
    assignment.hold(partition);
    void this.#group.options.clock.wait(CLAIM_AGAIN_MS, assignment.signal).then(() => {
      assignment.readFrom(partition, position);
    });
    return false;
  }

  /** False where the coordinator refuses it. */
  #commit(assignment: Assignment, partition: number, least = 1n): boolean {
    const { position, applied } = assignment.reached().get(partition) ?? NOT_STARTED;
    // Offset 0 says no more than that nothing is committed.
    if (position < least || this.#isEvicted) return true;
    this.#listener?.committed(this.#group.refusal);
    if (this.#group.refusal !== null) return false;
    this.#group.committed.set(partition, position);
    this.#group.marks.set(partition, { ...this.store, applied });
    return true;
  }

  /** Starts working unless it does already. */
  #poll(): void {
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#working = this.#work();
  }

  async #work(): Promise<void> {
    // What was called for may not have been set up yet.
    await Promise.resolve();
    for (;;) {
      const held = this.#held;
      const partition = held === null ? null : this.#nextPartition(held.assignment);
      if (held === null || partition === null) {
        this.#isPolling = false;
        return;
      }
      const { assignment, worker } = held;
      const { log, fetchRecords = 50 } = this.#group.options;
      const from = assignment.position(partition) ?? 0n;
      if (from < log.startOffset(partition)) {
        assignment.hold(partition);
        worker.positionLost(partition);
        continue;
      }
      const { records, nextOffset } = log.fetch(partition, from, fetchRecords);
      if (records.length === 0) {
        // Only markers: nobody is handed them, but the offset moves on.
        assignment.pass(partition, nextOffset);
        continue;
      }
      if (!this.#claim(assignment, partition)) continue;
      await worker.fetched({ topic: log.topic, partition, records, nextOffset });
    }
  }

  #nextPartition(assignment: Assignment): number | null {
    this.#turn += 1;
    const { partitions } = assignment;
    for (let step = 0; step < partitions.length; step += 1) {
      const partition = partitions[(this.#turn + step) % partitions.length];
      if (partition === undefined || !assignment.isReading(partition)) continue;
      const position = assignment.position(partition) ?? 0n;
      if (this.#group.options.log.fetch(partition, position, 1).nextOffset > position) {
        return partition;
      }
    }
    return null;
  }
}

const NOT_STARTED = { position: 0n, applied: null };
