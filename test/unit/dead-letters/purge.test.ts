import { describe, expect, it } from 'vitest';
import { purgeNotes } from '../../../src/cli/dlq/draw-purge.js';
import {
  countWaiting,
  planPurge,
  planPurgeByTime,
  purgesUnread,
} from '../../../src/dead-letters/purge.js';
import { TimedPurgePlan } from '../../../src/dead-letters/purge-by-time.js';
import { ReplayMarks } from '../../../src/dead-letters/replay-marks.js';
import { letterIdentity } from '../../../src/dead-letters/letter-identity.js';
import { StoreUnavailableError } from '../../../src/ports/coupon-store.js';
import type { LogRecord } from '../../../src/ports/log.js';
import { MemoryStore } from '../../support/memory/store.js';

const bounds = [
  { partition: 0, startOffset: 10n, endOffset: 20n, stableEndOffset: 20n },
  { partition: 1, startOffset: 0n, endOffset: 5n, stableEndOffset: 5n },
];

describe('the plan of a purge', () => {
  it('takes what is before an offset, and never more than is there', () => {
    const both = new Map([
      [0, 12n],
      [1, 12n],
    ]);
    expect(planPurge(bounds, both)).toMatchObject([
      { partition: 0, beforeOffset: 12n, letters: 2 },
      { partition: 1, beforeOffset: 5n, letters: 5 },
    ]);
  });

  it('would take what waits behind an open transaction, where that is asked for', () => {
    const open = [{ partition: 0, startOffset: 0n, endOffset: 9n, stableEndOffset: 4n }];
    const unread = (before: bigint) => purgesUnread(planPurge(open, new Map([[0, before]])));
    expect(unread(4n)).toEqual([]);
    expect(unread(5n)).toMatchObject([{ partition: 0, beforeOffset: 5n }]);
    expect(unread(100n)).toMatchObject([{ beforeOffset: 9n }]);
  });

  it('leaves a partition alone that is not named, or that has nothing before the offset', () => {
    expect(planPurge(bounds, new Map([[0, 10n]]))).toMatchObject([
      { beforeOffset: 10n, letters: 0 },
      { beforeOffset: 0n, letters: 0 },
    ]);
    expect(planPurge(bounds, new Map([[0, 3n]]))).toMatchObject([
      { beforeOffset: 10n, letters: 0 },
      { letters: 0 },
    ]);
  });
});

const LIMIT = Date.UTC(2026, 10, 27);
const OLD = LIMIT - 86_400_000;

function record(offset: number, timestampMs: number, partition = 0): LogRecord {
  const place = { topic: 'dlq', partition, offset: BigInt(offset) };
  return { ...place, timestamp: BigInt(timestampMs), key: null, value: null, headers: {} };
}

function planOf(...times: readonly number[]) {
  const plan = new TimedPurgePlan(0n, LIMIT);
  times.forEach((timestampMs, offset) => {
    plan.add(record(offset, timestampMs));
  });
  return plan.result();
}

const nothing = { count: 0, offsets: [] };

describe('a purge by time', () => {
  it.each([
    ['goes up to the first younger letter', [OLD, OLD, LIMIT], 2n],
    ['takes none of the very time', [LIMIT, LIMIT + 1], 0n],
    ['takes all where all are older', [OLD, OLD], 2n],
    ['takes none where none says when it came', [-1, 0, LIMIT / 1000], 0n],
    ['finds nothing in an empty partition', [], 0n],
  ])('%s', (_, times, beforeOffset) => {
    expect(planOf(...times)).toEqual({ beforeOffset, undated: nothing, kept: null });
  });

  it('names the letters without a time that go with an older one behind them', () => {
    expect(planOf(-1, OLD, -1, OLD, -1, LIMIT)).toEqual({
      beforeOffset: 4n,
      undated: { count: 2, offsets: [0n, 2n] },
      kept: null,
    });
  });

  it('names at most twenty of them, and counts all', () => {
    const { undated } = planOf(...Array.from({ length: 30 }, () => -1), OLD);
    expect(undated.count).toBe(30);
    expect(undated.offsets).toEqual(Array.from({ length: 20 }, (_, offset) => BigInt(offset)));
  });

  it('says how many older letters stay behind a younger one', () => {
    expect(planOf(LIMIT + 5, OLD, -1, OLD, LIMIT)).toEqual({
      beforeOffset: 0n,
      undated: nothing,
      kept: { due: 2, endOffset: 4n, behind: { offset: 0n, timestampMs: LIMIT + 5 } },
    });
  });
});

describe('what a purge takes', () => {
  const letters = [record(0, -1), record(1, OLD), record(2, OLD), record(3, LIMIT)];
  const reader = {
    async *read(_topic: string, partition: number, from: bigint, to: bigint) {
      const inside = letters.filter(({ offset }) => offset >= from && offset < to);
      if (partition === 0) yield await Promise.resolve(inside);
    },
  };
  const whole = [{ partition: 0, startOffset: 0n, endOffset: 4n, stableEndOffset: 4n }];

  it('is counted with those that were never replayed, without one that was', async () => {
    const store = new MemoryStore();
    await store.rememberReplayed(letters.slice(1, 2).map((each) => letterIdentity(each, 'c')));
    let read = 0;
    const onRead = () => {
      read += 1;
    };
    const plan = await planPurgeByTime(reader, 'dlq', whole, LIMIT, onRead);
    expect(plan).toMatchObject([{ letters: 3, undated: { count: 1 } }]);
    const marks = new ReplayMarks('c', { memory: store, failure: null });
    expect(await countWaiting(reader, 'dlq', plan, marks, onRead)).toBe(2);
    expect(read).toBe(7);

    await store.close();
    expect(await countWaiting(reader, 'dlq', plan, marks, onRead)).toBeNull();
  });
});

describe('what a purge says beside its table', () => {
  const [bound = { partition: 0, startOffset: 0n, endOffset: 0n, stableEndOffset: 0n }] = bounds;
  const partition = { ...bound, beforeOffset: 15n, letters: 5 };
  const failure = new StoreUnavailableError('STORE_GONE', 'The store is gone.');

  it.each([
    [5, null, 'note: 5 of them were never replayed.'],
    [0, null, 'note: All of them were replayed.'],
    [null, failure, 'note: Which of them were replayed is not known. The store is gone.'],
  ])('is how many were replayed: %s', (waiting, why, note) => {
    expect(purgeNotes({ partitions: [partition], selected: 5, waiting }, why)).toEqual([note]);
  });

  it('is nothing about replays where nothing goes', () => {
    const none = { ...partition, beforeOffset: 10n, letters: 0 };
    expect(purgeNotes({ partitions: [none], selected: 0, waiting: 0 }, null)).toEqual([]);
  });

  it('is which letters it names, and how many more there are', () => {
    const undated = { count: 30, offsets: [10n, 12n] };
    const [note] = purgeNotes(
      { partitions: [{ ...partition, undated, kept: null }], selected: 5, waiting: 0 },
      null,
    );
    expect(note).toContain('30 of them have no usable time');
    expect(note).toContain(': 0:10, 0:12 and 28 more.');
  });
});
