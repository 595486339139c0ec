import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../../src/coupon/campaign.js';
import type { Outcome } from '../../../../src/coupon/outcome.js';
import { REQUEST_TOPIC } from '../../../../src/coupon/topics.js';
import { Forecast, type Expected } from '../../../../src/dead-letters/replay/forecast.js';
import { WaitingRequests, waitingRequests } from '../../../../src/dead-letters/replay/waiting.js';
import { MemoryLog } from '../../../support/memory/log.js';
import { request } from '../../../support/requests.js';

const NOW_MS = Date.UTC(2026, 10, 27, 3);
const PLACE = { clusterId: 'c', group: 'g', topic: REQUEST_TOPIC, partition: 0 };

function campaignOf(changes: Partial<Campaign> = {}): Campaign {
  return {
    ...{ couponId: 1, name: null, totalQuantity: 2, status: 'ACTIVE' },
    ...{ validFromMs: null, validUntilMs: null, issuedQuantity: 0, version: 1 },
    ...changes,
  };
}

function forecastOf(
  campaigns: readonly Campaign[],
  waiting = new WaitingRequests(new Map(), 0),
  planned: Forecast | null = null,
): Forecast {
  return new Forecast({ now: () => NOW_MS }, 'g', { campaigns, waiting }, planned);
}

/** Coupon 1 with a stock of 3: user 91 holds one, a request of user 92 died. */
const HISTORY: Readonly<Record<number, Outcome>> = { 91: 'ISSUED', 92: 'DEAD_LETTERED' };

function expectation(forecast: Forecast, userId: number, eventId = `e-${userId}`): Expected {
  const outcome = HISTORY[userId];
  const history = outcome === undefined ? [] : [{ eventId: `e-${userId}`, outcome }];
  return forecast.expect({ eventId, couponId: 1, userId }, history);
}

describe('what a replayed request is expected to become', () => {
  it('is issued as long as the stock lasts, in the order of the letters', () => {
    const forecast = forecastOf([campaignOf({ totalQuantity: 5, issuedQuantity: 3 })]);
    expect(forecast.stand(1)).toMatchObject({ stockLeft: 2, waitingAhead: 0 });
    expect(expectation(forecast, 1)).toBe('ISSUED');
    expect(expectation(forecast, 2)).toBe('ISSUED');
    expect(expectation(forecast, 3)).toBe('SOLD_OUT');
  });

  it('is a duplicate for a user who holds the coupon, or gets it by an earlier letter', () => {
    const forecast = forecastOf([campaignOf({ totalQuantity: 3, issuedQuantity: 1 })]);
    expect(expectation(forecast, 91, 'another')).toBe('DUPLICATE');
    expect(expectation(forecast, 92)).toBe('ISSUED');
    expect(expectation(forecast, 92, 'another')).toBe('DUPLICATE');
    // One of two was left, so that a duplicate has taken none.
    expect(expectation(forecast, 3)).toBe('ISSUED');
    expect(expectation(forecast, 4)).toBe('SOLD_OUT');
  });

  it('is a repeat of a request that is decided, or that an earlier letter sends', () => {
    const forecast = forecastOf([campaignOf({ totalQuantity: 3, issuedQuantity: 1 })]);
    expect(expectation(forecast, 91)).toBe('REPEATED');
    // To die is not final.
    expect(expectation(forecast, 92)).toBe('ISSUED');
    expect(expectation(forecast, 92)).toBe('REPEATED');
  });

  it.each([
    ['NOT_FOUND', []],
    ['INACTIVE', [campaignOf({ status: 'INACTIVE' })]],
    ['EXPIRED', [campaignOf({ validUntilMs: NOW_MS - 1 })]],
    ['ISSUED', [campaignOf({ validUntilMs: NOW_MS })]],
    ['NOT_STARTED', [campaignOf({ validFromMs: NOW_MS + 1 })]],
    ['SOLD_OUT', [campaignOf({ issuedQuantity: 2 })]],
  ] as const)('is %s by the terms of the present, whenever the user asked', (outcome, all) => {
    expect(expectation(forecastOf(all), 5)).toBe(outcome);
  });

  it('counts what waits ahead as if it took the stock', () => {
    const waiting = new WaitingRequests(new Map([[1, 3]]), 0);
    const forecast = forecastOf([campaignOf({ totalQuantity: 4 })], waiting);
    expect(forecast.stand(1)).toMatchObject({ stockLeft: 4, waitingAhead: 3 });
    expect(expectation(forecast, 1)).toBe('ISSUED');
    expect(expectation(forecast, 2)).toBe('SOLD_OUT');
  });

  it('is not issued where it was not when the replay was planned', () => {
    const planned = forecastOf([campaignOf({ totalQuantity: 1 })]);
    const raised = forecastOf([campaignOf({ totalQuantity: 9 })], undefined, planned);
    expect(expectation(raised, 1)).toBe('ISSUED');
    expect(expectation(raised, 2)).toBe('SOLD_OUT');
    const gone = forecastOf([campaignOf({ totalQuantity: 0 })], undefined, planned);
    expect(expectation(gone, 1)).toBe('SOLD_OUT');
  });
});

describe('requests that wait ahead', () => {
  const waiting = (log: MemoryLog, nextOffset: bigint | null, maxRead?: number) => {
    const lastApplied = { offset: 0n, timestampMs: 0, checksum: 0 };
    const positions = nextOffset === null ? [] : [{ ...PLACE, nextOffset, lastApplied }];
    const query = { ...{ topic: REQUEST_TOPIC, clusterId: 'c', positions }, couponIds };
    return waitingRequests(log, query, maxRead);
  };
  const couponIds = new Set([1, 2]);

  function logOf(...coupons: readonly number[]): MemoryLog {
    const log = new MemoryLog(2);
    for (const [user, coupon] of coupons.entries()) log.append(0, request(coupon, user + 1));
    return log;
  }

  it('are those that the group has not read, by campaign', async () => {
    const log = logOf(1, 1, 2, 1, 9);
    log.append(1, request(2, 7));
    log.append(0, { value: Buffer.from('no request') });
    const found = await waiting(log, 1n);
    expect([found.ahead(1), found.ahead(2), found.ahead(3)]).toEqual([2, 2, 0]);
  });

  it('are all of a partition that the group has never read, or that lost what it would read', async () => {
    const log = logOf(1, 1, 1);
    expect((await waiting(log, null)).ahead(1)).toBe(3);
    log.deleteBefore(0, 2n);
    expect((await waiting(log, 0n)).ahead(1)).toBe(1);
    expect((await waiting(log, 9n)).ahead(1)).toBe(0);
  });

  it('count for each campaign where they are too many to be read', async () => {
    const found = await waiting(logOf(1, 2, 1, 1, 1), 0n, 2);
    expect([found.ahead(1), found.ahead(2), found.ahead(3)]).toEqual([4, 4, 3]);
  });
});
