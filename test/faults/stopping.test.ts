import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { outcomesIn, PipelineFixture, type Summary } from '../support/pipeline-fixture.js';

/** The promise is 2 s; a loaded machine gets more. */
const STOP_DEADLINE_MS = 5000;

const fixture = new PipelineFixture();

beforeAll(async () => {
  await fixture.startBroker();
  await fixture.prepare(100);
  await fixture.ok(['produce', '--coupon', '1', '--count', '2000']);
});
afterAll(() => fixture.close());

interface Lag {
  readonly state: string;
  readonly members: number;
  readonly totalLag: number;
}

describe('a consumer in the middle of its work', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with exit code 0 on %s, says what it did, and leaves the group',
    async (signal) => {
      const db = fixture.database();
      const before = outcomesIn(db);
      const consumer = fixture.start(['consume']);
      await eventually(() => outcomesIn(db) > before + 20);
      const signalledMs = Date.now();
      consumer.kill(signal);
      expect(await consumer.exit).toEqual({ code: 0, signal: null });
      expect(Date.now() - signalledMs).toBeLessThan(STOP_DEADLINE_MS);

      const summary = JSON.parse(consumer.stdout) as Summary;
      expect(summary.records).toBe(outcomesIn(db) - before);
      const lag = await fixture.ok<Lag>(['lag']);
      expect(lag).toMatchObject({ state: 'Empty', members: 0, totalLag: 2000 - outcomesIn(db) });
      db.close();
    },
  );

  it('ends with exit code 130 at a second signal', async () => {
    const db = fixture.database();
    const before = outcomesIn(db);
    const consumer = fixture.start(['consume']);
    await eventually(() => outcomesIn(db) > before + 20);
    // Held up, so that the graceful end cannot be the quicker one.
    db.exec('BEGIN IMMEDIATE');
    consumer.kill('SIGINT');
    consumer.kill('SIGTERM');
    const { code } = await consumer.exit;
    db.exec('COMMIT');
    expect(code).toBe(130);
    db.close();
  });
});

it('two consumers share one store and one group: every request is applied once', async () => {
  const db = fixture.database();
  const before = outcomesIn(db);
  await fixture.ok(['campaigns', 'create', '2', '--stock', '50']);
  await fixture.ok(['produce', '--coupon', '2', '--count', '200', '--first-user', '5000']);
  const consumers = ['single', 'batch'].map((mode) =>
    fixture.start(['consume', '--concurrency', '2', '--mode', mode, '--until-drained']),
  );
  const ends = await Promise.all(consumers.map(({ exit }) => exit));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  const records = consumers.map(({ stdout }) => (JSON.parse(stdout) as Summary).records);
  expect(records.reduce((sum, each) => sum + each, 0)).toBe(2200 - before);
  expect(outcomesIn(db)).toBe(2200);
  expect(await fixture.audit()).toMatchObject({ verdict: 'PASS', outcomes: { ISSUED: 150 } });
  db.close();
});
