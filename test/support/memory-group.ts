import type {
  GroupMember,
  MemberListener,
  PartitionSession,
} from '../../src/ports/group-member.js';
import type { MemoryLog } from './memory-log.js';
import type { VirtualClock } from './virtual-clock.js';

export interface MemoryGroupOptions {
  readonly log: MemoryLog;
  readonly clock: VirtualClock;
  /** The most records that one fetch gives. */
  readonly fetchRecords?: number;
  /** Every heartbeat takes this long, so that other members have their turn. */
  readonly heartbeatMs?: number;
  /** How long the coordinator takes to let a member in, as Kafka's initial rebalance delay. */
  readonly joinMs?: number;
}

/** A consumer group in memory: who has which partition, what was committed. */
export class MemoryGroup {
  readonly committed = new Map<number, bigint>();
  readonly heartbeats: { readonly member: number; readonly atMs: number }[] = [];
  readonly #members: MemoryMember[] = [];
  #isRebalancing = false;

  constructor(readonly options: MemoryGroupOptions) {}

  get members(): readonly GroupMember[] {
    return this.#members;
  }

  member(): GroupMember {
    return new MemoryMember(this);
  }

  async join(member: MemoryMember): Promise<void> {
    const { clock, joinMs } = this.options;
    if (joinMs !== undefined) await clock.wait(joinMs);
    this.#members.push(member);
    await this.rebalance();
  }

  async leave(member: MemoryMember): Promise<void> {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    await this.rebalance();
  }

  /**
   * Deals the partitions out anew once every member has let go of its batch in hand, as members do
   * that notice it with a heartbeat.
   */
  async rebalance(): Promise<void> {
    if (this.#isRebalancing) return;
    this.#isRebalancing = true;
    for (const member of this.#members) member.revoke();
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

/** One member. Batches come one at a time; a partition that is held back holds up no other. */
class MemoryMember implements GroupMember {
  readonly #group: MemoryGroup;
  readonly #positions = new Map<number, bigint>();
  readonly #pauses = new Map<number, () => void>();
  #listener: MemberListener | null = null;
  #generation = 0;
  #assigned: readonly number[] = [];
  #stopping = false;
  #working: Promise<void> = Promise.resolve();
  #isPolling = false;
  #turn = 0;
  /** The coordinator refuses its commits. */
  #isEvicted = false;
  #goneForOthers: () => void = () => undefined;
  readonly #evicted = new Promise<void>((resolve) => (this.#goneForOthers = resolve));
  #unwatch: () => void = () => undefined;

  constructor(group: MemoryGroup) {
    this.#group = group;
  }

  async start(listener: MemberListener): Promise<void> {
    this.#listener = listener;
    this.#unwatch = this.#group.options.log.watch(() => {
      this.#poll();
    });
    await this.#group.join(this);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const cancel of this.#pauses.values()) cancel();
    await this.#working;
    this.#unwatch();
    await this.#group.leave(this);
  }

  /** A rebalance waits for a member that works, not for one that was put out meanwhile. */
  idle(): Promise<void> {
    return Promise.race([this.#working, this.#evicted]);
  }

  evict(): void {
    this.#isEvicted = true;
    this.#goneForOthers();
  }

  revoke(): void {
    this.#generation += 1;
  }

  assign(partitions: readonly number[]): void {
    this.#generation += 1;
    this.#assigned = partitions;
    this.#positions.clear();
    for (const cancel of this.#pauses.values()) cancel();
    this.#pauses.clear();
    void this.#lookUp(this.#generation);
  }

  async #lookUp(generation: number): Promise<void> {
    const listener = this.#listener;
    if (listener === null) return;
    try {
      const starts = await listener.assigned(this.#assigned);
      if (generation !== this.#generation) return;
      for (const [partition, offset] of starts) {
        this.#positions.set(partition, offset);
        if (offset > 0n) this.#commit(partition, offset);
      }
      this.#poll();
    } catch (error) {
      listener.failed(error as Error);
    }
  }

  /** Starts working unless it does already. */
  #poll(): void {
    if (this.#isPolling || this.#listener === null) return;
    this.#isPolling = true;
    this.#working = this.#work(this.#listener).finally(() => {
      this.#isPolling = false;
    });
  }

  async #work(listener: MemberListener): Promise<void> {
    for (;;) {
      const partition = this.#nextPartition();
      if (partition === null || this.#stopping) return;
      const from = this.#positions.get(partition) ?? 0n;
      const { log, fetchRecords = 50 } = this.#group.options;
      const { records, nextOffset } = log.fetch(partition, from, fetchRecords);
      if (records.length === 0) {
        // Only markers: nobody is handed them, but the offset moves on.
        this.#positions.set(partition, nextOffset);
        this.#commit(partition, nextOffset);
        continue;
      }
      const session = this.#session(partition);
      await listener.fetched({ topic: log.topic, partition, records, nextOffset }, session);
    }
  }

  #nextPartition(): number | null {
    this.#turn += 1;
    const { length } = this.#assigned;
    for (let step = 0; step < length; step += 1) {
      const partition = this.#assigned[(this.#turn + step) % length];
      if (partition === undefined || this.#pauses.has(partition)) continue;
      const position = this.#positions.get(partition);
      if (position === undefined) continue;
      if (this.#group.options.log.fetch(partition, position, 1).nextOffset > position) {
        return partition;
      }
    }
    return null;
  }

  #commit(partition: number, nextOffset: bigint): void {
    if (!this.#isEvicted) this.#group.committed.set(partition, nextOffset);
  }

  #session(partition: number): PartitionSession {
    const generation = this.#generation;
    const assigned = this.#assigned;
    const { clock, heartbeatMs } = this.#group.options;
    const isCurrent = () =>
      generation === this.#generation && !this.#stopping && !this.#pauses.has(partition);
    return {
      isCurrent,
      heartbeat: async () => {
        this.#group.heartbeats.push({ member: generation, atMs: clock.now() });
        if (heartbeatMs !== undefined) await clock.wait(heartbeatMs);
      },
      commit: (nextOffset) => {
        // While a rebalance is only being prepared, the coordinator still takes it.
        if (assigned === this.#assigned) {
          this.#positions.set(partition, nextOffset);
          this.#commit(partition, nextOffset);
        }
        return Promise.resolve();
      },
      pause: (offset, ms) => {
        if (generation !== this.#generation) return;
        this.#positions.set(partition, offset);
        const cancel = clock.after(ms, () => {
          this.#pauses.delete(partition);
          this.#poll();
        });
        this.#pauses.set(partition, cancel);
      },
      lost: () => {
        this.assign([...this.#assigned]);
      },
    };
  }
}
