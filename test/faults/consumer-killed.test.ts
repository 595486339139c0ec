import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { outcomesIn, usePipeline } from '../support/pipeline.js';

const REQUESTS = 40_000;
const STOCK = 10_000;
/** Each consumer applies so many before it is killed: its commits hold hundreds of them. */
const STEP = 8000;

describe.concurrent.each([
  { mode: 'single', args: [] },
  { mode: 'batch', args: ['--mode', 'batch', '--batch-size', '70'] },
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
    for (let target = STEP; target < REQUESTS - STEP; target = outcomesIn(db) + STEP) {
      const consumer = pipeline.start(['consume', ...args]);
      await eventually(() => outcomesIn(db) >= target, { deadlineMs: 60_000 });
      consumer.kill('SIGKILL');
      expect(await consumer.exit).toMatchObject({ signal: 'SIGKILL' });
      kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
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
    const rowsOf = (sql: string) => db.prepare(`${sql} GROUP BY outcome ORDER BY outcome`).all();
    expect(rowsOf('SELECT outcome, sum(rows) AS n FROM outcome_minute')).toEqual(
      rowsOf('SELECT outcome, count(*) AS n FROM applied_record'),
    );
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
