import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { NewStore, StoreContents, StoreCopyEnd } from '../../../ports/store-copy.js';
import { fillingFails, readingFails } from '../../copy-errors.js';
import { openFile, prepareFile } from '../file/connection.js';
import { duringWork, whileOpening } from '../errors.js';
import { isTaken, writeNewFile } from '../file/new-file.js';
import { SqliteNewStore } from './new-store.js';
import { wholeContents } from './whole-contents.js';
import { openSqlite } from '../../../sqlite-database.js';

const BUSY_TIMEOUT_MS = 5000;

/** A store in a SQLite file, to be copied from or to. */
export class SqliteCopyEnd implements StoreCopyEnd {
  /** The file's absolute path. */
  readonly name: string;

  constructor(path: string) {
    this.name = resolve(path);
  }

  exists(): Promise<boolean> {
    return Promise.resolve(isTaken(this.name));
  }

  /** While it reads, the write-ahead log grows by all that is written. */
  async read<T>(read: (contents: StoreContents) => Promise<T>): Promise<T> {
    const db = this.#openToRead();
    try {
      // SQLite chooses the state with the first read, not with BEGIN.
      db.exec('BEGIN; SELECT 1 FROM campaign');
      return await read(readingFails(wholeContents(db), (error) => duringWork(error, this.name)));
    } finally {
      db.close();
    }
  }

  async create<T>(fill: (store: NewStore) => Promise<T>): Promise<T> {
    try {
      return await writeNewFile(this.name, (path) => fillFile(path, fill));
    } catch (error) {
      if (isOfFileSystem(error)) throw whileOpening(error, this.name);
      throw fillingFails(duringWork(error, this.name), this.name);
    }
  }

  #openToRead(): Database {
    const options = { mode: 'read-only', busyTimeoutMs: BUSY_TIMEOUT_MS } as const;
    let db: Database | undefined;
    try {
      db = openFile(this.name, options);
      prepareFile(db, this.name, { ...options, onProgress: () => undefined });
      return db;
    } catch (error) {
      db?.close();
      throw whileOpening(error, this.name);
    }
  }
}

/** What is not finished is thrown away as a whole, so that no crash has to be rolled back. */
async function fillFile<T>(path: string, fill: (store: NewStore) => Promise<T>): Promise<T> {
  const db = openSqlite(path);
  try {
    db.pragma('journal_mode = MEMORY');
    db.pragma('synchronous = OFF');
    db.pragma('cache_size = -65536');
    db.exec('BEGIN EXCLUSIVE');
    const store = new SqliteNewStore(db, path);
    const indexes = takeIndexes(db);
    const result = await fill(store);
    db.exec(indexes.join('; '));
    db.exec('COMMIT');
    return result;
  } finally {
    db.close();
  }
}

/** Drops them, and gives the SQL that makes them: over rows that are there, by sorting, is faster than row by row. */
function takeIndexes(db: Database): readonly string[] {
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema
       WHERE type = 'index' AND tbl_name = 'applied_record' AND sql IS NOT NULL`,
    )
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  return indexes.map(({ sql }) => sql);
}

/** Node's: the directory can't be made, the file not written. */
function isOfFileSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
