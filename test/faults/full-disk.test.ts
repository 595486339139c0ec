import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { endFileSizeLimit, limitFileSizes } from '../support/file-size-limit.js';
import { summaryOf, usePipeline } from '../support/pipeline.js';

const REQUESTS = 2000;
const STOCK = 1500;

const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

beforeEach(async () => {
  await pipeline.reset();
  await pipeline.succeed(`campaigns create 1 --stock ${STOCK}`);
});

/** Each record was decided once, and none is dead. */
async function expectExactly(records: number): Promise<void> {
  expect(await pipeline.audit()).toMatchObject({
    ...{ verdict: 'PASS', records, unprocessed: 0, deadLettered: 0, findings: [] },
    outcomes: { ISSUED: STOCK },
  });
  expect(await pipeline.json(contract.dlqCount, ['dlq', 'count'])).toMatchObject({ count: 0 });
}

it('a store without room is waited for with a warning, and no record is dead-lettered for it', async () => {
  const consumer = pipeline.start(['consume', '--max-records', String(REQUESTS)]);
  await eventually(() => pipeline.logFile().includes('took partition'));
  limitFileSizes(consumer.pid, statSync(join(pipeline.dataDir, 'coupons.db-wal')).size);
  await pipeline.succeed(`produce --coupon 1 --count ${REQUESTS}`);
  await eventually(() => {
    expect(consumer.stderr).toMatch(/^warning: the store does not work, waiting for it: /m);
  });
  endFileSizeLimit(consumer.pid);

  expect(await consumer.exit).toEqual({ code: 0, signal: null });
  expect(summaryOf(consumer)).toMatchObject({ records: REQUESTS, retries: 0, deadLettered: 0 });
  await expectExactly(REQUESTS);
  const { events } = await pipeline.json(contract.history, ['history']);
  expect(events).toContainEqual(expect.objectContaining({ kind: 'OUTAGE', of: 'store' }));
});

it('a broker without room acknowledges nothing, and goes on when there is room', async () => {
  const { pid } = pipeline.broker;
  await pipeline.succeed(`produce --coupon 1 --count ${REQUESTS}`);
  const consumer = pipeline.start(['consume']);
  await eventually(() => pipeline.logFile().includes('took partition'));
  limitFileSizes(pid, 0);
  const refused = await pipeline.run([
    'produce',
    '--coupon',
    '1',
    '--count',
    '50',
    '--timeout',
    '5',
  ]);
  expect(refused.code).toBe(1);
  expect(refused.stdout).not.toMatch(/"acknowledged":[1-9]/);
  endFileSizeLimit(pid);

  await pipeline.succeed(`produce --coupon 1 --count 10 --first-user ${REQUESTS + 1}`);
  await eventually(async () => {
    const { totalLag } = await pipeline.json(contract.lag, ['lag']);
    expect(totalLag).toBe(0);
  });
  consumer.kill('SIGTERM');
  expect(await consumer.exit).toEqual({ code: 0, signal: null });
  await expectExactly(REQUESTS + 10);
});
