import type { ConsumeEvent } from './events.js';

/** Which members of a run are in the group, and with which partitions, told from its events. */
export class Membership {
  readonly #now: () => number;
  readonly #partitions = new Map<number, readonly number[]>();
  /** By member. */
  readonly #outSinceMs: Map<number, number>;

  /** So many members, none of which has joined yet. */
  constructor(members: number, now: () => number) {
    this.#now = now;
    this.#outSinceMs = new Map(
      Array.from({ length: members }, (_unused, index) => [index + 1, now()]),
    );
  }

  on(event: ConsumeEvent): void {
    if (event.kind === 'joined') {
      this.#outSinceMs.delete(event.member);
      this.#partitions.set(event.member, event.partitions);
    } else if (event.kind === 'left') {
      this.#partitions.delete(event.member);
      this.#outSinceMs.set(event.member, this.#now());
    }
  }

  /** Of all members. */
  get partitions(): readonly number[] {
    return [...this.#partitions.values()].flat();
  }

  /** The member that has been out of the group for the longest; null where all are in it. */
  get waiting(): { readonly member: number; readonly sinceMs: number } | null {
    const [first] = [...this.#outSinceMs].toSorted(([, a], [, b]) => a - b);
    return first === undefined ? null : { member: first[0], sinceMs: first[1] };
  }
}
