import {
  storeExists,
  type LogMinute,
  type NewStore,
  type ReplayedLetter,
  type StoreContents,
  type StoreCopyEnd,
  type StoredRecord,
  type StoreHead,
} from '../../../src/ports/store-copy.js';
import type { StoredEvent } from '../../../src/ports/store-history.js';
import { all } from '../stores/store-contents.js';

/** All of a store, in memory. */
export interface WholeStore {
  readonly head: StoreHead;
  readonly records: readonly StoredRecord[];
  readonly letters: readonly ReplayedLetter[];
  readonly events: readonly StoredEvent[];
  readonly minutes: readonly LogMinute[];
}

/** Small, so that no test fits into one page. */
const PAGE_ROWS = 3;

/** A place for a store in memory: the port's words in the plainest way. */
export class MemoryCopyEnd implements StoreCopyEnd {
  readonly name: string;
  whole: WholeStore | null;

  constructor(name: string, whole: WholeStore | null = null) {
    this.name = name;
    this.whole = whole;
  }

  exists(): Promise<boolean> {
    return Promise.resolve(this.whole !== null);
  }

  read<T>(read: (contents: StoreContents) => Promise<T>): Promise<T> {
    if (this.whole === null) throw new Error(`there is no store at ${this.name}`);
    return read(contentsOf(this.whole));
  }

  async create<T>(fill: (store: NewStore) => Promise<T>): Promise<T> {
    if (this.whole !== null) throw storeExists(this.name);
    const store = new MemoryNewStore();
    const result = await fill(store);
    this.whole = store.whole();
    return result;
  }
}

/** Everything that a place has. */
export async function wholeOf(end: StoreCopyEnd): Promise<WholeStore> {
  return end.read(async (contents) => ({
    head: await contents.head(),
    records: await all(contents.records()),
    letters: await all(contents.replayedLetters()),
    events: await all(contents.events()),
    minutes: await all(contents.outcomeMinutes()),
  }));
}

class MemoryNewStore implements NewStore {
  #head: StoreHead | null = null;
  readonly #records: StoredRecord[] = [];
  readonly #letters: ReplayedLetter[] = [];
  readonly #events: StoredEvent[] = [];
  readonly #minutes: LogMinute[] = [];

  putHead(head: StoreHead): Promise<void> {
    this.#head = head;
    return Promise.resolve();
  }

  addRecords(records: readonly StoredRecord[]): Promise<void> {
    this.#records.push(...records);
    return Promise.resolve();
  }

  addReplayedLetters(letters: readonly ReplayedLetter[]): Promise<void> {
    this.#letters.push(...letters);
    return Promise.resolve();
  }

  addEvents(events: readonly StoredEvent[]): Promise<void> {
    this.#events.push(...events);
    return Promise.resolve();
  }

  addOutcomeMinutes(minutes: readonly LogMinute[]): Promise<void> {
    this.#minutes.push(...minutes);
    return Promise.resolve();
  }

  contents(): StoreContents {
    return contentsOf(this.whole());
  }

  whole(): WholeStore {
    if (this.#head === null) throw new Error('a store was filled without its head');
    return {
      head: this.#head,
      records: this.#records,
      letters: this.#letters,
      events: this.#events,
      minutes: this.#minutes,
    };
  }
}

function contentsOf({ head, records, letters, events, minutes }: WholeStore): StoreContents {
  return {
    head: () => Promise.resolve(head),
    size: () => Promise.resolve({ outcomes: records.length, replayedLetters: letters.length }),
    records: () => pagesOf(records),
    replayedLetters: () => pagesOf(letters),
    events: () => pagesOf(events),
    outcomeMinutes: () => pagesOf(minutes),
  };
}

async function* pagesOf<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < rows.length; start += PAGE_ROWS) {
    yield await Promise.resolve(rows.slice(start, start + PAGE_ROWS));
  }
}
