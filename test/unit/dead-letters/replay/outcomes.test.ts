import { describe, expect, it } from 'vitest';
import { MemoryLog } from '../../../support/memory/log.js';
import {
  awaitOutcomes,
  DecidedRequests,
  sentRanges,
} from '../../../../src/dead-letters/replay/outcomes.js';
import { MemoryStore } from '../../../support/memory/store.js';
import { PartitionLog, request, TERMS, type NewEntry } from '../../../contract/store/log.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

const identity = (userId: number) => ({ eventId: `e-${userId}`, couponId: 1, userId });
const replay = (userId: number) => request(1, userId, { eventId: `e-${userId}` });
const dead = (userId: number): NewEntry => ({
  kind: 'dead-letter',
  reasonCode: 'X',
  request: identity(userId),
});

const range = (startOffset: bigint, endOffset: bigint) => ({
  topic: 'coupon-issue-requests',
  partition: 0,
  startOffset,
  endOffset,
});

/** Users 1, 2 and 3 died at offsets 0 to 2; their replays are offsets 3 to 5. */
async function replayed(markers = 0) {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  await store.createCampaign(1, { ...TERMS, totalQuantity: 1 });
  const log = new PartitionLog(store);
  await log.apply(dead(1), dead(2), dead(3));
  const kafkaLog = new MemoryLog(1);
  for (let offset = 0; offset < 6; offset += 1) kafkaLog.append(0, {});
  for (let offset = 0; offset < markers; offset += 1) kafkaLog.appendMarker(0);
  const signal = new AbortController().signal;
  const outcomes = (timeoutMs: number) =>
    awaitOutcomes(
      {
        store,
        reader: kafkaLog,
        clusterId: log.source.clusterId,
        group: log.source.group,
        sent: [range(3n, BigInt(6 + markers))],
        requests: [1, 2, 3].map(identity),
      },
      clock,
      clock.now() + timeoutMs,
      signal,
    );
  return { clock, log, outcomes };
}

describe('waiting for what became of a replay', () => {
  it('ends when the group has read all of it, and says what became of each', async () => {
    const { clock, log, outcomes } = await replayed();
    clock.after(500, () => void log.apply(replay(1), replay(2), dead(3)));
    const startMs = clock.now();

    const became = await clock.run(outcomes(10_000));

    expect(became).toMatchObject({
      outcomes: { ISSUED: 1, SOLD_OUT: 1, DEAD_LETTERED: 1 },
      pending: 0,
    });
    expect(clock.now() - startMs).toBeLessThan(1000);
  });

  it('does not wait for the transaction markers that another producer wrote meanwhile', async () => {
    const { clock, log, outcomes } = await replayed(2);
    await log.apply(replay(1), replay(2), dead(3));
    const startMs = clock.now();
    expect(await clock.run(outcomes(10_000))).toMatchObject({ pending: 0 });
    expect(clock.now() - startMs).toBeLessThan(1000);
  });

  it('ends at the deadline, and says how many are not decided yet', async () => {
    const { clock, log, outcomes } = await replayed();
    await log.apply(replay(1));

    expect(await clock.run(outcomes(2000))).toMatchObject({
      outcomes: { ISSUED: 1, DEAD_LETTERED: 0 },
      pending: 2,
    });
  });
});

describe('the requests of a replay', () => {
  /** A store in which user 1 has a coupon, and how often it was asked. */
  async function decidedStore() {
    const store = new MemoryStore();
    await store.createCampaign(1, TERMS);
    const log = new PartitionLog(store);
    await log.apply(replay(1));
    const asked: number[] = [];
    const counting = {
      outcomesOf: (couponId: number, userId: number) => {
        asked.push(userId);
        return store.outcomesOf(couponId, userId);
      },
    };
    return { store: counting, log, asked };
  }

  it('are looked up until they are decided, so many at a time', async () => {
    const { store, log, asked } = await decidedStore();
    const requests = new DecidedRequests([1, 2, 3].map(identity), []);

    await requests.look(store, 2);
    expect(requests.sofar()).toMatchObject({ outcomes: { ISSUED: 1 }, pending: 2 });
    await requests.look(store, 2);
    expect(asked).toEqual([1, 2, 3, 2]);

    await log.apply(replay(2), replay(3));
    await requests.look(store, 2);
    expect(requests.sofar()).toMatchObject({ outcomes: { ISSUED: 3 }, pending: 0 });
    await requests.look(store, 2);
    expect(asked).toEqual([1, 2, 3, 2, 3, 2]);
  });

  it('are counted once, though the store fails in between', async () => {
    const { store } = await decidedStore();
    const requests = new DecidedRequests([1, 2].map(identity), []);
    const failing = {
      outcomesOf: (couponId: number, userId: number) =>
        userId === 2 ? Promise.reject(new Error('away')) : store.outcomesOf(couponId, userId),
    };
    await expect(requests.look(failing, 2)).rejects.toThrow('away');
    await requests.look(store, 2);
    expect(requests.sofar()).toMatchObject({ outcomes: { ISSUED: 1 }, pending: 1 });
  });
});

describe('where a replay was sent', () => {
  it('is what grew meanwhile, and nothing else', () => {
    const before = [range(0n, 3n), { ...range(0n, 5n), partition: 1 }];
    const after = [range(1n, 6n), { ...range(0n, 5n), partition: 1 }];
    const added = { ...range(0n, 2n), partition: 2 };

    expect(sentRanges(before, [...after, added])).toEqual([range(3n, 6n), added]);
  });
});
