import type { Database } from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONSUMER_GROUP } from '../../src/coupon/topics.js';
import type { RunningCoupons } from '../support/command-line/cli.js';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { outcomesIn, summaryOf, usePipeline } from '../support/pipeline.js';

/** The promise is 2 s; a loaded machine gets more. */
const STOP_DEADLINE_MS = 5000;

/** So many that every consumer here is stopped in the middle of them. */
const REQUESTS = 100_000;

const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 100');
  await pipeline.succeed(`produce --coupon 1 --count ${REQUESTS}`);
});

/** Of the consumer group, by Kafka's word. */
const groupIs = (state: string) =>
  eventually(async () => {
    const { groups } = await pipeline.admin.describeGroups([CONSUMER_GROUP]);
    return groups[0]?.state === state;
  });

/** In the middle of one it would keep the store locked, which is another story. */
async function freezeBetweenTransactions(consumer: RunningCoupons): Promise<void> {
  const db = pipeline.database();
  db.pragma('busy_timeout = 0');
  await eventually(() => {
    consumer.kill('SIGSTOP');
    if (isUnlocked(db)) return true;
    consumer.kill('SIGCONT');
    return false;
  });
  db.close();
}

function isUnlocked(db: Database): boolean {
  try {
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

describe('a consumer in the middle of its work', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends with exit code 0 on %s, says what it did, and leaves the group',
    async (signal) => {
      const db = pipeline.database();
      const before = outcomesIn(db);
      const consumer = pipeline.start(['consume']);
      await eventually(() => outcomesIn(db) > before + 20);
      const signalledMs = Date.now();
      consumer.kill(signal);
      expect(await consumer.exit).toEqual({ code: 0, signal: null });
      expect(Date.now() - signalledMs).toBeLessThan(STOP_DEADLINE_MS);

      const summary = summaryOf(consumer);
      expect(summary.records).toBe(outcomesIn(db) - before);
      expect(outcomesIn(db)).toBeLessThan(REQUESTS);
      const lag = await pipeline.json(contract.lag, ['lag']);
      expect(lag).toMatchObject({
        state: 'Empty',
        members: 0,
        totalLag: REQUESTS - outcomesIn(db),
      });
      db.close();
    },
  );

  it.each([['--until-drained'], ['--max-records', '1000']])(
    'ends with exit code 130 where it was to go on with %s, and says what it did',
    async (...goal) => {
      const db = pipeline.database();
      const before = outcomesIn(db);
      // 100 records every 5 s: it is not done soon.
      const consumer = pipeline.start(['consume', '--mode', 'scheduler', ...goal]);
      await eventually(() => outcomesIn(db) > before);
      consumer.kill('SIGINT');
      expect(await consumer.exit).toEqual({ code: 130, signal: null });
      expect(summaryOf(consumer).records).toBe(outcomesIn(db) - before);
      expect(consumer.stderr).toMatch(/^Interrupted before /m);
      db.close();
    },
  );

  it('leaves at once while it waits for a frozen member to be let into the group', async () => {
    const frozen = pipeline.start(['consume']);
    await groupIs('Stable');
    await freezeBetweenTransactions(frozen);
    const consumer = pipeline.start(['consume']);
    await groupIs('PreparingRebalance');
    const signalledMs = Date.now();
    consumer.kill('SIGINT');
    expect(await consumer.exit).toEqual({ code: 0, signal: null });
    expect(Date.now() - signalledMs).toBeLessThan(STOP_DEADLINE_MS);
    expect(summaryOf(consumer).records).toBe(0);

    frozen.kill('SIGCONT');
    frozen.kill('SIGTERM');
    expect(await frozen.exit).toEqual({ code: 0, signal: null });
  });

  it('leaves at once where the broker is frozen', async () => {
    const consumer = pipeline.start(['consume']);
    await groupIs('Stable');
    pipeline.broker.signal('SIGSTOP');
    const signalledMs = Date.now();
    consumer.kill('SIGINT');
    const exit = await consumer.exit;
    pipeline.broker.signal('SIGCONT');
    expect(exit).toEqual({ code: 0, signal: null });
    expect(Date.now() - signalledMs).toBeLessThan(STOP_DEADLINE_MS);
  });

  it('ends with exit code 130 at a second signal', async () => {
    const db = pipeline.database();
    const before = outcomesIn(db);
    const consumer = pipeline.start(['consume']);
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
  const db = pipeline.database();
  const before = outcomesIn(db);
  await pipeline.succeed('campaigns create 2 --stock 50');
  await pipeline.succeed('produce --coupon 2 --count 200 --first-user 5000');
  const consumers = ['single', 'batch'].map((mode) =>
    pipeline.start(['consume', '--concurrency', '2', '--mode', mode, '--until-drained']),
  );
  const ends = await Promise.all(consumers.map(({ exit }) => exit));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  const records = consumers.map((consumer) => summaryOf(consumer).records);
  expect(records.reduce((sum, each) => sum + each, 0)).toBe(REQUESTS + 200 - before);
  expect(outcomesIn(db)).toBe(REQUESTS + 200);
  expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS', outcomes: { ISSUED: 150 } });
  db.close();
});
