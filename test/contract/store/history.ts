import { describe, expect, it } from 'vitest';
import type { CouponStore } from '../../../src/ports/coupon-store.js';
import {
  MINUTE_MS,
  MOST_EVENTS,
  type EventDetails,
  type NewEvent,
  type OutcomeMinute,
} from '../../../src/ports/store-history.js';
import { addedUp, contentsOf, EVER } from '../../support/stores/store-contents.js';
import { NOW_MS, PartitionLog, request, TERMS, type NewEntry, type OpenStore } from './log.js';

const ACTOR = { user: 'night', host: 'host-a', pid: 42 };

/** One of each kind. */
export const DETAILS: readonly EventDetails[] = [
  {
    ...{ kind: 'CONSUMER_STARTED', run: 'run-1', clusterId: 'c', group: `g'"\\그룹`, topic: 't' },
    ...{ mode: 'batch', members: 3 },
  },
  { kind: 'CONSUMER_STOPPED', run: 'run-1', group: 'g', records: 7, errorCode: null },
  { kind: 'PARTITIONS_ASSIGNED', run: 'run-1', group: 'g', member: 1, partitions: [0, 2] },
  { kind: 'OUTAGE', run: 'run-1', of: 'broker', elapsedMs: 1500 },
  { kind: 'REPLAY_BEGUN', run: 'replay-1', topic: 'dlq', letters: 6 },
  {
    ...{ kind: 'LETTERS_REPLAYED', topic: 'dlq', sent: 5, failed: 1 },
    ...{ run: 'replay-1', letters: 6, endedBy: 'INTERRUPTED' },
  },
  { kind: 'LETTERS_PURGED', topic: 'dlq', letters: 5 },
  { kind: 'OFFSETS_RESET', group: 'g', topic: 't', partitions: [] },
  { kind: 'STORE_TAKEN_OVER', group: 'g', topic: 't', partitions: [1] },
  { kind: 'PARTITIONS_ADDED', topic: 't', from: 3, to: 6 },
  {
    ...{ kind: 'AUDITED', couponId: null, verdict: 'PASS', records: 10, findings: 0 },
    ...{ unprocessed: 2, elapsedMs: 30 },
  },
];

export function event(atMs: number, details: EventDetails = purged(1)): NewEvent {
  return { atMs, actor: ACTOR, ...details };
}

const purged = (letters: number) => ({ kind: 'LETTERS_PURGED', topic: 'dlq', letters }) as const;

const letter = (reasonCode: string, couponId?: number): NewEntry => ({
  ...{ kind: 'dead-letter', reasonCode },
  request: couponId === undefined ? null : { couponId, userId: 9, eventId: 'dead' },
});

const outcomeOf = (minuteMs: number, couponId: number | null, outcome: string, rows: number) => ({
  ...{ minuteMs, couponId, outcome, rows, reasonCode: null },
});

