import { setMaxListeners } from 'node:events';
import type { GroupStore } from './group-store.js';

/** What the member's client does for an assignment. */
export interface PartitionFetching {
  /** Nothing more of this partition is handed over. */
  hold(partition: number): void;
  /** Hands over what this partition has from `offset` on. */
  fetchFrom(partition: number, offset: bigint): void;
  /** The partition's position has moved: it is to be committed to Kafka, soon. */
  moved(partition: number): void;
}

/** Where one partition of the assignment stands. */
interface Place {
  /** Of the next record to work on; null until it is known where to start. */
  position: bigint | null;
  /** Where the store stands; null where it knows nothing of the partition. */
  applied: bigint | null;
  isHeld: boolean;
}

/** What is committed to Kafka of one partition. */
export interface Reached {
  readonly position: bigint;
  readonly applied: bigint | null;
}

/**
 * The partitions that a member has between two rebalances, shared by the member, which fetches, and
 * the worker, which decides. A rebalance replaces it whole: what was handed out under an assignment
 * that has ended changes nothing any more.
 */
export class Assignment {
  readonly #places: ReadonlyMap<number, Place>;
  readonly #controller = new AbortController();
  readonly #fetching: PartitionFetching;
  #isOver = false;

  /**
   * Every partition is held until startAt() says where to start. `stores`: of all members of the group,
   * as its leader saw them; none where it does not say.
   */
  constructor(
    partitions: readonly number[],
    fetching: PartitionFetching,
    readonly stores: readonly GroupStore[] = [],
  ) {
    this.#places = new Map(
      partitions.map((partition) => [partition, { position: null, applied: null, isHeld: true }]),
    );
    this.#fetching = fetching;
    // Each partition may wait for something.
    setMaxListeners(0, this.signal);
    for (const partition of partitions) fetching.hold(partition);
  }

  get partitions(): readonly number[] {
    return [...this.#places.keys()];
  }

  /** Aborts when the partitions are given away, the connection is lost, or the member stops. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether records of this partition may be worked on now. */
  isReading(partition: number): boolean {
    return !this.signal.aborted && this.#places.get(partition)?.isHeld === false;
  }

  /** Of the next record to work on; null where it is not known, or the partition is not ours. */
  position(partition: number): bigint | null {
    return this.#places.get(partition)?.position ?? null;
  }

  /** What was worked on, by partition: for the commit to Kafka. */
  reached(): ReadonlyMap<number, Reached> {
    const known = new Map<number, Reached>();
    for (const [partition, { position, applied }] of this.#places) {
      if (position !== null) known.set(partition, { position, applied });
    }
    return known;
  }

  /** Works on no more of this partition until readFrom(). The other partitions go on. */
  hold(partition: number): void {
    const place = this.#current(partition);
    if (place === null) return;
    place.isHeld = true;
    this.#fetching.hold(partition);
  }

  /** Starts at `offset`, with the store at `applied`. */
  startAt(partition: number, offset: bigint, applied: bigint | null): void {
    const place = this.#current(partition);
    if (place === null) return;
    place.applied = applied;
    this.readFrom(partition, offset);
  }

  /** Goes on at `offset` after hold(). */
  readFrom(partition: number, offset: bigint): void {
    const place = this.#current(partition);
    if (place === null) return;
    place.position = offset;
    place.isHeld = false;
    this.#fetching.fetchFrom(partition, offset);
    this.#fetching.moved(partition);
  }

  /** Everything before `nextOffset` is durable in the store. Throws RangeError where that goes back. */
  advance(partition: number, nextOffset: bigint): void {
    this.#move(partition, nextOffset, nextOffset);
  }

  /** There is no record before `nextOffset` that the store lacks. Throws RangeError as advance does. */
  pass(partition: number, nextOffset: bigint): void {
    this.#move(partition, nextOffset, null);
  }

  #move(partition: number, nextOffset: bigint, applied: bigint | null): void {
    const place = this.#isOver ? undefined : this.#places.get(partition);
    if (place === undefined) return;
    if (place.position !== null && nextOffset < place.position) {
      throw new RangeError(
        `partition ${String(partition)} can't go back from offset ${place.position.toString()} to ${nextOffset.toString()}`,
      );
    }
    place.position = nextOffset;
    place.applied = applied ?? place.applied;
    this.#fetching.moved(partition);
  }

  /** The member stops: works on nothing more, but what is on its way to the store still counts. */
  close(): void {
    this.#controller.abort();
  }

  /** The partitions belong to other members from now on. */
  end(): void {
    this.#isOver = true;
    this.#controller.abort();
  }

  #current(partition: number): Place | null {
    return this.signal.aborted ? null : (this.#places.get(partition) ?? null);
  }
}
