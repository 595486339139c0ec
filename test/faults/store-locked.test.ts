import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { PipelineFixture } from '../support/pipeline-fixture.js';

const fixture = new PipelineFixture();

beforeAll(async () => {
  await fixture.startBroker();
  await fixture.prepare(100);
});
afterAll(() => fixture.close());

it('a store that another process keeps locked is waited for, and nothing is dead-lettered', async () => {
  const consumer = fixture.start(['consume', '--max-records', '20']);
  await eventually(() => fixture.logFile().includes('took partition'));
  const lock = fixture.database();
  lock.exec('BEGIN IMMEDIATE');
  await fixture.ok(['produce', '--coupon', '1', '--count', '20']);
  await eventually(() => consumer.stderr.includes('the store fails'));
  // The log is written behind the command's back.
  const said = /\[Kafka Consumer\] the store fails, attempt 2 in 0.5 s: .*locked/;
  await eventually(() => said.test(fixture.logFile()));
  lock.exec('COMMIT');
  lock.close();

  expect(await consumer.exit).toMatchObject({ code: 0 });
  expect(JSON.parse(consumer.stdout)).toMatchObject({
    records: 20,
    outcomes: { ISSUED: 20 },
    retries: 0,
    deadLettered: 0,
  });
  expect(fixture.logFile()).toContain('the store works again after');
  expect(await fixture.ok(['dlq', 'count'])).toMatchObject({ count: 0 });
  expect(await fixture.audit()).toMatchObject({ verdict: 'PASS' });
});
