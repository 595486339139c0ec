import type { ApplyBatch, ApplyResult } from '../../ports/coupon-store.js';
import { MAX_GROUP_RECORDS, type GroupResult } from '../group.js';

interface WaitingBatch {
  readonly batch: ApplyBatch;
  readonly answer: (result: GroupResult) => void;
}

type Waiting = WaitingBatch | { readonly write: () => Promise<void> };

/**
 * Writes come one after another, in the order of their calls. All batches that wait when the store
 * is free share one transaction (`applyGroup`, which does not throw): while it commits, the next
 * ones gather.
 */
export class WriteQueue {
  readonly #applyGroup: (batches: readonly ApplyBatch[]) => Promise<readonly GroupResult[]>;
  readonly #waiting: Waiting[] = [];
  #work: Promise<void> | null = null;

  constructor(applyGroup: (batches: readonly ApplyBatch[]) => Promise<readonly GroupResult[]>) {
    this.#applyGroup = applyGroup;
  }

  async apply(batch: ApplyBatch): Promise<ApplyResult> {
    const result = await new Promise<GroupResult>((answer) => {
      this.#add({ batch, answer });
    });
    if (result.kind === 'failed') throw result.error;
    return result;
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

  async #apply(group: readonly WaitingBatch[]): Promise<void> {
    const results = await this.#applyGroup(group.map(({ batch }) => batch));
    group.forEach(({ answer }, index) => {
      answer(results[index] ?? { kind: 'failed', error: new RangeError('a batch has no result') });
    });
  }

  /** The batches at the head of what waits. */
  #takeGroup(): readonly WaitingBatch[] {
    const group: WaitingBatch[] = [];
    let records = 0;
    for (const waiting of this.#waiting) {
      if ('write' in waiting) break;
      records += waiting.batch.entries.length;
      if (group.length > 0 && records > MAX_GROUP_RECORDS) break;
      group.push(waiting);
    }
    this.#waiting.splice(0, group.length);
    return group;
  }
}
