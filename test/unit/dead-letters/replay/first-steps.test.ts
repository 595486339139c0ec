import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../../src/coupon/campaign.js';
import { expectedLetters } from '../../../../src/dead-letters/replay/expected-letters.js';
import { firstSteps } from '../../../../src/dead-letters/replay/first-steps.js';
import type { CampaignStand, Expected } from '../../../../src/dead-letters/replay/forecast.js';
import type { CampaignCount } from '../../../../src/dead-letters/replay/tally.js';
import { replayStepCommand } from '../../../../src/words/en/replay-steps.js';

const NOW_MS = Date.UTC(2026, 10, 27, 3, 0, 30);

function standOf(
  changes: Partial<Campaign> = {},
  { waitingAhead = 0 }: Partial<CampaignStand> = {},
): CampaignStand {
  const campaign: Campaign = {
    ...{ couponId: 1, name: null, totalQuantity: 100, status: 'ACTIVE' },
    ...{ validFromMs: null, validUntilMs: null, issuedQuantity: 100, version: 1 },
    ...changes,
  };
  return { campaign, stockLeft: campaign.totalQuantity - campaign.issuedQuantity, waitingAhead };
}

type Counts = Partial<Record<Expected, number>>;

function countOf(couponId: number | null, excluded: Counts, expected: Counts = {}): CampaignCount {
  const mapOf = (counts: Counts) =>
    new Map(Object.entries(counts) as readonly (readonly [Expected, number])[]);
  return { couponId, expected: mapOf(expected), excluded: mapOf(excluded) };
}

function seen(counts: readonly CampaignCount[], stands: readonly CampaignStand[]) {
  const campaigns = new Map(counts.map((count) => [count.couponId, count]));
  const stand = (couponId: number) =>
    stands.find(({ campaign }) => campaign.couponId === couponId) ?? null;
  return { tally: { campaigns }, forecast: { stand, group: 'g' } };
}

function commands(counts: readonly CampaignCount[], stands: readonly CampaignStand[]) {
  const { tally, forecast } = seen(counts, stands);
  return firstSteps(tally, forecast, NOW_MS).map(replayStepCommand);
}

describe('what to do before a replay', () => {
  it('is to raise the stock to what all letters need', () => {
    const counts = [countOf(1, { SOLD_OUT: 20 })];
    expect(commands(counts, [standOf()])).toEqual(['coupons campaigns update 1 --stock 120']);
  });

  it('counts with what waits ahead and with letters that are issued already', () => {
    const counts = [countOf(1, { SOLD_OUT: 20 }, { ISSUED: 3 })];
    const stand = standOf({ issuedQuantity: 92 }, { waitingAhead: 5 });
    expect(commands(counts, [stand])).toEqual([
      'coupons lag --group g --wait',
      'coupons campaigns update 1 --stock 120',
    ]);
  });

  it('is not to wait for requests that can take nothing', () => {
    const counts = [countOf(1, { SOLD_OUT: 20 })];
    const stand = standOf({}, { waitingAhead: 5 });
    expect(commands(counts, [stand])).toEqual(['coupons campaigns update 1 --stock 125']);
  });

  it('is what each rejection needs, that of the most letters first', () => {
    const counts = [
      countOf(1, { INACTIVE: 2 }),
      countOf(2, { EXPIRED: 5 }),
      countOf(3, { NOT_STARTED: 1 }),
      countOf(4, { NOT_FOUND: 7 }),
      countOf(null, { NOT_FOUND: 9 }),
      countOf(5, { DUPLICATE: 4, REPEATED: 3 }),
    ];
    const stands = [
      standOf({ couponId: 1, status: 'INACTIVE' }),
      standOf({ couponId: 2, validUntilMs: NOW_MS - 1 }),
      standOf({ couponId: 3, validFromMs: NOW_MS + 1 }),
      standOf({ couponId: 5 }),
    ];
    expect(commands(counts, stands)).toEqual([
      'coupons campaigns create 4 --stock 7',
      'coupons campaigns update 2 --valid-until 2026-11-27T04:01:00.000Z',
      'coupons campaigns update 1 --status ACTIVE',
      null,
    ]);
  });
});

it('letters are listed by campaign and outcome, those that can be sent first', () => {
  const counts = [
    countOf(null, { NOT_FOUND: 9 }),
    countOf(7, { NOT_FOUND: 1 }),
    countOf(1, { SOLD_OUT: 20, DUPLICATE: 1 }, { ISSUED: 3 }),
  ];
  const { tally, forecast } = seen(counts, [standOf({ issuedQuantity: 97 }, { waitingAhead: 2 })]);
  const ofOne = { couponId: 1, stockLeft: 3, waitingAhead: 2 };
  const unknown = { stockLeft: null, waitingAhead: null, outcome: 'NOT_FOUND', replayable: 0 };
  expect(expectedLetters(tally, forecast)).toEqual([
    { ...ofOne, outcome: 'ISSUED', letters: 3, replayable: 3 },
    { ...ofOne, outcome: 'SOLD_OUT', letters: 20, replayable: 0 },
    { ...ofOne, outcome: 'DUPLICATE', letters: 1, replayable: 0 },
    { ...unknown, couponId: 7, letters: 1 },
    { ...unknown, couponId: null, letters: 9 },
  ]);
});
