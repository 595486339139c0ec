/** Rates, order, winners and percentiles of campaigns. */
import { expect, it } from 'vitest';
import type { Campaign } from '../../../../../src/coupon/campaign.js';
import type { CampaignSequence } from '../../../../../src/ports/store-figures.js';
import { CampaignActivity } from '../../../../../src/serve/console/campaigns/activity.js';
import { issuedAfter } from '../../../../../src/serve/console/campaigns/issued-after.js';
import { CampaignRates } from '../../../../../src/serve/console/campaigns/rates.js';
import { CampaignWinners } from '../../../../../src/serve/console/campaigns/winners.js';

const START_MS = Date.UTC(2026, 10, 27, 12);

function campaign(couponId: number, changes: Partial<Campaign> = {}): Campaign {
  return {
    couponId,
    name: null,
    status: 'ACTIVE',
    totalQuantity: 100,
    issuedQuantity: 0,
    validFromMs: null,
    validUntilMs: null,
    version: 1,
    ...changes,
  };
}

const looked = (issued: number, outcomes: number | null = issued) =>
  new Map([[1, { issued, outcomes }]]);

it('a rate is null before there are two readings, and then of the last 10 s', () => {
  const rates = new CampaignRates();
  rates.add(START_MS, looked(0));
  expect(rates.of(1)).toEqual({ issuedPerSecond: null, outcomesPerSecond: null });
  for (let second = 1; second <= 30; second += 1) {
    rates.add(START_MS + second * 1000, looked(second <= 15 ? second * 100 : 1500));
  }
  expect(rates.of(1).issuedPerSecond).toBe(0);
  expect(rates.of(2)).toEqual({ issuedPerSecond: null, outcomesPerSecond: null });
});

it('a rate is of the readings there are, where they are further apart than 10 s', () => {
  const rates = new CampaignRates();
  rates.add(START_MS, looked(0, null));
  rates.add(START_MS + 15_000, looked(150, 300));
  expect(rates.of(1)).toEqual({ issuedPerSecond: 10, outcomesPerSecond: null });
});

it('a rate that stays the same is the same, though readings come some ms earlier or later', () => {
  const rateAfter = (ms: number) => {
    const rates = new CampaignRates();
    rates.add(START_MS, looked(0));
    rates.add(START_MS + ms, looked(2000));
    return rates.of(1).issuedPerSecond;
  };
  expect([10_010, 10_011, 10_012].map(rateAfter)).toEqual([199.8, 199.8, 199.8]);
});

it('a rate says nothing of a time without readings', () => {
  const rates = new CampaignRates();
  rates.add(START_MS, looked(0));
  rates.add(START_MS + 3_600_000, looked(36_000));
  expect(rates.of(1).issuedPerSecond).toBeNull();
});

it('campaigns that are active now come first, then those on sale, in an order that stays', () => {
  const activity = new CampaignActivity();
  const before = [
    campaign(1, { issuedQuantity: 100 }),
    campaign(2),
    campaign(3, { status: 'INACTIVE' }),
    campaign(4, { validFromMs: START_MS + 3_600_000 }),
    campaign(5),
    campaign(6, { issuedQuantity: 99 }),
  ];
  activity.add(START_MS, before, () => 0);
  const numbers = (atMs: number, campaigns: readonly Campaign[]) =>
    activity.ordered(atMs, campaigns).map(({ couponId }) => couponId);
  expect(numbers(START_MS, before)).toEqual([2, 5, 6, 1, 3, 4]);
  const after = before.map((each) =>
    each.couponId === 6 ? { ...each, issuedQuantity: 100 } : each,
  );
  activity.add(START_MS + 1000, after, (couponId) => (couponId === 1 ? 7 : 0));
  expect(numbers(START_MS + 1000, after)).toEqual([1, 6, 2, 5, 3, 4]);
  activity.add(START_MS + 600_000, after, (couponId) => (couponId === 1 ? 7 : 0));
  expect(numbers(START_MS + 600_000, after)).toEqual([2, 5, 1, 6, 3, 4]);
});

it('rows that were there before are no activity while they are being counted', () => {
  const activity = new CampaignActivity();
  const campaigns = [campaign(1), campaign(2, { issuedQuantity: 100 })];
  activity.add(START_MS, campaigns, () => null);
  activity.add(START_MS + 1000, campaigns, () => 5000);
  expect(activity.ordered(START_MS + 1000, campaigns)).toEqual(campaigns);
});

/** Campaigns whose coupon N was issued N ms after the start. */
class Coupons {
  readonly asked: CampaignSequence[] = [];

  winners(wanted: readonly CampaignSequence[]) {
    this.asked.push(...wanted);
    return Promise.resolve(
      wanted.map(({ couponId, sequence }) => ({
        couponId,
        sequence,
        userId: 1000 + sequence,
        eventId: 'e',
        issuedAtMs: START_MS + sequence,
        position: { topic: 't', partition: 0, offset: 0n },
      })),
    );
  }
}

it('a campaign has its first and last winner, and is sold out when the last of its stock was issued', async () => {
  const coupons = new Coupons();
  const winners = new CampaignWinners();
  const read = async (changes: Partial<Campaign>) =>
    (await winners.read(coupons, [campaign(1, changes)])).get(1);
  expect(await read({})).toEqual({ firstWinner: null, lastWinner: null, soldOutAtMs: null });
  expect(await read({ issuedQuantity: 40 })).toEqual({
    firstWinner: { userId: 1001, sequence: 1, issuedAtMs: START_MS + 1 },
    lastWinner: { userId: 1040, sequence: 40, issuedAtMs: START_MS + 40 },
    soldOutAtMs: null,
  });
  expect((await read({ issuedQuantity: 100 }))?.soldOutAtMs).toBe(START_MS + 100);
  // Its stock was raised.
  expect((await read({ issuedQuantity: 100, totalQuantity: 200 }))?.soldOutAtMs).toBeNull();
});

it('a winner that is known is not asked for again', async () => {
  const coupons = new Coupons();
  const winners = new CampaignWinners();
  const sold = [campaign(1, { issuedQuantity: 100 })];
  await winners.read(coupons, sold);
  expect(coupons.asked.map(({ sequence }) => sequence)).toEqual([1, 100]);
  await winners.read(coupons, sold);
  expect(coupons.asked).toHaveLength(2);
  winners.restart();
  await winners.read(coupons, sold);
  expect(coupons.asked).toHaveLength(4);
});

it('percentiles are times that occurred', () => {
  expect(issuedAfter([])).toBeNull();
  expect(issuedAfter([[7, 1]])).toEqual({ p50Ms: 7, p99Ms: 7 });
  const counts = [
    [900, 1],
    [10, 50],
    [20, 49],
  ] as const;
  expect(issuedAfter(counts)).toEqual({ p50Ms: 10, p99Ms: 20 });
  expect(issuedAfter([...counts, [901, 2]])).toEqual({ p50Ms: 20, p99Ms: 901 });
  // Timestamps of -1, in seconds, and in microseconds, which no waiting time is computed from.
  const nowMs = Date.UTC(2026, 10, 27);
  const dated = [nowMs + 1, nowMs - nowMs / 1000, nowMs - nowMs * 1000];
  expect(issuedAfter([...counts, ...dated.map((ms): [number, number] => [ms, 50])])).toEqual(
    issuedAfter(counts),
  );
  expect(issuedAfter(dated.map((ms): [number, number] => [ms, 50]))).toBeNull();
});
