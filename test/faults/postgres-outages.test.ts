/** The server of the store goes away in the middle of `consume`, which waits for it and goes on. */
import { expect, it } from 'vitest';
import type { RunningCoupons } from '../support/command-line/cli.js';
import { eventually } from '../support/eventually.js';
import { usePostgresPipeline } from '../support/postgres/pipeline.js';

const STOCK = 4000;
const REQUESTS = 12_000;

const pipeline = usePostgresPipeline();
const { coupons, postgres } = pipeline;

/** A consumer that has begun, with most of the requests before it. */
async function consuming(): Promise<RunningCoupons> {
  await coupons.succeed(`campaigns create 1 --stock ${STOCK}`);
  await coupons.succeed(`produce --coupon 1 --count ${REQUESTS} --seed 7 --duplicates 5`);
  const consumer = coupons.start(['consume', '--until-drained', '--progress', 'none']);
  await eventually(async () => (await pipeline.rows.records()) > 500);
  return consumer;
}

async function warned(consumer: RunningCoupons, reason: RegExp): Promise<void> {
  const said = () => {
    expect(consumer.stderr).toMatch(/^warning: the store does not work/m);
    expect(consumer.stderr).toMatch(reason);
  };
  // What does not answer is given up after 18 s.
  await eventually(said, { deadlineMs: 60_000 });
}

/** It ends by itself with all of it read, and has given no record up. */
async function expectDrained(consumer: RunningCoupons): Promise<void> {
  expect(await consumer.exit, consumer.stderr).toEqual({ code: 0, signal: null });
  await pipeline.expectExactly({ records: REQUESTS, issued: STOCK });
}

it('an administrator restarts it: the consumer goes on, and need not even warn', async () => {
  const consumer = await consuming();
  await postgres.restart('fast');
  await expectDrained(consumer);
});

it('it is killed and comes back later: the consumer warns, waits and goes on', async () => {
  const consumer = await consuming();
  await postgres.kill();
  await warned(consumer, /the server cannot be reached/);
  await postgres.server.start();
  await expectDrained(consumer);
  expect(consumer.stderr).toMatch(/^the store works again, after (\d+ min )?\d+ s$/m);
});

it('it freezes, and answers nobody: the consumer gives it up, waits and goes on when it has thawed', async () => {
  const consumer = await consuming();
  await postgres.freeze();
  await warned(consumer, /the server cannot be reached/);
  postgres.thaw();
  await expectDrained(consumer);
});

it('it is killed while no request comes: the consumer warns, and says that it is back', async () => {
  await coupons.succeed('campaigns create 1 --stock 1');
  const consumer = coupons.start(['consume', '--progress', 'json']);
  await eventually(() => consumer.stdout.includes('"lag":0'));
  await postgres.kill();
  await warned(consumer, /the server cannot be reached|it has not answered/);
  await eventually(() => consumer.stdout.includes('"outages":["the store"]'));
  await postgres.server.start();
  await eventually(() => /^the store works again, after (\d+ min )?\d+ s$/m.test(consumer.stderr));
  consumer.kill('SIGINT');
  expect(await consumer.exit, consumer.stderr).toEqual({ code: 0, signal: null });
});

it('an administrator ends its sessions again and again', async () => {
  const consumer = await consuming();
  const admin = await postgres.client();
  let ended = 0;
  for (let records = 1000; records < REQUESTS; records += 1000) {
    await eventually(async () => (await pipeline.rows.records()) >= records);
    const { rowCount } = await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'coupons'`,
    );
    ended += rowCount ?? 0;
  }
  await expectDrained(consumer);
  expect(ended).toBeGreaterThan(1);
});

it('its disk is full for a while: the consumer says so, and no record is given up for it', async () => {
  const consumer = await consuming();
  const admin = await postgres.client(pipeline.schema);
  await admin.query(`
    CREATE FUNCTION be_full() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER be_full BEFORE INSERT ON applied_record EXECUTE FUNCTION be_full()`);
  await warned(consumer, /the server's disk is full/);
  await admin.query('DROP TRIGGER be_full ON applied_record');
  await expectDrained(consumer);
});
