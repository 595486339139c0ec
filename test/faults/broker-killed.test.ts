import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { outcomesIn, PipelineFixture, type Summary } from '../support/pipeline-fixture.js';

const REQUESTS = 600;

interface Produced {
  readonly acknowledged: number;
  readonly failed: number;
}

const fixture = new PipelineFixture();

beforeAll(async () => {
  await fixture.startBroker();
  await fixture.prepare(100);
});
afterAll(() => fixture.close());

it('after kill -9 of the broker the consumer goes on by itself, and nothing acknowledged is lost', async () => {
  const consumer = fixture.start(['consume', '--until-drained', '--progress', 'none']);
  const rate = ['--rate', '300'];
  const producer = fixture.start([
    'produce',
    '--coupon',
    '1',
    '--count',
    String(REQUESTS),
    ...rate,
  ]);
  const db = fixture.database();
  await eventually(() => outcomesIn(db) > 50);
  await fixture.killBroker();
  await fixture.startBroker();

  // The producer goes on as well, or says exactly how many are acknowledged.
  await producer.exit;
  const produced = JSON.parse(producer.stdout) as Produced;
  expect(produced.acknowledged + produced.failed).toBe(REQUESTS);
  expect(await consumer.exit).toMatchObject({ code: 0 });
  expect((JSON.parse(consumer.stdout) as Summary).records).toBeGreaterThan(50);

  await fixture.drain();
  const audit = await fixture.audit();
  expect(audit).toMatchObject({ verdict: 'PASS', unprocessed: 0, outcomes: { ISSUED: 100 } });
  expect(audit.records).toBeGreaterThanOrEqual(produced.acknowledged);
  expect(outcomesIn(db)).toBe(audit.records);
  db.close();
});
