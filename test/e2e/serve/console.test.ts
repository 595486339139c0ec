/** What the console shows is what the commands say. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONSUMER_GROUP, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { STORES, usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { ServedConsole } from '../../support/console/served-console.js';

let served: ServedConsole | null = null;
afterEach(async () => {
  await served?.stop();
  served = null;
});

/** Of users from 1 on. */
function requests(couponId: number, users: number) {
  return Array.from({ length: users }, (_unused, user) => request(couponId, user + 1));
}

describe.each(STORES)('the console, its store on %s', (store) => {
  const pipeline = usePipeline({ store });
  beforeEach(() => pipeline.reset());

  it('has the figures of `lag`, `campaigns list`, `issued show` and `audit`', async () => {
    await pipeline.succeed('campaigns create 1 --stock 30');
    await pipeline.succeed('campaigns create 2 --stock 500 --name second');
    await pipeline.send([...requests(1, 50), ...requests(2, 40), ...requests(9, 3)]);
    await pipeline.send([{ key: '1', value: 'no request' }]);
    const page = (served = await ServedConsole.start(pipeline));
    await page.until('group', ({ data }) => data?.totalLag === 94);
    const lagging = await pipeline.json(contract.lag, ['lag']);
    expect(page.latest('group').data).toMatchObject({
      ...{ group: CONSUMER_GROUP, state: lagging.state, status: lagging.status },
      notes: lagging.noteCodes.map((code, index) => ({
        code,
        text: { en: lagging.notes[index] },
      })),
      partitions: lagging.partitions.map(({ partition, lag, endOffset }) => ({
        ...{ topic: REQUEST_TOPIC, partition, lag, endOffset },
      })),
    });

    await pipeline.drain();
    await page.until('group', ({ data }) => data?.totalLag === 0);
    const { data } = await page.until('campaigns', (part) => part.data?.outcomes.ISSUED === 70);
    const { campaigns } = await pipeline.json(contract.campaignList, ['campaigns', 'list']);
    expect(new Map(data?.campaigns.map((each) => [each.couponId, each.issuedQuantity]))).toEqual(
      new Map(campaigns.map((each) => [each.couponId, each.issuedQuantity])),
    );
    const [first] = data?.campaigns ?? [];
    expect(first).toMatchObject({
      couponId: 1,
      outcomes: { ISSUED: 30, SOLD_OUT: 20 },
      firstWinner: { userId: 1, sequence: 1 },
      lastWinner: { userId: 30, sequence: 30 },
    });
    expect(first?.soldOutAtMs).toBe(first?.lastWinner?.issuedAtMs);
    expect(data).toMatchObject({ withoutCampaign: 3, oversold: 0, counted: null });

    for (const user of [1, 31, 99]) {
      const asked = ['--coupon', '1', '--user', String(user)];
      const shown = await pipeline.json(contract.issuedShow, ['issued', 'show', ...asked]);
      const answer = await page.get(`/api/users?coupon=1&user=${String(user)}`);
      const { status, outcome, sequence, issuedAt, eventId } = shown;
      expect(answer.json()).toMatchObject({ status, outcome, sequence, issuedAt, eventId });
    }

    expect((await page.post('/api/audits')).status).toBe(202);
    const { last } = await page.until('audit', (audit) => audit.last !== null);
    const { verdict, records, outcomes, findings } = await pipeline.audit();
    expect(last).toMatchObject({ verdict, records, outcomes, findingCount: findings.length });
    const { data: letters } = await page.until('letters', (part) => part.data?.counted === 1);
    expect(letters?.reasons).toMatchObject([{ key: 'MALFORMED_JSON', count: 1 }]);
    const advice = await page.until('advice', (part) => part.data !== null);
    expect(advice.data?.findings.map(({ code }) => code)).toContain('KEEPS_UP');
  });

  it('goes on as records come, with rates and how long coupons take', async () => {
    await pipeline.succeed('campaigns create 1 --stock 1000');
    const page = (served = await ServedConsole.start(pipeline));
    const consumer = pipeline.start(['consume', '--mode', 'batch', '--progress', 'none']);
    await page.until('group', (part) => part.data?.memberCount === 3);
    await pipeline.send(requests(1, 200));
    await page.until('campaigns', (part) => part.data?.campaigns[0]?.issuedQuantity === 200);
    await pipeline.send(requests(1, 400).slice(200));
    await page.until('campaigns', ({ data }) => (data?.campaigns[0]?.issuedPerSecond ?? 0) > 0);
    // Who comes now sees what came before.
    await page.look();
    const { atMs, lag, inPerSecond } = await page.until('history', ({ issuedP50Ms }) =>
      issuedP50Ms.some((ms) => ms !== null),
    );
    expect(lag).toHaveLength(atMs.length);
    expect(inPerSecond.some((rate) => (rate ?? 0) > 0)).toBe(true);
    consumer.kill('SIGTERM');
    await consumer.exit;
    await page.until('group', (part) => part.data?.memberCount === 0);
    expect(page.latest('campaigns').data?.outcomes.ISSUED).toBe(400);
  });
});

describe('a store that changes under the console', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  it('is opened when it is there, missed when it is deleted, and counted from the start when there is another one', async () => {
    const page = (served = await ServedConsole.start(pipeline));
    await page.until('campaigns', ({ failure }) => failure?.code === 'STORE_NOT_FOUND');
    await page.until('group', ({ data }) => data !== null);
    await pipeline.succeed('campaigns create 1 --stock 10');
    await pipeline.send(requests(1, 5));
    await pipeline.drain();
    await page.until('campaigns', ({ data }) => data?.outcomes.ISSUED === 5);

    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(join(pipeline.dataDir, `coupons.db${suffix}`), { force: true });
    }
    const gone = await page.until('campaigns', ({ failure }) => failure !== null);
    expect(gone.data?.outcomes.ISSUED).toBe(5);
    await pipeline.succeed('campaigns create 3 --stock 10');
    const { data } = await page.until('campaigns', ({ failure }) => failure === null);
    expect(data).toMatchObject({ campaigns: [{ couponId: 3 }], outcomes: { ISSUED: 0 } });
    // The group's offsets are those of the store that was deleted.
    const { notes } = (await page.until('group', (part) => (part.data?.notes ?? []).length > 0))
      .data ?? { notes: [] };
    expect(notes.map(({ code }) => code)).toContain('OFFSETS_OF_ANOTHER_STORE');
  });
});
