import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Assignment } from '../../src/ports/assignment.js';
import type { GroupStore, StoreMark } from '../../src/ports/group-store.js';
import type { FetchedBatch, GroupMember } from '../../src/ports/group-member.js';
import { eventually } from '../support/eventually.js';

/** A topic of two partitions, and members of one group that reads it. */
export interface GroupUnderTest {
  member(store: GroupStore): GroupMember;
  /** Values, in this order. */
  append(partition: number, ...values: readonly string[]): Promise<void>;
  /** As retention does. */
  deleteBefore(partition: number, offset: bigint): Promise<void>;
  /** What the group has committed; null: nothing. */
  committed(partition: number): Promise<bigint | null>;
  /** What was committed with it. */
  mark(partition: number): Promise<StoreMark | null>;
  close(): Promise<void>;
}

const STORE = {
  id: 'one',
  host: 'host-1',
  path: '/one/coupons.db',
  sinceMs: 1_700_000_000_000,
  pid: 7,
};

/** A member that keeps what it is handed. */
export class Reader {
  readonly assignments: Assignment[] = [];
  readonly batches: FetchedBatch[] = [];
  readonly failures: Error[] = [];
  /** What the coordinator said of commits: null where it took one. */
  readonly commits: (Error | null)[] = [];
  /** Partitions whose position the log has lost. */
  readonly lost: number[] = [];
  /** Runs for each batch, in place of advancing to its end. */
  onBatch: (batch: FetchedBatch, assignment: Assignment) => Promise<void> | void = (
    { partition, nextOffset },
    assignment,
  ) => {
    assignment.advance(partition, nextOffset);
  };
  /** Where a partition of a new assignment is to be read from; null: not yet. */
  startOf: (partition: number) => bigint | null = () => 0n;
  #atOnce = 0;
  /** The most batches that it was handed at the same time. */
  mostAtOnce = 0;

  constructor(readonly member: GroupMember) {}

  start(): this {
    this.member.start({
      assigned: (assignment) => {
        this.assignments.push(assignment);
        for (const partition of assignment.partitions) {
          const start = this.startOf(partition);
          if (start !== null) assignment.readFrom(partition, start);
        }
        return {
          positionLost: (partition) => {
            this.lost.push(partition);
            const start = this.startOf(partition);
            if (start !== null) assignment.readFrom(partition, start);
          },
          fetched: async (batch) => {
            this.#atOnce += 1;
            this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
            this.batches.push(batch);
            await this.onBatch(batch, assignment);
            this.#atOnce -= 1;
          },
        };
      },
      committed: (refusal) => this.commits.push(refusal),
      failed: (error) => this.failures.push(error),
    });
    return this;
  }

  get assignment(): Assignment | null {
    return this.assignments.at(-1) ?? null;
  }

  get partitions(): readonly number[] {
    const { assignment } = this;
    return assignment === null || assignment.signal.aborted ? [] : assignment.partitions;
  }

  /** The values of this partition, in the order in which they were handed over. */
  values(partition: number): readonly string[] {
    return this.batches
      .filter((batch) => batch.partition === partition)
      .flatMap(({ records }) => records.map(({ value }) => String(value)));
  }
}

