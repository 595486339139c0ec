import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { outcomesIn, PipelineFixture } from '../support/pipeline-fixture.js';

const REQUESTS = 3000;
const STOCK = 500;

describe.each([
  { mode: 'single', args: [] },
  { mode: 'batch', args: ['--mode', 'batch', '--batch-size', '50'] },
])('kill -9 of the consumer again and again, mode $mode', ({ args }) => {
  const fixture = new PipelineFixture();

  beforeAll(async () => {
    await fixture.startBroker();
    await fixture.prepare(STOCK);
    await fixture.ok([
      ...['produce', '--coupon', '1', '--count', String(REQUESTS), '--seed', '7'],
      ...['--duplicates', '5', '--poison', '1'],
    ]);
  });
  afterAll(() => fixture.close());

  it('issues exactly the stock, each once, and loses nothing', async () => {
    const db = fixture.database();
    let kills = 0;
    // Every life gets a little further than the one before: 150 outcomes, and then the kill.
    for (let target = 150; target < REQUESTS - 600; target = outcomesIn(db) + 150) {
      const consumer = fixture.start(['consume', ...args]);
      await eventually(() => outcomesIn(db) >= target, { deadlineMs: 60_000 });
      consumer.kill('SIGKILL');
      expect(await consumer.exit).toMatchObject({ signal: 'SIGKILL' });
      kills += 1;
    }
    expect(kills).toBeGreaterThan(1);
    await fixture.drain(args);

    const poison = REQUESTS / 100;
    const duplicates = (REQUESTS * 5) / 100;
    expect(await fixture.audit()).toMatchObject({
      verdict: 'PASS',
      records: REQUESTS,
      unprocessed: 0,
      deadLettered: poison,
      outcomes: { ISSUED: STOCK },
      findings: [],
    });
    const outcomes = db
      .prepare<[], { outcome: string; n: number }>(
        'SELECT outcome, count(*) AS n FROM request_outcome GROUP BY outcome ORDER BY outcome',
      )
      .all();
    expect(outcomes.reduce((sum, { n }) => sum + n, 0)).toBe(REQUESTS);
    expect(outcomes.find(({ outcome }) => outcome === 'DEAD_LETTERED')?.n).toBe(poison);
    const refused = REQUESTS - poison - STOCK;
    expect(
      outcomes
        .filter(({ outcome }) => outcome === 'SOLD_OUT' || outcome === 'DUPLICATE')
        .reduce((sum, { n }) => sum + n, 0),
    ).toBe(refused);
    expect(duplicates).toBeLessThan(refused);
    db.close();
  });
});
