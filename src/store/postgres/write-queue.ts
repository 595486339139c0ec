import type { ApplyBatch, ApplyResult } from '../../ports/coupon-store.js';
import type { NewEvent } from '../../ports/store-history.js';
import {
  MAX_GROUP_RECORDS,
  type Failed,
  type Group,
  type GroupAnswer,
  type GroupResult,
} from '../group.js';

interface WaitingBatch {
  readonly batch: ApplyBatch;
  readonly answer: (result: GroupResult) => void;
}

interface WaitingEvents {
  readonly events: readonly NewEvent[];
  readonly answer: (failure: Failed | null) => void;
}

type OfGroup = WaitingBatch | WaitingEvents;

type Waiting = OfGroup | { readonly write: () => Promise<void> };

/**
 * Writes come one after another, in the order of their calls. All batches and events that wait when
 * the store is free share one transaction (`applyGroup`, which does not throw): while it commits, the
 * next ones gather.
 */
export class WriteQueue {
  readonly #applyGroup: (group: Group) => Promise<GroupAnswer>;
  readonly #waiting: Waiting[] = [];
  #work: Promise<void> | null = null;

  constructor(applyGroup: (group: Group) => Promise<GroupAnswer>) {
    this.#applyGroup = applyGroup;
  }

  async apply(batch: ApplyBatch): Promise<ApplyResult> {
    const result = await new Promise<GroupResult>((answer) => {
      this.#add({ batch, answer });
    });
    if (result.kind === 'failed') throw result.error;
    return result;
  }

  async record(events: readonly NewEvent[]): Promise<void> {
    const failure = await new Promise<Failed | null>((answer) => {
      this.#add({ events, answer });
    });
    if (failure !== null) throw failure.error;
  }

  /** Another write, in its turn. */
  inTurn<T>(write: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#add({ write: () => write().then(resolve, reject) });
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#work;
  }

  #add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#work ??= this.#workOff();
  }

  async #workOff(): Promise<void> {
    // What is asked for before the program waits for anything belongs together.
    await Promise.resolve();
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined) break;
      if ('write' in next) {
        this.#waiting.shift();
        await next.write();
      } else {
        await this.#apply(this.#takeGroup());
      }
    }
    this.#work = null;
  }

  async #apply(waiting: readonly OfGroup[]): Promise<void> {
    const batches = waiting.filter((each) => 'batch' in each);
    const records = waiting.filter((each) => 'events' in each);
    const { results, eventsFailure } = await this.#applyGroup({
      batches: batches.map(({ batch }) => batch),
      events: records.flatMap(({ events }) => events),
    });
    batches.forEach(({ answer }, index) => {
      answer(results[index] ?? { kind: 'failed', error: new RangeError('a batch has no result') });
    });
    for (const { answer } of records) answer(eventsFailure);
  }

  /** The batches and events at the head of what waits. */
  #takeGroup(): readonly OfGroup[] {
    const group: OfGroup[] = [];
    let records = 0;
    for (const waiting of this.#waiting) {
      if ('write' in waiting) break;
      records += 'batch' in waiting ? waiting.batch.entries.length : 0;
      if (group.length > 0 && records > MAX_GROUP_RECORDS) break;
      group.push(waiting);
    }
    this.#waiting.splice(0, group.length);
    return group;
  }
}
