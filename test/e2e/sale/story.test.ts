/** A flash sale from the first command to the last; each test goes on where the one before ended. */
import { beforeAll, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { STORES, usePipeline } from '../../support/pipeline.js';
import type { TopicRecord } from '../../support/broker/read-topic.js';

const STOCK = 100;
const REQUESTS = 10_000;
const POISON = 100;
const DUPLICATES = 500;
const LATER_COUPONS = [2, 3, 4, 5, 6, 7, 8];
const LATER_STOCK = 20;
const LATER_REQUESTS = 100;

describe.each(STORES)('the story of a flash sale, on %s', (store) => {
  const pipeline = usePipeline({ store });
  beforeAll(() => pipeline.reset({ partitions: null }));

  it('creates the topics, and a second run changes nothing', async () => {
    const first = await pipeline.json(contract.topicsCreated, ['topics', 'create']);
    expect(first.topics.map(({ name, partitions, status }) => [name, partitions, status])).toEqual([
      ['coupon-issue-requests', 3, 'created'],
      ['coupon-issue-dlq', 1, 'created'],
      ['order-created-events', 3, 'created'],
    ]);
    const described = await pipeline.json(contract.topicsDescribed, ['topics', 'describe']);

    const second = await pipeline.json(contract.topicsCreated, ['topics', 'create']);
    expect(second.topics.map(({ status }) => status)).toEqual(['exists', 'exists', 'exists']);
    expect(await pipeline.json(contract.topicsDescribed, ['topics', 'describe'])).toEqual(
      described,
    );
  });

  it('acknowledges 10,000 requests, which then wait', async () => {
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', String(STOCK)]);
    const produced = await pipeline.json(contract.produced, [
      ...['produce', '--coupon', '1', '--count', String(REQUESTS)],
      ...['--duplicates', '5', '--poison', '1'],
    ]);
    expect(produced).toMatchObject({ requested: REQUESTS, acknowledged: REQUESTS, failed: 0 });

    const lag = await pipeline.json(contract.lag, ['lag']);
    expect(lag).toMatchObject({ totalLag: REQUESTS, members: 0, status: 'STOPPED' });
  });

  it('issues exactly the stock, with three members and until nothing waits', async () => {
    const run = await pipeline.json(contract.consumed, [
      ...['consume', '--mode', 'batch', '--concurrency', '3', '--until-drained'],
    ]);
    expect(run).toMatchObject({ mode: 'batch', concurrency: 3, records: REQUESTS, repeated: 0 });
    // Who asks again for a coupon that is sold out gets SOLD_OUT, not DUPLICATE.
    const { ISSUED, DUPLICATE, SOLD_OUT, DEAD_LETTERED } = run.outcomes;
    expect({ ISSUED, DEAD_LETTERED }).toEqual({ ISSUED: STOCK, DEAD_LETTERED: POISON });
    expect(DUPLICATE + SOLD_OUT).toBe(REQUESTS - STOCK - POISON);
    expect(DUPLICATE).toBeLessThanOrEqual(DUPLICATES);

    expect(await pipeline.json(contract.lag, ['lag'])).toMatchObject({ totalLag: 0, status: 'OK' });
    expect(await pipeline.json(contract.dlqCount, ['dlq', 'count'])).toMatchObject({
      topic: DLQ_TOPIC,
      count: POISON,
    });
  });

  it('gives the coupons to the first who asked, numbered 1 to 100', async () => {
    const { issued, total } = await pipeline.json(contract.issuedList, [
      ...['issued', 'list', '--coupon', '1', '--limit', '1000'],
    ]);
    expect(total).toBe(STOCK);
    expect(issued.map(({ sequence }) => sequence)).toEqual(upTo(STOCK));
    const winners = firstUsers(await pipeline.records(), STOCK);
    expect(
      issued.map(({ userId, position: { partition, offset } }) => ({ userId, partition, offset })),
    ).toEqual(winners);
  });

  it('audits the outcome, and leaves no group behind by looking', async () => {
    const before = await pipeline.groups();
    expect(await pipeline.audit()).toMatchObject({
      verdict: 'PASS',
      records: REQUESTS,
      requests: REQUESTS - POISON,
      unprocessed: 0,
      deadLettered: POISON,
      findings: [],
    });
    await pipeline.json(contract.dlqPeek, ['dlq', 'peek']);
    expect(await pipeline.groups()).toEqual(before);
    expect(before).toEqual(['coupon-issue-group']);
  });

  it('consumes nothing when it is run again', async () => {
    const run = await pipeline.drain();
    expect(run.records).toBe(0);
  });

  it('raises the partitions to six', async () => {
    const altered = await pipeline.json(contract.topicAltered, [
      ...['topics', 'alter', REQUEST_TOPIC, '--partitions', '6', '--wait-drained', '--yes'],
    ]);
    expect(altered).toMatchObject({ from: 3, to: 6, applied: true, lag: 0 });
    expect(altered.keys.sampled).toBe(1);
  });

  it('issues seven more campaigns exactly, a record at a time with six members', async () => {
    for (const couponId of LATER_COUPONS) {
      await pipeline.json(contract.campaign, [
        ...['campaigns', 'create', String(couponId), '--stock', String(LATER_STOCK)],
      ]);
      await pipeline.json(contract.produced, [
        ...['produce', '--coupon', String(couponId), '--count', String(LATER_REQUESTS)],
        ...['--duplicates', '5', '--first-user', '501'],
      ]);
    }
    const run = await pipeline.json(contract.consumed, [
      ...['consume', '--mode', 'single', '--concurrency', '6', '--until-drained'],
    ]);
    expect(run.records).toBe(LATER_COUPONS.length * LATER_REQUESTS);
    expect(run.outcomes.ISSUED).toBe(LATER_COUPONS.length * LATER_STOCK);

    const { issued } = await pipeline.json(contract.issuedList, [
      ...['issued', 'list', '--limit', '1000'],
    ]);
    const records = await pipeline.records();
    for (const couponId of LATER_COUPONS) {
      const own = issued.filter((coupon) => coupon.couponId === couponId);
      expect(own.map(({ sequence }) => sequence)).toEqual(upTo(LATER_STOCK));
      const asked = records.filter(({ key }) => key === String(couponId));
      expect(own.map(({ userId }) => userId)).toEqual(
        firstUsers(asked, LATER_STOCK).map(({ userId }) => userId),
      );
    }
  });

  it('issues nothing twice when another group reads it all again into the same store', async () => {
    const all = REQUESTS + LATER_COUPONS.length * LATER_REQUESTS;
    const before = await pipeline.json(contract.campaignList, ['campaigns', 'list']);
    const run = await pipeline.json(contract.consumed, [
      ...['consume', '--group', 'coupon-second-group', '--mode', 'batch', '--until-drained'],
    ]);
    expect(run).toMatchObject({ records: all, repeated: all - POISON, deadLettered: POISON });
    expect(run.outcomes.ISSUED).toBe(0);
    expect(await pipeline.json(contract.campaignList, ['campaigns', 'list'])).toEqual(before);
    expect((await pipeline.audit()).verdict).toBe('PASS');
  });
});

interface Winner {
  readonly userId: number;
  readonly partition: number;
  readonly offset: string;
}

/** The first `stock` users whose request can be read, each once, in the order of the log. */
function firstUsers(records: readonly TopicRecord[], stock: number): readonly Winner[] {
  const winners = new Map<number, Winner>();
  for (const { partition, offset, value } of records) {
    const userId = userOf(value);
    if (userId === null || winners.has(userId)) continue;
    winners.set(userId, { userId, partition, offset: offset.toString() });
    if (winners.size === stock) break;
  }
  return [...winners.values()];
}

/** Null where the value is malformed in one of the ways that `--poison` makes. */
function userOf(value: Buffer | null): number | null {
  try {
    const { userId } = JSON.parse(value?.toString() ?? '') as { readonly userId?: unknown };
    return typeof userId === 'number' && userId > 0 ? userId : null;
  } catch {
    return null;
  }
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_unused, index) => index + 1);
}
