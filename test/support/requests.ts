import { randomUUID } from 'node:crypto';

/**
 * A record of the request topic that asks for a coupon. `changes` replaces fields and adds fields;
 * a field that it sets to undefined is left out. Two requests have two event ids unless it says so.
 */
export function request(
  couponId: number,
  userId: number,
  changes: Readonly<Record<string, unknown>> = {},
): { readonly key: Buffer; readonly value: Buffer } {
  const fields = {
    eventId: randomUUID(),
    eventType: 'COUPON_ISSUE_REQUESTED',
    occurredAt: '2026-01-01T00:00:00Z',
    couponId,
    userId,
    timestamp: 1_767_225_600_000,
    ...changes,
  };
  return { key: Buffer.from(String(couponId)), value: Buffer.from(JSON.stringify(fields)) };
}
