import { describe, expect, it } from 'vitest';
import { leftOf, rejectedOf, stateOf } from '../../../../src/serve/web/campaigns/campaign-state.js';
import { matching, ordered } from '../../../../src/serve/web/campaigns/order.js';
import { nextSorting } from '../../../../src/serve/web/sorting.js';
import { campaignData, NOW_MS, outcomes } from '../../../support/console/sale.js';

const HOUR_MS = 3_600_000;

function campaign(couponId: number, changes: Partial<ReturnType<typeof campaignData>> = {}) {
  const open = { validFromMs: null, validUntilMs: null };
  return campaignData(couponId, { totalQuantity: 100, issuedQuantity: 40, ...open, ...changes });
}

const idsOf = (campaigns: readonly { readonly couponId: number }[]) =>
  campaigns.map(({ couponId }) => couponId);

describe('what a campaign is doing', () => {
  it('is on sale while there is stock, and then sold out', () => {
    expect(stateOf(campaign(1), NOW_MS)).toBe('ACTIVE');
    expect(stateOf(campaign(1, { issuedQuantity: 100 }), NOW_MS)).toBe('SOLD_OUT');
  });

  it('has not started or has ended by its window, both of whose ends belong to it', () => {
    const window = { validFromMs: NOW_MS, validUntilMs: NOW_MS + HOUR_MS };
    const states = [-1, 0, HOUR_MS, HOUR_MS + 1].map((ms) =>
      stateOf(campaign(1, window), NOW_MS + ms),
    );
    expect(states).toEqual(['NOT_STARTED', 'ACTIVE', 'ACTIVE', 'EXPIRED']);
  });

  it('is oversold whatever else it is', () => {
    const oversold = campaign(1, { issuedQuantity: 101, status: 'INACTIVE' });
    expect(stateOf(oversold, NOW_MS)).toBe('OVERSOLD');
    expect(leftOf(oversold)).toBe(0);
  });

  it('has rejected what got no coupon, without what is not decided', () => {
    const counts = outcomes({ ISSUED: 40, DUPLICATE: 5, SOLD_OUT: 7, DEAD_LETTERED: 9 });
    expect(rejectedOf(campaign(1, { outcomes: counts }))).toBe(12);
  });
});

describe('the order of campaigns', () => {
  const campaigns = [
    campaign(4, { status: 'INACTIVE' }),
    campaign(3),
    campaign(2, { issuedQuantity: 100 }),
    campaign(1, { issuedQuantity: 101 }),
    campaign(5, { issuedQuantity: 90, outcomesPerSecond: 12 }),
  ];

  it('begins with what is wrong, then what is asked for, then by state', () => {
    expect(idsOf(ordered(campaigns, null, NOW_MS))).toEqual([1, 5, 3, 2, 4]);
  });

  it('stays the same while only figures change', () => {
    const later = campaigns.map((each) => ({ ...each, issuedPerSecond: each.couponId * 7 }));
    expect(idsOf(ordered(later, null, NOW_MS))).toEqual(idsOf(ordered(campaigns, null, NOW_MS)));
  });

  it('follows a column, and equal figures their ids', () => {
    const by = (isDescending: boolean) =>
      idsOf(ordered(campaigns, { key: 'issued', isDescending }, NOW_MS));
    expect(by(true)).toEqual([1, 2, 5, 3, 4]);
    expect(by(false)).toEqual([3, 4, 5, 2, 1]);
  });

  it('goes from largest to smallest to none with each click', () => {
    const first = nextSorting(null, 'issued');
    const second = nextSorting(first, 'issued');
    expect([first, second, nextSorting(second, 'issued')]).toEqual([
      { key: 'issued', isDescending: true },
      { key: 'issued', isDescending: false },
      null,
    ]);
    expect(nextSorting(second, 'rate')).toEqual({ key: 'rate', isDescending: true });
  });

  it('finds an id by its beginning and a name by any part, in any case', () => {
    const named = [campaign(12, { name: 'Black Friday' }), campaign(21, { name: null })];
    expect(idsOf(matching(named, '1'))).toEqual([12]);
    expect(idsOf(matching(named, ' FRI '))).toEqual([12]);
    expect(idsOf(matching(named, ''))).toEqual([12, 21]);
    expect(matching(named, 'x')).toEqual([]);
  });
});
