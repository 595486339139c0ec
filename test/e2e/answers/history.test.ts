/** `history`, and what it rests on: what commands and consumers leave in the store. */
import { hostname, userInfo } from 'node:os';
import { beforeEach, describe, expect, it } from 'vitest';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { STORES, usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

const BY = `${userInfo().username}@${hostname()}`;

describe.each(STORES)('what happened, from a store on %s', (store) => {
  const pipeline = usePipeline({ store });
  const history = (...args: readonly string[]) =>
    pipeline.json(contract.history, ['history', ...args]);

  beforeEach(() => pipeline.reset());

  /** 40 users ask for 30 coupons, two of them twice, and one record is no request. */
  async function sale(): Promise<void> {
    await pipeline.succeed('campaigns create 7 --stock 20');
    await pipeline.succeed('campaigns update 7 --stock 30');
    const users = Array.from({ length: 40 }, (_unused, index) => index + 1);
    await pipeline.send([...users, 1, 2].map((userId) => request(7, userId)));
    await pipeline.send([{ key: '7', value: 'no request' }]);
    await pipeline.drain(['--concurrency', '1']);
  }

  it('counts who asked, and what became of it', async () => {
    await sale();
    const all = await history();
    expect(all.totals).toMatchObject({
      asked: 43,
      outcomes: { ISSUED: 30, DUPLICATE: 2, SOLD_OUT: 10, DEAD_LETTERED: 1 },
      deadLetters: { MALFORMED_JSON: 1 },
    });
    expect(all).toMatchObject({ by: 'auto', bucketMs: 60_000, couponId: null, noteCodes: [] });
    const sum = all.buckets.reduce((issued, { outcomes }) => issued + outcomes.ISSUED, 0);
    expect(sum).toBe(30);
    const before = await history('--since', '2h', '--until', '1h');
    expect(before.totals).toMatchObject({ asked: 0, outcomes: { ISSUED: 0 } });
    expect(before.noteCodes).toEqual([]);
    expect(before.events).toEqual([]);
  });

  it('shows what operators and consumers did, by whom and in order', async () => {
    await sale();
    await pipeline.audit();
    await pipeline.succeed('store reset-offsets --yes');
    await pipeline.succeed(`topics alter ${REQUEST_TOPIC} --partitions 5 --yes`);
    const { events } = await history();
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['CAMPAIGN_CREATED', 'CAMPAIGN_CHANGED'],
      ...['CONSUMER_STARTED', 'PARTITIONS_ASSIGNED', 'CAMPAIGN_SOLD_OUT', 'CONSUMER_STOPPED'],
      ...['AUDITED', 'OFFSETS_RESET', 'PARTITIONS_ADDED'],
    ]);
    expect(new Set(events.map(({ by }) => by))).toEqual(new Set([BY, null]));
    expect(events).toContainEqual(
      expect.objectContaining({ changes: [{ term: 'totalQuantity', from: 20, to: 30 }] }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'CONSUMER_STOPPED', records: 43, errorCode: null }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'PARTITIONS_ASSIGNED', member: 1, partitions: [0, 1, 2] }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'AUDITED', verdict: 'PASS', records: 43, findings: 0 }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'PARTITIONS_ADDED', from: 3, to: 5 }),
    );
    const latest = await history('--limit', '2');
    // What campaigns say of themselves is never left out.
    expect(latest.events.map(({ kind }) => kind)).toEqual([
      ...['CAMPAIGN_CREATED', 'CAMPAIGN_CHANGED', 'CAMPAIGN_SOLD_OUT'],
      ...['OFFSETS_RESET', 'PARTITIONS_ADDED'],
    ]);
    expect(latest.noteCodes).toEqual(['EVENTS_LEFT_OUT']);
  });

  it('tells of one campaign, without how many asked', async () => {
    await sale();
    await pipeline.succeed('campaigns create 8 --stock 1');
    const one = await history('--coupon', '7', '--by', 'hour');
    expect(one).toMatchObject({ couponId: 7, by: 'hour', noteCodes: ['ASKED_OF_ALL_CAMPAIGNS'] });
    expect(one.totals).toMatchObject({ asked: null, outcomes: { ISSUED: 30, SOLD_OUT: 10 } });
    const campaigns = one.events.flatMap((each) => ('couponId' in each ? [each.couponId] : []));
    expect(new Set(campaigns)).toEqual(new Set([7]));
  });

  it('answers from the store alone while no broker is there, and says so', async () => {
    await sale();
    const away = await history('--brokers', '127.0.0.1:1');
    expect(away.noteCodes).toEqual(['ASKED_NOT_READ']);
    expect(away.totals).toMatchObject({ asked: null, outcomes: { ISSUED: 30 } });
    const { stdout, code } = await pipeline.run(['history', '--brokers', '127.0.0.1:1']);
    expect(code).toBe(0);
    expect(stdout).toContain('cluster at 127.0.0.1:1 not reached');
  });

  it('shows a line a minute with something in it, the sum, and the events', async () => {
    await sale();
    const { stdout } = await pipeline.run(['history']);
    const lines = stdout.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '));
    expect(lines).toContain('FROM (UTC)  ASKED  ISSUED  DUPLICATE  SOLD OUT  DEAD');
    expect(lines).toContain('total  43  30  2  10  1');
    expect(stdout).toMatch(/^MALFORMED_JSON +1 /m);
    expect(stdout).toContain(`coupon 7 changed by ${BY}: stock 20 → 30`);
    expect(stdout).toContain('coupon 7 sold out: 30 of 30 issued, the last to user 30');
  });

  it('a campaign shows its terms by version, and when it was sold out', async () => {
    await sale();
    const shown = await pipeline.json(contract.campaignShown, ['campaigns', 'show', '7']);
    expect(shown.versions).toBeUndefined();
    expect(shown.soldOutAt).not.toBeNull();
    expect(shown.soldOutAt).toBe(shown.lastIssuedAt);
    const { versions } = await pipeline.json(contract.campaignShown, [
      ...['campaigns', 'show', '7', '--history'],
    ]);
    expect(versions).toMatchObject([
      { version: 1, changedBy: BY, totalQuantity: 20, changes: [] },
      { version: 2, changedBy: BY, changes: [{ term: 'totalQuantity', from: 20, to: 30 }] },
    ]);
    const { stdout } = await pipeline.run(['campaigns', 'show', '7', '--history']);
    expect(stdout).toMatch(/2 .*stock 20 → 30/);
  });

  it('says of a consumer that was killed that its end is not recorded', async () => {
    await pipeline.succeed('campaigns create 7 --stock 20');
    await pipeline.send([request(7, 1)]);
    const consumer = pipeline.start(['consume']);
    const issued = async () => (await history()).totals.outcomes.ISSUED === 1;
    await eventually(issued, { deadlineMs: 30_000 });
    consumer.kill('SIGKILL');
    await consumer.exit;
    const { events, notes, noteCodes } = await history();
    expect(noteCodes).toEqual(['NO_END_RECORDED']);
    const [started] = events.filter(({ kind }) => kind === 'CONSUMER_STARTED');
    expect(notes.join()).toContain(`pid ${started?.pid ?? 0}`);
  });
});

describe('a history', () => {
  const pipeline = usePipeline();

  it.each([
    [['--since', '1h', '--until', '2h'], 'before it begins'],
    [['--since', '2999-01-01'], 'begins in the future'],
    [['--since', '10d', '--by', 'minute'], '1440'],
  ])('of %s is refused', async (args, message) => {
    await pipeline.reset();
    await pipeline.succeed('campaigns create 7 --stock 20');
    const refused = await pipeline.failure(['history', ...args]);
    expect(refused).toMatchObject({ exitCode: 2, code: 'USAGE' });
    expect(refused.message).toContain(message);
  });
});
