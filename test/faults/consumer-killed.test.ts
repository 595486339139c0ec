import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { outcomesIn, usePipeline } from '../support/pipeline.js';

const REQUESTS = 600;
const STOCK = 200;

describe.concurrent.each([
  { mode: 'single', args: [] },
  { mode: 'batch', args: ['--mode', 'batch', '--batch-size', '7'] },
])('kill -9 of the consumer again and again, mode $mode', ({ args }) => {
  const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

  beforeAll(async () => {
    await pipeline.reset();
    await pipeline.succeed(`campaigns create 1 --stock ${STOCK}`);
    await pipeline.succeed(
      `produce --coupon 1 --count ${REQUESTS} --seed 7 --duplicates 5 --poison 1`,
    );
  });

  it('issues exactly the stock, each once, and loses nothing', async () => {
    const db = pipeline.database();
    let kills = 0;
    // Each consumer applies 60 records more than the one before, and is killed.
    for (let target = 60; target < REQUESTS / 2; target = outcomesIn(db) + 60) {
      const consumer = pipeline.start(['consume', ...args]);
      await eventually(() => outcomesIn(db) >= target, { deadlineMs: 60_000 });
      consumer.kill('SIGKILL');
      expect(await consumer.exit).toMatchObject({ signal: 'SIGKILL' });
      kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
    await pipeline.drain(args);

    const poison = REQUESTS / 100;
    expect(await pipeline.audit()).toMatchObject({
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
    db.close();
  });
});
