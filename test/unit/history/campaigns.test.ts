import { describe, expect, it } from 'vitest';
import { lastIssuedOf, stocksGone } from '../../../src/history/sold-out.js';
import { changedTerms } from '../../../src/history/term-changes.js';
import type { CampaignVersion, IssuedCoupon } from '../../../src/ports/coupon-store.js';

const FIRST: CampaignVersion = {
  couponId: 1,
  version: 1,
  name: null,
  totalQuantity: 100,
  status: 'ACTIVE',
  validFromMs: null,
  validUntilMs: null,
  createdAtMs: 1000,
  changedBy: 'ops@web-1',
};

it('a version says what it has changed of the one before, of its own campaign', () => {
  const versions = [
    FIRST,
    { ...FIRST, version: 2, totalQuantity: 150 },
    { ...FIRST, version: 3, totalQuantity: 150, status: 'INACTIVE' as const, validUntilMs: 5 },
    { ...FIRST, couponId: 2, totalQuantity: 7 },
  ];
  expect(changedTerms(versions).map(({ changes }) => changes)).toEqual([
    [],
    [{ term: 'totalQuantity', from: 100, to: 150 }],
    [
      { term: 'status', from: 'ACTIVE', to: 'INACTIVE' },
      { term: 'validUntilMs', from: null, to: 5 },
    ],
    [],
  ]);
});

describe('a stock that was gone before it was raised', () => {
  const raised = { ...FIRST, version: 2, totalQuantity: 150, createdAtMs: 9000 };
  const gone = async (issuedAtMs: number | null) => {
    const asked: unknown[] = [];
    const coupon: IssuedCoupon | null =
      issuedAtMs === null
        ? null
        : {
            ...{ couponId: 1, userId: 7, sequence: 100, eventId: 'e', issuedAtMs },
            position: { topic: 't', partition: 0, offset: 0n },
          };
    const store = {
      winners: (wanted: readonly unknown[]) => {
        asked.push(...wanted);
        return Promise.resolve(wanted.map(() => coupon));
      },
    };
    const found = await stocksGone(store, [FIRST, raised]);
    expect(asked).toEqual([{ couponId: 1, sequence: 100 }]);
    return found;
  };

  it('is told with its last coupon', async () => {
    const stock = { couponId: 1, totalQuantity: 100 };
    expect(await gone(5000)).toEqual([{ ...stock, atMs: 5000, lastUserId: 7 }]);
  });

  it('is none where the coupon was issued after the raise, or never', async () => {
    expect(await gone(9500)).toEqual([]);
    expect(await gone(null)).toEqual([]);
  });
});

describe('a campaign is sold out', () => {
  async function soldOutAt(
    issuedQuantity: number,
    versions: readonly CampaignVersion[],
    issuedAtMs: number | null,
  ): Promise<number | null> {
    const last = versions.at(-1) ?? FIRST;
    const campaign = { ...last, issuedQuantity };
    const position = { topic: 't', partition: 0, offset: 0n };
    const coupon: IssuedCoupon | null =
      issuedAtMs === null
        ? null
        : { couponId: 1, userId: 7, sequence: issuedQuantity, eventId: 'e', issuedAtMs, position };
    const store = { winners: () => Promise.resolve([coupon]) };
    const [issued] = await lastIssuedOf(store, [campaign], versions);
    expect(issued?.last).toBe(coupon);
    return issued?.soldOutAtMs ?? null;
  }

  it('since its last coupon was issued', async () => {
    expect(await soldOutAt(100, [FIRST], 5000)).toBe(5000);
  });

  it('not while some are left', async () => {
    expect(await soldOutAt(99, [FIRST], 5000)).toBeNull();
  });

  it('since its stock was lowered to what was issued', async () => {
    const lowered = { ...FIRST, version: 2, totalQuantity: 60, createdAtMs: 9000 };
    const renamed = { ...lowered, version: 3, name: 'x', createdAtMs: 9500 };
    expect(await soldOutAt(60, [FIRST, lowered, renamed], 5000)).toBe(9000);
  });

  it('from its creation on without any stock', async () => {
    expect(await soldOutAt(0, [{ ...FIRST, totalQuantity: 0 }], null)).toBe(1000);
  });
});
