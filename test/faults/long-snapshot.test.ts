/** Another program reads one state of the store for as long as a sale takes. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { LOG_LIMIT_BYTES } from '../../src/store/sqlite/file/connection.js';
import { eventually } from '../support/eventually.js';
import { outcomesIn, usePipeline } from '../support/pipeline.js';

const REQUESTS = 2000;
/** A transaction writes one at least. */
const PAGE_BYTES = 4096;

const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed(`campaigns create 1 --stock ${2 * REQUESTS}`);
});

function logBytes(): number {
  return statSync(join(pipeline.dataDir, 'coupons.db-wal')).size;
}

/** As many transactions as a sale has, each as small as can be, and none synced. */
function growLogBeyond(bytes: number): void {
  const db = pipeline.database();
  db.pragma('synchronous = OFF');
  db.pragma('wal_autocheckpoint = 0');
  const rename = db.prepare<[string | null]>('UPDATE campaign SET name = ?');
  for (let pages = 0; pages * PAGE_BYTES <= bytes; pages += 1) rename.run(String(pages));
  rename.run(null);
  db.close();
}

it('consumers go on beside it, and when it is over the write-ahead log starts again and is cut', async () => {
  const db = pipeline.database();
  const reader = pipeline.database();
  reader.exec('BEGIN');
  expect(outcomesIn(reader)).toBe(0);
  const consumer = pipeline.start(['consume']);
  await pipeline.succeed(`produce --coupon 1 --count ${REQUESTS}`);
  await eventually(() => outcomesIn(db) === REQUESTS);
  growLogBeyond(LOG_LIMIT_BYTES);
  expect(outcomesIn(reader)).toBe(0);
  expect(logBytes()).toBeGreaterThan(LOG_LIMIT_BYTES);
  reader.exec('COMMIT');
  reader.close();

  await pipeline.succeed(`produce --coupon 1 --count ${REQUESTS} --first-user ${REQUESTS + 1}`);
  await eventually(() => outcomesIn(db) === 2 * REQUESTS);
  expect(logBytes()).toBeLessThanOrEqual(LOG_LIMIT_BYTES);
  consumer.kill('SIGTERM');
  expect(await consumer.exit).toEqual({ code: 0, signal: null });
  db.close();
  expect(await pipeline.audit()).toMatchObject({
    ...{ verdict: 'PASS', records: 2 * REQUESTS, unprocessed: 0, deadLettered: 0 },
    outcomes: { ISSUED: 2 * REQUESTS },
  });
});
