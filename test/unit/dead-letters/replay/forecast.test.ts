import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../../src/coupon/campaign.js';
import { REQUEST_TOPIC } from '../../../../src/coupon/topics.js';
import { Forecast } from '../../../../src/dead-letters/replay/forecast.js';
import { WaitingRequests, waitingRequests } from '../../../../src/dead-letters/replay/waiting.js';
import type { CouponStore } from '../../../../src/ports/coupon-store.js';
import { MemoryLog } from '../../../support/memory-log.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { request } from '../../../support/requests.js';

const NOW_MS = Date.UTC(2026, 10, 27, 3);
const PLACE = { clusterId: 'c', group: 'g', topic: REQUEST_TOPIC, partition: 0 };

const ask = (userId: number, eventId = `e-${userId}`, couponId = 1) => ({
  ...{ eventId, couponId, userId },
});

function campaignOf(changes: Partial<Campaign> = {}): Campaign {
  return {
    ...{ couponId: 1, name: null, totalQuantity: 2, status: 'ACTIVE' },
    ...{ validFromMs: null, validUntilMs: null, issuedQuantity: 0, version: 1 },
    ...changes,
  };
}

function forecastOf(
  campaigns: readonly Campaign[],
  store: Pick<CouponStore, 'outcomesOf'> = new MemoryStore(),
  waiting = new WaitingRequests(new Map(), 0),
  planned: Forecast | null = null,
): Forecast {
  const clock = { now: () => NOW_MS };
  return new Forecast({ store, clock }, 'g', { campaigns, waiting }, planned);
}

/** Coupon 1 with a stock of 3: user 1 holds one, user 2 died. */
async function storeWithHistory(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.createCampaign(1, campaignOf({ totalQuantity: 3 }));
  await store.applyBatch({
    source: PLACE,
    expectedOffset: null,
    entries: [
      { kind: 'request', offset: 0n, timestampMs: 0, request: ask(1) },
      { kind: 'dead-letter', offset: 1n, timestampMs: 0, reasonCode: 'X', request: ask(2) },
    ],
    nextOffset: 2n,
    lastApplied: { offset: 1n, timestampMs: 0, checksum: 0 },
  });
  return store;
}

describe('what a replayed request is expected to become', () => {
  it('is issued as long as the stock lasts, in the order of the letters', async () => {
    const forecast = forecastOf([campaignOf({ totalQuantity: 5, issuedQuantity: 3 })]);
    expect(forecast.stand(1)).toMatchObject({ stockLeft: 2, waitingAhead: 0 });
    expect(await forecast.expect(ask(1))).toBe('ISSUED');
    expect(await forecast.expect(ask(2))).toBe('ISSUED');
    expect(await forecast.expect(ask(3))).toBe('SOLD_OUT');
  });

  it('is a duplicate for a user who holds the coupon, or gets it by an earlier letter', async () => {
    const store = await storeWithHistory();
    const forecast = forecastOf(await store.campaigns(), store);
    expect(await forecast.expect(ask(1, 'another'))).toBe('DUPLICATE');
    expect(await forecast.expect(ask(2))).toBe('ISSUED');
    expect(await forecast.expect(ask(2, 'another'))).toBe('DUPLICATE');
    // One of two was left, so that a duplicate has taken none.
    expect(await forecast.expect(ask(3))).toBe('ISSUED');
    expect(await forecast.expect(ask(4))).toBe('SOLD_OUT');
  });

  it('is a repeat of a request that is decided, or that an earlier letter sends', async () => {
    const store = await storeWithHistory();
    const forecast = forecastOf(await store.campaigns(), store);
    expect(await forecast.expect(ask(1))).toBe('REPEATED');
    // To die is not final.
    expect(await forecast.expect(ask(2))).toBe('ISSUED');
    expect(await forecast.expect(ask(2))).toBe('REPEATED');
  });

  it.each([
    ['NOT_FOUND', []],
    ['INACTIVE', [campaignOf({ status: 'INACTIVE' })]],
    ['EXPIRED', [campaignOf({ validUntilMs: NOW_MS - 1 })]],
    ['ISSUED', [campaignOf({ validUntilMs: NOW_MS })]],
    ['NOT_STARTED', [campaignOf({ validFromMs: NOW_MS + 1 })]],
    ['SOLD_OUT', [campaignOf({ issuedQuantity: 2 })]],
  ] as const)(
    'is %s by the terms of the present, whenever the user asked',
    async (outcome, all) => {
      expect(await forecastOf(all).expect(ask(1))).toBe(outcome);
    },
  );

  it('counts what waits ahead as if it took the stock', async () => {
    const waiting = new WaitingRequests(new Map([[1, 3]]), 0);
    const forecast = forecastOf([campaignOf({ totalQuantity: 4 })], undefined, waiting);
    expect(forecast.stand(1)).toMatchObject({ stockLeft: 4, waitingAhead: 3 });
    expect(await forecast.expect(ask(1))).toBe('ISSUED');
    expect(await forecast.expect(ask(2))).toBe('SOLD_OUT');
  });

  it('is not issued where it was not when the replay was planned', async () => {
    const planned = forecastOf([campaignOf({ totalQuantity: 1 })]);
    const raised = forecastOf([campaignOf({ totalQuantity: 9 })], undefined, undefined, planned);
    expect(await raised.expect(ask(1))).toBe('ISSUED');
    expect(await raised.expect(ask(2))).toBe('SOLD_OUT');
    const gone = forecastOf([campaignOf({ totalQuantity: 0 })], undefined, undefined, planned);
    expect(await gone.expect(ask(1))).toBe('SOLD_OUT');
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
