import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../src/coupon/campaign.js';
import { decide, type DecisionInput } from '../../../src/coupon/decide.js';
import { DECISIONS, OUTCOMES, zeroOutcomes } from '../../../src/coupon/outcome.js';

const CAMPAIGN: Campaign = {
  couponId: 1,
  name: null,
  totalQuantity: 10,
  issuedQuantity: 0,
  status: 'ACTIVE',
  validFromMs: 1000,
  validUntilMs: 2000,
  version: 1,
};

const INPUT: DecisionInput = { campaign: CAMPAIGN, holdsCoupon: false, timestampMs: 1500 };

const decideWith = (campaign: Partial<Campaign>, input: Partial<DecisionInput> = {}) =>
  decide({ ...INPUT, campaign: { ...CAMPAIGN, ...campaign }, ...input });

describe('a decision', () => {
  it('issues a coupon that is there to be had', () => {
    expect(decide(INPUT)).toBe('ISSUED');
  });

  it('finds no campaign', () => {
    expect(decide({ ...INPUT, campaign: null })).toBe('NOT_FOUND');
  });

  it('issues nothing of an inactive campaign', () => {
    expect(decideWith({ status: 'INACTIVE' })).toBe('INACTIVE');
  });

  it.each([
    [999, 'NOT_STARTED'],
    [1000, 'ISSUED'],
    [2000, 'ISSUED'],
    [2001, 'EXPIRED'],
  ])('has both ends of the window in it: at %i ms it is %s', (timestampMs, decision) => {
    expect(decide({ ...INPUT, timestampMs })).toBe(decision);
  });

  it.each([
    [{ validFromMs: null }, 0, 'ISSUED'],
    [{ validFromMs: null }, 2001, 'EXPIRED'],
    [{ validUntilMs: null }, 9_999_999, 'ISSUED'],
    [{ validUntilMs: null }, 999, 'NOT_STARTED'],
    [{ validFromMs: 0, validUntilMs: 0 }, 0, 'ISSUED'],
    [{ validFromMs: 0, validUntilMs: 0 }, 1, 'EXPIRED'],
  ])('takes %j as the window: at %i ms it is %s', (window, timestampMs, decision) => {
    expect(decideWith(window, { timestampMs })).toBe(decision);
  });

  it('gives nobody a second coupon', () => {
    expect(decide({ ...INPUT, holdsCoupon: true })).toBe('DUPLICATE');
  });

  it.each([
    [9, 'ISSUED'],
    [10, 'SOLD_OUT'],
    [11, 'SOLD_OUT'],
  ])('ends with the stock: after %i of 10 it is %s', (issuedQuantity, decision) => {
    expect(decideWith({ issuedQuantity })).toBe(decision);
  });

  it('gives the first reason of several, in the order of the rules', () => {
    const late = { timestampMs: 2001, holdsCoupon: true };
    const soldOut = { issuedQuantity: 10 };

    expect(decideWith({ ...soldOut, status: 'INACTIVE' }, late)).toBe('INACTIVE');
    expect(decideWith(soldOut, { timestampMs: 0, holdsCoupon: true })).toBe('NOT_STARTED');
    expect(decideWith(soldOut, late)).toBe('EXPIRED');
    expect(decideWith(soldOut, { holdsCoupon: true })).toBe('DUPLICATE');
  });

  it('issues exactly when nothing stands against it', () => {
    const small = fc.integer({ min: 0, max: 3 });
    const input = fc.record({
      holdsCoupon: fc.boolean(),
      timestampMs: small,
      campaign: fc.option(
        fc.record({
          ...{ couponId: fc.constant(1), name: fc.constant(null), version: fc.constant(1) },
          ...{ totalQuantity: small, issuedQuantity: small },
          status: fc.constantFrom('ACTIVE' as const, 'INACTIVE' as const),
          validFromMs: fc.option(small),
          validUntilMs: fc.option(small),
        }),
      ),
    });
    fc.assert(
      fc.property(input, ({ campaign, holdsCoupon, timestampMs }) => {
        const mayIssue =
          campaign?.status === 'ACTIVE' &&
          (campaign.validFromMs ?? -Infinity) <= timestampMs &&
          timestampMs <= (campaign.validUntilMs ?? Infinity) &&
          campaign.issuedQuantity < campaign.totalQuantity &&
          !holdsCoupon;
        const decision = decide({ campaign, holdsCoupon, timestampMs });
        expect(decision === 'ISSUED').toBe(mayIssue);
        expect(DECISIONS).toContain(decision);
        expect(decision === 'NOT_FOUND').toBe(campaign === null);
      }),
    );
  });
});

it('every outcome is counted from zero, and only a dead letter is no decision', () => {
  expect(Object.entries(zeroOutcomes())).toEqual(OUTCOMES.map((outcome) => [outcome, 0]));
  expect(OUTCOMES.filter((o) => !(DECISIONS as readonly string[]).includes(o))).toEqual([
    'DEAD_LETTERED',
  ]);
});