/** In one order, whatever a store's is within a minute. */
async function minutes(
  store: CouponStore,
  period = EVER,
  couponId?: number | null,
  stepMs?: number,
): Promise<readonly OutcomeMinute[]> {
  const found = await store.outcomesByMinute(period, couponId, stepMs);
  const key = ({ minuteMs, ...rest }: OutcomeMinute) => JSON.stringify([minuteMs, rest]);
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** By campaign, outcome and reason, of all that was applied. */
async function countedRows(store: CouponStore): Promise<Readonly<Record<string, number>>> {
  const { outcomes, campaigns } = await contentsOf(store);
  const known = new Set(campaigns.map(({ couponId }) => couponId));
  const counts: Record<string, number> = {};
  for (const { outcome, couponId, reasonCode } of outcomes) {
    const isOf = outcome !== 'NOT_FOUND' && couponId !== null && known.has(couponId);
    const key = JSON.stringify([isOf ? couponId : null, outcome, reasonCode]);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Holds a store to the laws of StoreHistory (src/ports/store-history.ts). */
export function historyContract(open: OpenStore): void {
  /** A store with a clock that the test moves, beginning with a minute. */
  const start = async () => {
    const firstMs = NOW_MS - (NOW_MS % MINUTE_MS);
    const clock = { nowMs: firstMs };
    const { store, refuseUser } = await open({ clock: () => clock.nowMs });
    await store.createCampaign(1, { ...TERMS, totalQuantity: 3 });
    await store.createCampaign(2, TERMS);
    return { store, refuseUser, clock, firstMs, log: new PartitionLog(store) };
  };

  describe('outcomes by minute', () => {
    it('are counted under the minute in which they were decided, campaign by campaign', async () => {
      const { store, clock, firstMs, log } = await start();
      await log.apply(request(1, 1), request(1, 2), request(2, 1), request(1, 2));
      clock.nowMs = firstMs + MINUTE_MS - 1;
      await log.apply(request(1, 3), request(1, 4));
      clock.nowMs = firstMs + MINUTE_MS;
      await log.apply(request(1, 5));

      expect(await minutes(store)).toEqual([
        outcomeOf(firstMs, 1, 'DUPLICATE', 1),
        outcomeOf(firstMs, 1, 'ISSUED', 3),
        outcomeOf(firstMs, 1, 'SOLD_OUT', 1),
        outcomeOf(firstMs, 2, 'ISSUED', 1),
        outcomeOf(firstMs + MINUTE_MS, 1, 'SOLD_OUT', 1),
      ]);
    });

    it('have their period, and the campaign that is asked for', async () => {
      const { store, clock, firstMs, log } = await start();
      for (const minute of [0, 1, 2, 3]) {
        clock.nowMs = firstMs + minute * MINUTE_MS;
        await log.apply(request(2, minute + 1), request(404, 1));
      }

      const period = { fromMs: firstMs + MINUTE_MS, toMs: firstMs + 3 * MINUTE_MS };
      const [second, third] = [firstMs + MINUTE_MS, firstMs + 2 * MINUTE_MS];
      expect(await minutes(store, period, 2)).toEqual([
        outcomeOf(second, 2, 'ISSUED', 1),
        outcomeOf(third, 2, 'ISSUED', 1),
      ]);
      expect(await minutes(store, period)).toEqual([
        outcomeOf(second, 2, 'ISSUED', 1),
        outcomeOf(second, null, 'NOT_FOUND', 1),
        outcomeOf(third, 2, 'ISSUED', 1),
        outcomeOf(third, null, 'NOT_FOUND', 1),
      ]);
      expect(await minutes(store, { fromMs: firstMs + 1, toMs: second })).toEqual([]);
    });

    it('are added up by steps that begin at multiples of their length', async () => {
      const { store, clock, firstMs, log } = await start();
      const stepMs = 10 * MINUTE_MS;
      const first = firstMs - (firstMs % stepMs) + stepMs;
      for (const minute of [1, 2, 3, 10, 11]) {
        clock.nowMs = first + minute * MINUTE_MS;
        await log.apply(request(2, minute), request(404, 1));
      }

      // The first step begins before the period does.
      const period = { fromMs: first + 2 * MINUTE_MS, toMs: first + 11 * MINUTE_MS };
      expect(await minutes(store, period, null, stepMs)).toEqual([
        outcomeOf(first, 2, 'ISSUED', 2),
        outcomeOf(first, null, 'NOT_FOUND', 2),
        outcomeOf(first + stepMs, 2, 'ISSUED', 1),
        outcomeOf(first + stepMs, null, 'NOT_FOUND', 1),
      ]);
      expect(await minutes(store, period, 2, stepMs)).toEqual([
        outcomeOf(first, 2, 'ISSUED', 2),
        outcomeOf(first + stepMs, 2, 'ISSUED', 1),
      ]);
    });

    it('have dead letters by reason, and no campaign for ids that no campaign has', async () => {
      const { store, firstMs, log } = await start();
      await log.apply(
        ...[letter('MALFORMED_JSON'), letter('MALFORMED_JSON'), letter('WRONG_TYPE', 1)],
        ...[letter('WRONG_TYPE', 404), letter('WRONG_TYPE', 405), letter('WRONG_TYPE')],
        ...[request(404, 1), request(405, 1)],
      );

      const dead = (couponId: number | null, reasonCode: string, rows: number) => ({
        ...outcomeOf(firstMs, couponId, 'DEAD_LETTERED', rows),
        reasonCode,
      });
      expect(await minutes(store)).toEqual([
        dead(1, 'WRONG_TYPE', 1),
        dead(null, 'MALFORMED_JSON', 2),
        dead(null, 'WRONG_TYPE', 3),
        outcomeOf(firstMs, null, 'NOT_FOUND', 2),
      ]);
    });

    it('leave out repeats, a dead letter that is read again, and what was fenced or refused', async () => {
      const { store, refuseUser, log } = await start();
      const asked = request(1, 1, { eventId: 'once' });
      await log.apply(asked, asked, letter('MALFORMED_JSON'));
      await log.apply(asked);
      await new PartitionLog(store, { group: 'another' }).apply(
        asked,
        asked,
        letter('MALFORMED_JSON'),
      );
      await new PartitionLog(store).tryApply(request(1, 5));
      await refuseUser(13);
      await expect(log.apply(request(1, 6), request(1, 13))).rejects.toThrow();

      expect(addedUp(await minutes(store))).toEqual({
        '[1,"ISSUED",null]': 1,
        '[null,"DEAD_LETTERED","MALFORMED_JSON"]': 1,
      });
    });

    it('come to what was applied, in whichever partitions', async () => {
      const { store, clock } = await start();
      const logs = [0, 1, 2].map((partition) => new PartitionLog(store, { partition }));
      for (let round = 0; round < 6; round += 1) {
        clock.nowMs += 25_000;
        const applied = logs.map((log, partition) =>
          log.apply(
            request(1, round),
            request(2, partition),
            letter('WRONG_TYPE', round),
            request(3, 1),
          ),
        );
        await Promise.all(applied);
      }

      expect(addedUp(await minutes(store))).toEqual(await countedRows(store));
      expect(new Set((await minutes(store)).map(({ minuteMs }) => minuteMs)).size).toBe(3);
    });

    it('are counted since the store was created', async () => {
      const beforeMs = Date.now();
      const { store } = await open({ clock: Date.now });

      const sinceMs = await store.countedSinceMs();

      expect(sinceMs).toBeGreaterThanOrEqual(beforeMs);
      expect(sinceMs).toBeLessThanOrEqual(Date.now());
    });
  });

  describe('events', () => {
    it('say what was recorded, of every kind', async () => {
      const { store } = await start();
      const events = DETAILS.map((details, index) => event(index, details));

      await store.recordEvents(events.slice(0, 4));
      await store.recordEvents(events.slice(4));

      const found = await store.events(EVER, 100);
      expect(found).toEqual(events.map((each) => ({ ...each, id: expect.any(Number) as number })));
      const ids = found.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    });

    it('are the latest ones of a period, by time and then as they were written', async () => {
      const { store } = await start();
      await store.recordEvents([5, 3, 9, 5, 4].map((atMs, index) => event(atMs, purged(index))));

      const written = async (fromMs: number, toMs: number, limit = 100) =>
        (await store.events({ fromMs, toMs }, limit)).map(({ atMs, ...e }) => [
          atMs,
          e.kind === 'LETTERS_PURGED' && e.letters,
        ]);
      expect(await written(4, 9)).toEqual([
        [4, 4],
        [5, 0],
        [5, 3],
      ]);
      expect(await written(0, 10, 2)).toEqual([
        [5, 3],
        [9, 2],
      ]);
      expect(await written(10, 20)).toEqual([]);
    });

    it('have a latest one of each kind, by when it was written', async () => {
      const { store } = await start();
      await store.recordEvents([event(9, purged(1)), event(3, purged(2)), event(10, DETAILS[3])]);

      expect(await store.latestEvent('LETTERS_PURGED')).toMatchObject({ atMs: 3, letters: 2 });
      expect(await store.latestEvent('AUDITED')).toBeNull();
    });

    it('are the latest MOST_EVENTS, so that no night fills a disk', async () => {
      const { store } = await start();
      const many = (count: number, atMs: number) =>
        Array.from({ length: count }, () => event(atMs));
      await store.recordEvents([...many(2, 1), ...many(MOST_EVENTS - 1, 2)]);
      await store.recordEvents(many(3, 3));

      const found = await store.events(EVER, 2 * MOST_EVENTS);

      expect(found).toHaveLength(MOST_EVENTS);
      expect([found.at(0)?.atMs, found.at(-1)?.atMs]).toEqual([2, 3]);
    });

    it('may be none', async () => {
      const { store } = await start();

      await store.recordEvents([]);

      expect(await store.events(EVER, 10)).toEqual([]);
    });

    it('are recorded while batches are applied, and change nothing of them', async () => {
      const { store, log } = await start();
      const [applied] = await Promise.all([
        log.apply(request(1, 1), request(1, 1)),
        store.recordEvents([event(1), event(2)]),
      ]);

      expect(applied).toMatchObject([{ outcome: 'ISSUED' }, { outcome: 'DUPLICATE' }]);
      expect(await store.events(EVER, 10)).toHaveLength(2);
    });
  });

  it('counts the coupons that were issued since an instant', async () => {
    const { store, clock, firstMs } = await start();
    const log = new PartitionLog(store);
    for (let user = 1; user <= 20; user += 1) {
      clock.nowMs = firstMs + user;
      await log.apply(request(2, user), request(1, user));
    }

    const counted: number[] = [];
    for (let atMs = 0; atMs <= 21; atMs += 1) {
      counted.push(...(await store.issuedSince([2], firstMs + atMs)));
    }
    expect(counted).toEqual([20, ...Array.from({ length: 21 }, (_, index) => 20 - index)]);
    expect(await store.issuedSince([1, 404, 2, 1], firstMs + 3)).toEqual([1, 0, 18, 1]);
    expect(await store.issuedSince([], firstMs)).toEqual([]);
  });

  it('says who gave a campaign its terms, where that is known', async () => {
    const { store } = await start();
    await store.createCampaign(7, TERMS, 'ann@host-a');
    await store.updateCampaign(7, { totalQuantity: 5 }, 'bo@host-b');
    await store.updateCampaign(7, { totalQuantity: 6 });

    const { versions } = await contentsOf(store);
    const of7 = versions.filter(({ couponId }) => couponId === 7);
    expect(of7.map(({ changedBy }) => changedBy)).toEqual(['ann@host-a', 'bo@host-b', null]);
  });
}
