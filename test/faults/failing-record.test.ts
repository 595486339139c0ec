import { beforeAll, describe, expect, it } from 'vitest';
import { usePipeline, type Pipeline } from '../support/pipeline.js';

const REFUSED_USER = 3;

/** A record that the store refuses: a trigger, as a constraint of an operator would be. */
function refuseUser(pipeline: Pipeline, userId: number): void {
  const db = pipeline.database();
  db.exec(
    `CREATE TRIGGER refuse BEFORE INSERT ON applied_record WHEN NEW.user_id = ${userId} AND NEW.outcome <> 7
     BEGIN SELECT RAISE(ABORT, 'this user is refused'); END`,
  );
  db.close();
}

describe.concurrent.each(['single', 'batch'])('a record that really fails, mode %s', (mode) => {
  const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

  beforeAll(async () => {
    await pipeline.reset();
    await pipeline.succeed('campaigns create 1 --stock 100');
    await pipeline.succeed('campaigns create 2 --stock 100');
    // The two coupons lie in different partitions.
    await pipeline.succeed('produce --coupon 1 --count 10');
    await pipeline.succeed('produce --coupon 2 --count 5 --first-user 100');
    refuseUser(pipeline, REFUSED_USER);
  });

  it('is retried after 1, 2 and 3 s, dead-lettered, and delays no other record', async () => {
    const startMs = Date.now();
    const consumer = pipeline.start(['consume', '--mode', mode, '--max-records', '15']);
    const { code } = await consumer.exit;

    expect(code).toBe(0);
    expect(Date.now() - startMs).toBeGreaterThan(6000);
    expect(JSON.parse(consumer.stdout)).toMatchObject({
      records: 15,
      outcomes: { ISSUED: 14, DEAD_LETTERED: 1 },
      retries: 3,
      deadLettered: 1,
    });
    expect(pipeline.logFile()).toMatch(
      /\[Kafka Consumer\] coupon-issue-requests\/\d@2: retry 2 of 3 in 2 s: this user is refused/,
    );
    // All of the other coupon, and what stood before it, came before its end.
    expect(idOf(pipeline, REFUSED_USER)).toBe(2 + 5 + 1);

    const { total, messages } = await pipeline.deadLetters();
    expect(total).toBe(1);
    expect(messages[0]).toMatchObject({
      reasonCode: 'PROCESSING_FAILED',
      failureReason: 'this user is refused',
      retryCount: 3,
      origin: { offset: '2' },
    });
    expect(messages[0]?.stackTrace).toContain('SqliteError');
    expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS', deadLettered: 1 });
  });
});

/** The place of a user's outcome in the order of applying. */
function idOf(pipeline: Pipeline, userId: number): number | undefined {
  const db = pipeline.database();
  const row = db
    .prepare<[number], { id: number }>('SELECT id FROM request_outcome WHERE user_id = ?')
    .get(userId);
  db.close();
  return row?.id;
}
