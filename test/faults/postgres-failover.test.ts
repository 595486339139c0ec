import { expect, it } from 'vitest';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { usePostgresPipeline } from '../support/postgres/pipeline.js';

const pipeline = usePostgresPipeline();
const { coupons, postgres } = pipeline;

const STOCK = 600;
/** What each of three sales asks for: before the copy, after it, and after the failover. */
const REQUESTS = 500;

async function produce(firstUser: number): Promise<void> {
  await coupons.succeed(`produce --coupon 1 --count ${REQUESTS} --first-user ${firstUser}`);
}

/** All of it is applied, and the group has committed it. */
async function consumed(records: number): Promise<void> {
  await eventually(async () => (await pipeline.rows.records()) === records);
  await coupons.succeed('lag --wait --timeout 60');
}

async function holders(): Promise<readonly unknown[]> {
  const client = await postgres.client(pipeline.schema);
  const { rows } = await client.query<Record<string, unknown>>(
    'SELECT sequence, user_id, event_id FROM issued_coupon ORDER BY sequence',
  );
  return rows;
}

it('a standby that lacks the last commits is noticed, and take-over issues the same coupons again', async () => {
  await coupons.succeed(`campaigns create 1 --stock ${STOCK}`);
  await produce(1);
  const consumer = coupons.start(['consume', '--mode', 'batch']);
  await consumed(REQUESTS);
  await postgres.keepCopy();
  await produce(1 + REQUESTS);
  await consumed(2 * REQUESTS);
  const before = await holders();
  expect(before).toHaveLength(STOCK);

  await postgres.failOver();
  expect(await holders()).toHaveLength(REQUESTS);
  // A consumer looks with the next record; who asks need not wait for one.
  const audit = await coupons.json(contract.audit, ['audit'], { code: 3 });
  expect(audit.findings.map(({ code }) => code)).toContain('OFFSETS_AHEAD_OF_STORE');
  await produce(1 + 2 * REQUESTS);
  expect(await consumer.exit, consumer.stderr).toEqual({ code: 1, signal: null });
  expect(JSON.parse(consumer.stdout)).toMatchObject({
    error: {
      code: 'STORE_BEHIND_GROUP',
      message: expect.stringContaining(pipeline.schema) as string,
      hint: expect.stringContaining('coupons store take-over') as string,
    },
  });

  await coupons.succeed('store take-over --yes');
  await coupons.drain();
  await pipeline.expectExactly({ records: 3 * REQUESTS, issued: STOCK });
  expect(await holders()).toEqual(before);
});
