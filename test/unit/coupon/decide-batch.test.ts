import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../src/coupon/campaign.js';
import {
  decideBatch,
  type KnownRequest,
  type UndecidedEntry,
} from '../../../src/coupon/decide-batch.js';

const CAMPAIGN: Campaign = {
  couponId: 1,
  name: null,
  totalQuantity: 3,
  issuedQuantity: 1,
  status: 'ACTIVE',
  validFromMs: null,
  validUntilMs: null,
  version: 7,
};

const UNKNOWN: KnownRequest = { holdsCoupon: false, finalOutcome: null };
const DEAD_LETTER: UndecidedEntry = { kind: 'dead-letter' };

function ask(userId: number, eventId: string, couponId = 1): UndecidedEntry {
  return { kind: 'request', request: { couponId, userId, eventId }, timestampMs: 0 };
}

/** Decides with one campaign, of which `known` says what the store knows of each user. */
function decided(entries: readonly UndecidedEntry[], known: Record<number, KnownRequest> = {}) {
  return decideBatch(
    {
      campaign: (couponId) => (couponId === CAMPAIGN.couponId ? CAMPAIGN : null),
      request: ({ userId }) => known[userId] ?? UNKNOWN,
    },
    entries,
  );
}

const outcomes = (...args: Parameters<typeof decided>) =>
  decided(...args).decided.map(({ outcome, repeated, sequence }) => [outcome, repeated, sequence]);

describe('a batch', () => {
  it('goes on numbering where the campaign stands, until its stock is gone', () => {
    expect(outcomes([ask(1, 'a'), ask(2, 'b'), ask(3, 'c')])).toEqual([
      ['ISSUED', false, 2],
      ['ISSUED', false, 3],
      ['SOLD_OUT', false, null],
    ]);
  });

  it('says how the campaigns stand that were issued from', () => {
    const { issuedFrom } = decided([ask(1, 'a'), ask(2, 'b'), ask(3, 'c', 2)]);

    expect(issuedFrom).toEqual([{ ...CAMPAIGN, issuedQuantity: 3 }]);
    expect(decided([ask(3, 'c', 2)]).issuedFrom).toEqual([]);
  });

  it('gives a user one coupon, known from before or from this batch', () => {
    const entries = [ask(1, 'a'), ask(1, 'b'), ask(2, 'c')];

    expect(outcomes(entries, { 2: { holdsCoupon: true, finalOutcome: null } })).toEqual([
      ['ISSUED', false, 2],
      ['DUPLICATE', false, null],
      ['DUPLICATE', false, null],
    ]);
  });

  it('repeats the outcome of the same request, known from before or from this batch', () => {
    const entries = [ask(1, 'a'), ask(2, 'b'), ask(1, 'a'), ask(1, 'b')];

    expect(outcomes(entries, { 2: { holdsCoupon: false, finalOutcome: 'EXPIRED' } })).toEqual([
      ['ISSUED', false, 2],
      ['EXPIRED', true, null],
      ['ISSUED', true, null],
      ['DUPLICATE', false, null],
    ]);
  });

  it('remembers the terms that decided, where there were any', () => {
    const versions = decided([ask(1, 'a'), ask(1, 'b', 2), DEAD_LETTER]).decided;

    expect(versions.map(({ campaignVersion }) => campaignVersion)).toEqual([7, null, null]);
  });

  it('decides nothing about a dead letter, whose request may come back in the same batch', () => {
    expect(outcomes([DEAD_LETTER, ask(1, 'a')])).toEqual([
      ['DEAD_LETTERED', false, null],
      ['ISSUED', false, 2],
    ]);
  });
});
