import { setTimeout as delay } from 'node:timers/promises';
import { primaryCodeOf } from '../errors.js';

/** Short beside a transaction's time on disk, so that a waiting process gets its turn. */
const RETRY_MS = 2;

/**
 * Does `work`, waiting until `deadlineMs` (of performance.now()) for the lock of another process; then throws what SQLite
 * threw. SQLite can wait by itself, but it blocks the event loop meanwhile, and with it the members'
 * heartbeats; and it looks ever more rarely, up to every 100 ms, so that a process which commits in
 * a tight loop keeps others out for seconds.
 */
export async function whenFree<T>(work: () => T, deadlineMs: number): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (primaryCodeOf(error) !== 'SQLITE_BUSY' || performance.now() >= deadlineMs) throw error;
    }
    await delay(RETRY_MS);
  }
}
