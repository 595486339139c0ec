import { statSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConsumerStore, CouponStore } from '../../../src/ports/coupon-store.js';
import type { StoreTransaction, TransactionListener } from '../../../src/ports/store-access.js';
import type { Checkpoints } from '../../../src/store/sqlite/file/checkpoints.js';
import {
  LOG_LIMIT_BYTES,
  openFile,
  prepareFile,
} from '../../../src/store/sqlite/file/connection.js';
import { SqliteStore } from '../../../src/store/sqlite/sqlite-store.js';
import { StoreClient } from '../../../src/store/sqlite/thread/client.js';
import { serveStore, type GroupCommitStore } from '../../../src/store/sqlite/thread/server.js';
import { startStoreThread } from '../../../src/store/sqlite/thread/start.js';
import { eventually } from '../../support/eventually.js';
import { storeContract } from './store.js';
import { event } from './history.js';
import { NOW_MS, PartitionLog, SOURCE, TERMS, at, batchAt, request } from './log.js';
import { refuseUser, sqliteFiles } from './sqlite-file.js';
import { contentsOf } from '../../support/stores/store-contents.js';

const files = sqliteFiles();
const clients: ConsumerStore[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

/** Both ends of the channel in this thread. */
function served(
  store: GroupCommitStore & { readonly checkpoints: () => Checkpoints },
): ConsumerStore {
  const { port1, port2 } = new MessageChannel();
  serveStore(port1, store, store.checkpoints(), { isMeasured: false });
  const client = new StoreClient(port2);
  clients.push(client);
  return client;
}

/** What a consumer asks of a store goes through its thread, all else to the store itself. */
function through(client: ConsumerStore, store: CouponStore): CouponStore {
  const asked = [
    'identity',
    'applyBatch',
    'positions',
    'deadLettered',
    'recordEvents',
    'close',
  ] as const;
  return new Proxy(store, {
    get: (_store, name) => {
      const method = asked.find((each) => each === name);
      const target = method === undefined ? store : client;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

storeContract('the SQLite store behind its thread', (options) => {
  const path = files.path();
  const store = files.open(path, options);
  return {
    store: through(served(store), store),
    refuseUser: (userId) => {
      refuseUser(path, userId);
    },
  };
});

/** A store on a thread of its own, as `consume` has it. */
function onThread(path: string, onTransaction?: TransactionListener): ConsumerStore {
  const script = new URL('../../../dist/store-thread.cjs', import.meta.url);
  const client = startStoreThread(script, path, onTransaction);
  clients.push(client);
  return client;
}

describe('a store on a thread', () => {
  const start = async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, TERMS);
    return { path, store, client: onThread(path) };
  };

  it('applies batches that do not wait for one another in their order', async () => {
    const { store, client } = await start();
    const log = new PartitionLog(through(client, store));
    await log.apply(request(1, 41));

    const results = await Promise.all(
      [1n, 2n, 3n, 4n].map((offset) => client.applyBatch(batchAt(offset))),
    );

    expect(results).toHaveLength(4);
    expect(results.every(({ kind }) => kind === 'applied')).toBe(true);
    expect(await store.positions(log.source.group, log.source.topic)).toMatchObject([
      { nextOffset: 5n },
    ]);
  });

  it('passes on why a record is refused, with the stack trace of the store', async () => {
    const { path, store, client } = await start();
    refuseUser(path, 13);

    const refused = new PartitionLog(through(client, store)).apply(request(1, 13));

    await expect(refused).rejects.toMatchObject({
      name: 'RecordRefusedError',
      message: 'refused',
      cause: { message: 'refused', stack: expect.stringContaining('store-thread') as string },
    });
  });

  it('says what transactions it committed, and how many batches shared them', async () => {
    const path = files.path();
    await files.open(path).createCampaign(1, TERMS);
    refuseUser(path, 13);
    const committed: StoreTransaction[] = [];
    const client = onThread(path, (transaction) => committed.push(transaction));
    const batch = (partition: number, userId: number) => ({
      ...batchAt(0n),
      source: { ...SOURCE, partition },
      expectedOffset: null,
      entries: [at(request(1, userId), 0n)],
    });

    await client.applyBatch(batch(0, 10));
    await Promise.allSettled(
      [batch(1, 11), batch(2, 12), batch(3, 13)].map((each) => client.applyBatch(each)),
    );

    // Three together fail; then the first two share a transaction.
    expect(committed.map(({ batches }) => batches)).toEqual([1, 2]);
    expect(committed.every(({ elapsedMs }) => elapsedMs > 0)).toBe(true);
  });

  it('fails what is asked of it when its thread dies, and whatever is asked later', async () => {
    const path = files.path();
    const gone = { name: 'StoreUnavailableError', code: 'STORE_FAILED' };
    // A directory is no store: the thread ends with that error.
    const client = onThread(`${path}/..`);

    await expect(client.identity()).rejects.toMatchObject(gone);
    await expect(client.positions('group', 'topic')).rejects.toMatchObject(gone);
    await expect(client.applyBatch(batchAt(0n))).rejects.toThrow('is not a file');
  });

  it('is closed at once, though another process keeps the file locked', async () => {
    const { path, client } = await start();
    await client.identity();
    const other = files.client(path);
    other.exec('BEGIN IMMEDIATE');
    const waiting = client.applyBatch(batchAt(0n)).catch((error: unknown) => error);

    await client.close();

    expect(await waiting).toMatchObject({ code: 'STORE_CLOSED' });
    other.exec('ROLLBACK');
  });
});

describe('batches that wait while the store is busy', () => {
  /** A store whose first commit takes as long as the test wants. */
  const slowStore = () => {
    const groups: number[] = [];
    let finish: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (finish = resolve));
    const store: GroupCommitStore & { readonly checkpoints: () => Checkpoints } = {
      checkpoints: () => ({ betweenCommits: () => undefined }),
      applyGroup: async ({ batches }) => {
        groups.push(batches.reduce((sum, { entries }) => sum + entries.length, 0));
        if (groups.length === 1) await first;
        const results = batches.map(({ entries }) => ({
          kind: 'applied' as const,
          applied: entries.map(() => ({
            ...{ outcome: 'ISSUED' as const, repeated: false, sequence: 1 },
          })),
        }));
        return { results, eventsFailure: null };
      },
      identity: () => Promise.resolve({ id: 'store' }),
      positions: () => Promise.resolve([]),
      deadLettered: () => Promise.resolve(new Set()),
      close: () => Promise.resolve(),
    };
    return {
      groups,
      store,
      finish: () => {
        finish();
      },
    };
  };

  it('share one commit', async () => {
    const { groups, store, finish } = slowStore();
    const client = served(store);
    const first = client.applyBatch(batchAt(0n));
    await eventually(() => groups.length === 1);
    const others = [1n, 2n, 3n].map((offset) => client.applyBatch(batchAt(offset)));
    finish();

    await Promise.all([first, ...others]);

    expect(groups).toEqual([1, 3]);
  });

  it('share it with events that are recorded meanwhile', async () => {
    const { groups, store, finish } = slowStore();
    const client = served(store);
    const first = client.applyBatch(batchAt(0n));
    await eventually(() => groups.length === 1);
    const others = [
      client.applyBatch(batchAt(1n)),
      client.recordEvents([event(1)]),
      client.applyBatch(batchAt(2n)),
    ];
    finish();

    await Promise.all([first, ...others]);

    expect(groups).toEqual([1, 2]);
  });

  it('are applied before what is asked behind them', async () => {
    const { groups, store, finish } = slowStore();
    const client = served(store);
    const order: string[] = [];
    const first = client.applyBatch(batchAt(0n));
    await eventually(() => groups.length === 1);
    const asked = [
      client.applyBatch(batchAt(1n)).then(() => order.push('batch')),
      client.positions('group', 'topic').then(() => order.push('positions')),
      client.applyBatch(batchAt(2n)).then(() => order.push('batch')),
    ];
    finish();

    await Promise.all([first, ...asked]);

    expect(order).toEqual(['batch', 'positions', 'batch']);
    expect(groups).toEqual([1, 1, 1]);
  });
});

describe('a commit that fails', () => {
  const options = { mode: 'create', busyTimeoutMs: 1000, onProgress: () => undefined } as const;

  it('fails every batch of its group, and loses none of them', async () => {
    const path = files.path();
    const db = openFile(path, options);
    prepareFile(db, path, options);
    const store = new SqliteStore(db, path, { clock: () => NOW_MS, busyTimeoutMs: 1000 });
    const client = served(store);
    await store.createCampaign(1, { ...TERMS, totalQuantity: 10_000 });
    const before = await contentsOf(store);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    const logs = [0, 1, 2].map(
      (partition) => new PartitionLog(through(client, store), { partition }),
    );
    const many = (partition: number) =>
      Array.from({ length: 500 }, (_, index) => request(1, partition * 1000 + index + 1));

    const failed = await Promise.all(
      logs.map((log, partition) =>
        log.apply(...many(partition)).then(
          () => 'applied',
          (error: unknown) => (error as { code?: string }).code,
        ),
      ),
    );

    expect(failed).toEqual(['STORE_FULL', 'STORE_FULL', 'STORE_FULL']);
    expect(await contentsOf(store)).toEqual(before);
    db.pragma(`max_page_count = ${pages + 1000}`);
    for (const [partition, log] of logs.entries()) await log.apply(...many(partition));
    expect((await store.campaign(1))?.issuedQuantity).toBe(1500);
  });
});

describe('the write-ahead log of a store on a thread', () => {
  const start = async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, { ...TERMS, totalQuantity: 1_000_000 });
    const log = new PartitionLog(through(served(store), store));
    const other = files.client(path);
    /** Pages in the log, and how many of them are not in the file yet. */
    const pages = () => {
      const [size] = other.pragma('wal_checkpoint(NOOP)') as LogSize[];
      const { log: all = 0, checkpointed = 0 } = size ?? {};
      return { all, due: all - checkpointed };
    };
    /** Until so many pages were written in all. */
    const write = async (least: number) => {
      for (let written = 0, last = pages().all; written < least;) {
        await log.apply(...Array.from({ length: 500 }, () => request(1, someUser())));
        const { all } = pages();
        written += all > last ? all - last : all;
        last = all;
      }
    };
    return { path, pages, write };
  };

  it('is copied into the file between commits, so that it begins anew', async () => {
    const { pages, write } = await start();

    await write(2 * MOST_PAGES);

    expect(pages().all).toBeLessThan(MOST_PAGES);
  });

  it('grows while another program reads an old state, and gives the space back after that', async () => {
    const { path, pages, write } = await start();
    const other = files.client(path);
    other.exec('BEGIN; SELECT count(*) FROM issued_coupon');
    await write(LOG_LIMIT_BYTES / PAGE_BYTES);
    expect(pages().due).toBeGreaterThanOrEqual(MOST_PAGES);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(LOG_LIMIT_BYTES);
    other.exec('COMMIT');

    await write(1000);

    expect(pages().all).toBeLessThan(MOST_PAGES);
    expect(statSync(`${path}-wal`).size).toBeLessThanOrEqual(LOG_LIMIT_BYTES);
  });
});

/** As in src/store/sqlite/file/checkpoints.ts. */
const MOST_PAGES = 4096;
const PAGE_BYTES = 4096;

interface LogSize {
  readonly log: number;
  readonly checkpointed: number;
}

const someUser = () => 1 + Math.floor(Math.random() * 1e9);
