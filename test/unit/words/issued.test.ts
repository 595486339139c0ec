import { describe, expect, it } from 'vitest';
import { reasonText } from '../../../src/words/en/issued-reasons.js';
import { nextStepText } from '../../../src/words/en/issued-steps.js';

const AT_MS = Date.UTC(2026, 10, 27, 2, 1, 24, 500);

describe('why a request has its outcome, in words', () => {
  it('names when the stock was gone, and who got the last coupon', () => {
    expect(reasonText({ code: 'SOLD_OUT', stock: 50, soldOutAtMs: AT_MS, lastUserId: 7044 })).toBe(
      '50 of 50 were gone at 2026-11-27 02:01:24 UTC; the last went to user 7044.',
    );
  });

  it('tells the end of a window from a record that is a millisecond later', () => {
    expect(reasonText({ code: 'EXPIRED', validUntilMs: AT_MS, timestampMs: AT_MS + 1 })).toBe(
      "The window ended at 2026-11-27 02:01:24.500 UTC; the record's time is 2026-11-27 02:01:24.501 UTC.",
    );
  });

  it('has a time that no calendar has, as the number that it is', () => {
    const timestampMs = Number.MAX_SAFE_INTEGER;
    expect(reasonText({ code: 'EXPIRED', validUntilMs: null, timestampMs })).toBe(
      "The window ended; the record's time is 9007199254740991 ms.",
    );
  });
});

it('an eventId in a command is one word of a shell, whatever its producer wrote', () => {
  const ofUser = { couponId: 1, userId: 42, again: 'REPLAY' } as const;
  expect(nextStepText({ code: 'REPLAY', ...ofUser, eventId: '$(touch x)' }).command).toBe(
    "coupons dlq replay --coupon 1 --text '$(touch x)' --dry-run",
  );
  expect(nextStepText({ code: 'RAISE_STOCK', ...ofUser, stock: 51 })).toEqual({
    why: 'Nothing is left now. Raise the stock (others who ask take it, too); then replay the dead letter.',
    command: 'coupons campaigns update 1 --stock 51',
  });
});
