import type { Database } from 'better-sqlite3';

/** Copies the write-ahead log into the file between two transactions. */
export interface Checkpoints {
  /** `isIdle`: no request waits, so that a copy may come earlier than it must. Never throws. */
  betweenCommits(isIdle: boolean): void;
}

/** Pages of 4 KiB. A hot page is copied once, however often it was written since the last time. */
const PAGES_WHILE_IDLE = 1024;
/** The log is about as large as this at most, unless another process reads an old state of the store. */
const MOST_PAGES = 4096;

interface LogSize {
  readonly busy: number;
  /** Pages in the log, and how many of them are in the file. */
  readonly log: number;
  readonly checkpointed: number;
}

/**
 * SQLite by itself copies the log within the COMMIT that makes it too long: the requests of that commit,
 * and those that arrive meanwhile, wait some 20 ms for 4096 pages. Here it is done when the answers are
 * out, and earlier where nothing waits. A thread of its own for the copying was tried: it needs the
 * writer's help all the same to start the log again, syncs twice, and was no faster.
 */
export function prepareCheckpoints(db: Database): Checkpoints {
  db.pragma('wal_autocheckpoint = 0');
  // Only looks: 5 microseconds.
  const look = db.prepare<[], LogSize>('PRAGMA wal_checkpoint(NOOP)');
  const copy = db.prepare<[], LogSize>('PRAGMA wal_checkpoint(PASSIVE)');

  return {
    betweenCommits: (isIdle) => {
      try {
        const { log = 0, checkpointed = 0 } = look.get() ?? {};
        if (log - checkpointed >= (isIdle ? PAGES_WHILE_IDLE : MOST_PAGES)) copy.get();
      } catch {
        // What is committed is safe in the log. A disk that is full or broken fails the next commit, too.
      }
    },
  };
}
