import { Worker } from 'node:worker_threads';
import { StoreUnavailableError, type ConsumerStore } from '../../../ports/coupon-store.js';
import type { TransactionListener } from '../../../ports/store-access.js';
import { StoreClient } from './client.js';
import type { ThreadData } from './messages.js';

/**
 * Starts a thread that owns the connection to a store, so that neither SQLite's work nor its waiting for
 * the disk keeps the event loop from its sockets and heartbeats. `script`: what main.ts was built to. Without
 * `onTransaction` nothing is measured.
 */
export function startStoreThread(
  script: URL,
  path: string,
  onTransaction?: TransactionListener,
): ConsumerStore {
  const workerData: ThreadData = { path, isMeasured: onTransaction !== undefined };
  const thread = new Worker(script, { workerData });
  const client = new StoreClient(thread, onTransaction);
  let failure: Error | null = null;
  thread.on('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  thread.on('exit', () => {
    client.end(gone(path, failure));
  });
  return client;
}

function gone(path: string, failure: Error | null): StoreUnavailableError {
  const why = failure === null ? '' : `: ${failure.message}`;
  return new StoreUnavailableError(
    'STORE_FAILED',
    `The store ${path} failed: its thread has ended${why}.`,
    failure === null ? {} : { cause: failure },
  );
}