/** Holds a member to what src/ports/group-member.ts says. */
export function groupMemberContract(name: string, open: () => Promise<GroupUnderTest>): void {
  describe(name, () => {
    let group: GroupUnderTest;
    let members: GroupMember[] = [];

    beforeEach(async () => {
      group = await open();
    });

    afterEach(async () => {
      await Promise.all(members.map((member) => member.stop()));
      members = [];
      await group.close();
    });

    const join = (
      prepare: (reader: Reader) => void = () => undefined,
      store: GroupStore = STORE,
    ): Reader => {
      const reader = new Reader(group.member(store));
      members.push(reader.member);
      prepare(reader);
      return reader.start();
    };

    const owns = (reader: Reader, count: number) =>
      eventually(() => reader.partitions.length === count);

    it('is handed every record of its partitions, in order, one batch at a time', async () => {
      await group.append(0, 'a', 'b', 'c');
      await group.append(1, 'x', 'y');
      const reader = join();
      await eventually(() => reader.values(0).length === 3 && reader.values(1).length === 2);
      await group.append(0, 'd');
      await eventually(() => reader.values(0).length === 4);

      expect(reader.values(0)).toEqual(['a', 'b', 'c', 'd']);
      expect(reader.values(1)).toEqual(['x', 'y']);
      expect(reader.mostAtOnce).toBe(1);
    });

    it('hands over nothing before it is known where to start, and starts there', async () => {
      await group.append(0, 'a', 'b', 'c');
      await group.append(1, 'x');
      const reader = join((each) => {
        each.startOf = (partition) => (partition === 0 ? null : 0n);
      });
      await eventually(() => reader.values(1).length === 1);
      expect(reader.values(0)).toEqual([]);
      reader.assignment?.readFrom(0, 2n);
      await eventually(() => reader.values(0).length === 1);
      expect(reader.values(0)).toEqual(['c']);
    });

    it('leaves a partition alone that is held, goes on with the others, and then where it is told', async () => {
      await group.append(0, 'a', 'b', 'c');
      const reader = join((each) => {
        each.onBatch = ({ partition, nextOffset }, assignment) => {
          if (partition === 0) assignment.hold(0);
          else assignment.advance(partition, nextOffset);
        };
      });
      await eventually(() => reader.values(0).length > 0);
      const before = reader.values(0);
      await group.append(0, 'd');
      await group.append(1, 'x', 'y');
      await eventually(() => reader.values(1).length === 2);
      expect(reader.values(0)).toEqual(before);

      reader.onBatch = ({ partition, nextOffset }, assignment) => {
        assignment.advance(partition, nextOffset);
      };
      reader.assignment?.readFrom(0, 1n);
      await eventually(() => reader.values(0).at(-1) === 'd');
      expect(reader.values(0).slice(before.length)).toEqual(['b', 'c', 'd']);
    });

    it('hands over again what was not advanced over', async () => {
      await group.append(0, 'a', 'b', 'c');
      const reader = join((each) => {
        each.onBatch = ({ records }, assignment) => {
          const [first] = records;
          if (first !== undefined) assignment.advance(0, first.offset + 1n);
        };
      });
      await eventually(() => reader.values(0).at(-1) === 'c' && reader.batches.length >= 3);
      const firsts = reader.batches.map(({ records }) => String(records[0]?.value));
      expect(firsts).toEqual(['a', 'b', 'c']);
    });

    it('asks where to go on where retention has deleted what is due', async () => {
      await group.append(0, 'a', 'b', 'c');
      const reader = join((each) => {
        each.startOf = (partition) => (partition === 0 ? null : 0n);
      });
      await owns(reader, 2);
      await group.deleteBefore(0, 2n);
      reader.startOf = () => 2n;
      reader.assignment?.readFrom(0, 1n);
      await eventually(() => reader.values(0).length === 1);
      expect(reader.lost).toEqual([0]);
      expect(reader.values(0)).toEqual(['c']);
      await eventually(async () => (await group.committed(0)) === 3n);
    });

    it('commits the positions', async () => {
      await group.append(0, 'a', 'b', 'c');
      join();
      await eventually(async () => (await group.committed(0)) === 3n);
      expect(await group.committed(1)).toBeNull();
      await group.append(0, 'd');
      await eventually(async () => (await group.committed(0)) === 4n);
    });

    it('commits with a position which store it follows, and how far that is', async () => {
      await group.append(0, 'a', 'b', 'c');
      const reader = join((each) => {
        each.startOf = () => null;
        each.onBatch = () => undefined;
      });
      await owns(reader, 2);
      reader.assignment?.startAt(0, 2n, 1n);
      await eventually(async () => (await group.mark(0)) !== null);
      expect(await group.committed(0)).toBe(2n);
      expect(await group.mark(0)).toEqual({ ...STORE, applied: 1n });
      expect(await group.mark(1)).toBeNull();
      reader.assignment?.pass(0, 3n);
      await eventually(async () => (await group.committed(0)) === 3n);
      expect(await group.mark(0)).toEqual({ ...STORE, applied: 1n });
      reader.assignment?.advance(0, 4n);
      await eventually(async () => (await group.committed(0)) === 4n);
      expect(await group.mark(0)).toEqual({ ...STORE, applied: 4n });
    });

    it('commits which store it follows before it hands over what the store knows nothing of', async () => {
      await group.append(0, 'a');
      const seen: (readonly [bigint | null, StoreMark | null])[] = [];
      join((each) => {
        each.onBatch = async ({ partition, nextOffset }, assignment) => {
          seen.push([await group.committed(0), await group.mark(0)]);
          assignment.advance(partition, nextOffset);
        };
      });
      await eventually(() => seen.length > 0);
      expect(seen[0]).toEqual([0n, { ...STORE, applied: null }]);
    });

    it('learns with its partitions on which stores the members of the group work', async () => {
      const first = join();
      await owns(first, 2);
      expect(first.assignment?.stores).toEqual([STORE]);
      const other = { ...STORE, id: 'two', path: '/two/coupons.db' };
      const [second, third] = [join(undefined, other), join(undefined, other)];
      const all = [first, second, third];
      // One more member than there are partitions: one has none, and learns it as well.
      await eventually(() =>
        all.every(
          ({ assignment }) =>
            assignment?.signal.aborted === false && assignment.stores.length === 2,
        ),
      );
      for (const { assignment } of all) {
        expect(assignment?.stores).toEqual(expect.arrayContaining([STORE, other]));
      }
    });

    it('shares the partitions with a second member: the first assignment ends', async () => {
      const first = join();
      await owns(first, 2);
      const [old] = first.assignments;
      const second = join();
      await owns(first, 1);
      await owns(second, 1);
      expect([...first.partitions, ...second.partitions].toSorted()).toEqual([0, 1]);
      expect(old?.signal.aborted).toBe(true);

      // What was handed out under the old assignment has no effect: nothing is read twice.
      for (const partition of [0, 1]) old?.readFrom(partition, 0n);
      await group.append(0, 'a');
      await group.append(1, 'x');
      const seen = () => [0, 1].flatMap((p) => [...first.values(p), ...second.values(p)]);
      await eventually(() => seen().length === 2);
      expect(seen().toSorted()).toEqual(['a', 'x']);
    });

    it('gives everything to the others when it stops', async () => {
      const first = join();
      const second = join();
      await owns(first, 1);
      await owns(second, 1);
      await first.member.stop();
      expect(first.partitions).toEqual([]);
      await owns(second, 2);
    });

    it('waits for the batch that is worked on when it stops, and hands over no other', async () => {
      await group.append(0, 'a', 'b');
      let finish: () => void = () => undefined;
      const isFinished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const reader = join((each) => {
        each.onBatch = () => isFinished;
      });
      await eventually(() => reader.batches.length === 1);
      let hasStopped = false;
      const stopped = reader.member.stop().then(() => {
        hasStopped = true;
      });
      expect(reader.assignment?.signal.aborted).toBe(true);
      await group.append(1, 'x');
      expect(hasStopped).toBe(false);
      finish();
      await stopped;
      expect(reader.batches).toHaveLength(1);
    });

    it('can be stopped before it has joined, and takes no partition then', async () => {
      const reader = join();
      await reader.member.stop();
      expect(reader.assignments).toEqual([]);
      const other = join();
      await owns(other, 2);
      expect(reader.failures).toEqual([]);
    });
  });
}
