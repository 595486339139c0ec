/** Which of two stores failed while one was copied into the other. */
import { UnreachableError } from '../errors.js';
import { RecordRefusedError } from '../ports/coupon-store.js';
import type { StoreContents } from '../ports/store-copy.js';

/** The same contents; what reading them throws is what `told` makes of it. */
export function readingFails(
  contents: StoreContents,
  told: (error: unknown) => unknown,
): StoreContents {
  const one = async <T>(reading: Promise<T>): Promise<T> => {
    try {
      return await reading;
    } catch (error) {
      throw told(error);
    }
  };
  async function* pages<T>(rows: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = rows[Symbol.asyncIterator]();
    for (;;) {
      const page = await one(iterator.next());
      if (page.done === true) return;
      // What its reader throws is the reader's.
      yield page.value;
    }
  }
  return {
    head: () => one(contents.head()),
    size: () => one(contents.size()),
    records: () => pages(contents.records()),
    replayedLetters: () => pages(contents.replayedLetters()),
    events: () => pages(contents.events()),
    outcomeMinutes: () => pages(contents.outcomeMinutes()),
  };
}

/** What filling a store throws: a row that it refuses is no record's fault here, but the source's. */
export function fillingFails(failure: unknown, name: string): unknown {
  if (!(failure instanceof RecordRefusedError)) return failure;
  return new UnreachableError(
    'STORE_INCONSISTENT',
    `A row of the source can't be in the store ${name}: ${failure.message}. Nothing was copied.`,
    'Another program has changed the source. Run `coupons audit` on it, and restore a backup.',
    { cause: failure },
  );
}
