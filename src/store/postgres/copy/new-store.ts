import type { StoredEvent } from '../../../ports/store-history.js';
import type {
  LogMinute,
  NewStore,
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
} from '../../../ports/store-copy.js';
import type { Connection } from '../connection/connection.js';
import { copyEvents, copyLetters, copyMinutes, copyRecords, putHead } from './copied-rows.js';
import { logKey } from '../../source-key.js';
import { addLogs, readLogs, type Log } from '../tables/logs.js';
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
    const logIds = await this.#logIdsOf(records.map(({ position }) => position));
    await this.#send(copyRecords(records, logIds));
  }

  async addReplayedLetters(letters: readonly ReplayedLetter[]): Promise<void> {
    await this.#send(copyLetters(letters));
  }

  async addEvents(events: readonly StoredEvent[]): Promise<void> {
    await this.#send(copyEvents(events));
  }

  async addOutcomeMinutes(minutes: readonly LogMinute[]): Promise<void> {
    await this.#send(copyMinutes(minutes, await this.#logIdsOf(minutes)));
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

  /** The numbers of these logs, in the order given. */
  async #logIdsOf(logs: readonly Log[]): Promise<readonly number[]> {
    const keys = logs.map(logKey);
    await this.#learnLogs(logs.filter((_, index) => !this.#logIds.has(keys[index] ?? '')));
    return keys.map((key) => this.#logIds.get(key) ?? 0);
  }

  async #learnLogs(logs: readonly Log[]): Promise<void> {
    if (logs.length === 0) return;
    await this.#send(addLogs(logs));
    const { rows } = await this.#connection.run(readLogs(logs));
    for (const [topic, partition, logId] of rows) {
      this.#logIds.set(logKey({ topic, partition }), logId);
    }
  }
}
