import { statSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inspectStore } from '../../../src/store/sqlite/health.js';
import { all, contentsOf } from '../../support/stores/store-contents.js';
import { PartitionLog, request, TERMS } from '../store/log.js';
import { sqliteFiles, withDatabase } from '../store/sqlite-file.js';

const files = sqliteFiles();

async function storeWith(...entries: ReturnType<typeof request>[]) {
  const path = files.path();
  const store = files.open(path);
  await store.createCampaign(1, TERMS);
  await new PartitionLog(store).apply(...entries);
  return { store, path };
}

const RECORD = `INSERT INTO applied_record
    (coupon_id, user_id, event_id, outcome, sequence, issued_after_ms, log_id, "offset", timestamp_ms)
  VALUES`;

it('a second decision of one request, which another program has written, is seen as one', async () => {
  const { store, path } = await storeWith(request(1, 7, { eventId: 'a' }));
  withDatabase(path, (db) => {
    db.exec(`${RECORD} (1, 7, 'a', 1, NULL, NULL, 1, 1, 1), (1, 8, 'b', 1, NULL, NULL, 1, 2, 1),
      (1, 8, 'b', 0, 2, 0, 1, 3, 1), (1, 9, 'c', 0, 3, 0, 1, 4, 1)`);
  });

  const { outcomes } = await contentsOf(store);

  expect(outcomes.map((row) => [row.eventId, row.outcome, row.decidedBefore])).toEqual([
    ['a', 'ISSUED', false],
    ['a', 'SOLD_OUT', true],
    ['b', 'SOLD_OUT', false],
    ['b', 'ISSUED', true],
    ['c', 'ISSUED', false],
  ]);
});

it('the write-ahead log can be emptied when a snapshot is over, also one that failed', async () => {
  const { store, path } = await storeWith(request(1, 7));
  const db = files.client(path);
  const checkpoint = () => db.pragma('wal_checkpoint(TRUNCATE)');

  const reading = store.snapshot(async (snapshot) => {
    await store.createCampaign(2, TERMS);
    expect(checkpoint()).toMatchObject([{ busy: 1 }]);
    for await (const page of snapshot.outcomesInLog('coupon-issue-requests', 0)) {
      throw new Error(`stopped after ${String(page.length)}`);
    }
  });

  await expect(reading).rejects.toThrow('stopped after 1');
  expect(checkpoint()).toMatchObject([{ busy: 0 }]);
});

it('the size of the write-ahead log is told, also through a link to the store', async () => {
  const { path } = await storeWith(request(1, 7));
  const link = `${path}.link`;
  symlinkSync(path, link);
  const { size } = statSync(`${path}-wal`);

  expect(size).toBeGreaterThan(0);
  expect((await inspectStore(path)).writeAheadLogBytes).toBe(size);
  expect((await inspectStore(link)).writeAheadLogBytes).toBe(size);
});

it('a store that another program has broken is a failure of the store', async () => {
  const { store, path } = await storeWith(request(1, 7));
  withDatabase(path, (db) => db.exec('DROP TABLE campaign_version'));

  await expect(store.snapshot((snapshot) => all(snapshot.outcomesApplied()))).rejects.toMatchObject(
    {
      code: 'STORE_FAILED',
    },
  );
});
