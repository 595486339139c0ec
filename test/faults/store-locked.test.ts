import { beforeAll, expect, it } from 'vitest';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { usePipeline } from '../support/pipeline.js';

const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 100');
});

it('a store that another process keeps locked is waited for, and nothing is dead-lettered', async () => {
  const consumer = pipeline.start(['consume', '--max-records', '20']);
  await eventually(() => pipeline.logFile().includes('took partition'));
  const lock = pipeline.database();
  lock.exec('BEGIN IMMEDIATE');
  await pipeline.succeed('produce --coupon 1 --count 20');
  await eventually(() => consumer.stderr.includes('the store does not work'));
  // The log is written behind the command's back.
  const said = /\[Kafka Consumer\] the store does not work, waiting for it: .*locked/;
  await eventually(() => said.test(pipeline.logFile()));
  const status = await pipeline.json(contract.status, ['status', '--timeout', '20'], { code: 3 });
  expect(status.findings).toContainEqual(expect.objectContaining({ code: 'STORE_LOCKED' }));
  lock.exec('COMMIT');
  lock.close();

  expect(await consumer.exit).toMatchObject({ code: 0 });
  expect(JSON.parse(consumer.stdout)).toMatchObject({
    records: 20,
    outcomes: { ISSUED: 20 },
    retries: 0,
    deadLettered: 0,
  });
  expect(pipeline.logFile()).toContain('the store works again, after');
  expect(await pipeline.json(contract.dlqCount, ['dlq', 'count'])).toMatchObject({ count: 0 });
  expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS' });
  const { events } = await pipeline.json(contract.history, ['history']);
  expect(events).toContainEqual(expect.objectContaining({ kind: 'OUTAGE', of: 'store' }));
});
