import type {
  NewStore,
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
} from '../../../ports/store-copy.js';
import type { Connection } from '../connection/connection.js';
import { copyLetters, copyRecords, putHead } from './copied-rows.js';
import { logKey } from '../group-work.js';
import { addLogs, readLogs } from '../tables/logs.js';
import type { Query } from '../connection/query.js';
import { wholeContents } from './whole-contents.js';

/** Fills tables that are empty, and that no other transaction sees before the caller's one has ended. */
export class PostgresNewStore implements NewStore {
  readonly #connection: Connection;
  readonly #name: string;
  /** By logKey. */
  readonly #logIds = new Map<string, number>();
  /** One page is on its way while the source gives the next one. */
  #sent: Promise<unknown> = Promise.resolve();

  /** `name`: of the store, for people. */
  constructor(connection: Connection, name: string) {
    this.#connection = connection;
    this.#name = name;
  }

  async putHead(head: StoreHead): Promise<void> {
    for (const query of putHead(head)) await this.#send(query);
  }

  async addRecords(records: readonly StoredRecord[]): Promise<void> {
    const keys = records.map(({ position }) => logKey(position));
    await this.#learnLogs(records.filter((_, index) => !this.#logIds.has(keys[index] ?? '')));
    await this.#send(
      copyRecords(
        records,
        keys.map((key) => this.#logIds.get(key) ?? 0),
      ),
    );
  }

  async addReplayedLetters(letters: readonly ReplayedLetter[]): Promise<void> {
    await this.#send(copyLetters(letters));
  }

  contents(): StoreContents {
    const contents = wholeContents(this.#connection, this.#name);
    return {
      ...contents,
      head: async () => {
        await this.#sent;
        return contents.head();
      },
    };
  }

  /** Waits for what was sent before. */
  async #send(query: Query): Promise<void> {
    await this.#sent;
    this.#sent = this.#connection.run(query);
    // Where it fails, that is thrown by what is sent or read next.
    this.#sent.catch(() => undefined);
  }

  async #learnLogs(records: readonly StoredRecord[]): Promise<void> {
    if (records.length === 0) return;
    const logs = records.map(({ position }) => position);
    await this.#send(addLogs(logs));
    const { rows } = await this.#connection.run(readLogs(logs));
    for (const [topic, partition, logId] of rows) {
      this.#logIds.set(logKey({ topic, partition }), logId);
    }
  }
}
