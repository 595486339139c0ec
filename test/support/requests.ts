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

/** The value of a request of coupon 1 as a Spring system writes it: Jackson's arrays for times. */
export function springRequest(userId: number): string {
  return `{"eventId":"${SPRING_EVENT_ID}","eventType":"COUPON_ISSUE_REQUESTED","occurredAt":[2026,11,27,0,38,36,4557251],"couponId":1,"userId":${userId},"timestamp":1795739916004}`;
}

export const SPRING_EVENT_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
