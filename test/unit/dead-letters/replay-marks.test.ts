import { describe, expect, it } from 'vitest';
import { readDeadLetter } from '../../../src/dead-letters/read.js';
import {
  countByPartition,
  markedLetters,
  replayedOf,
  ReplayMarks,
  UNKNOWN_MARK,
} from '../../../src/dead-letters/replay-marks.js';
import { letterIdentity } from '../../../src/dead-letters/letter-identity.js';
import { StoreUnavailableError } from '../../../src/ports/coupon-store.js';
import type { LogRecord, PartitionBounds } from '../../../src/ports/log.js';
import { MemoryStore } from '../../support/memory/store.js';

const CLUSTER = 'cluster-a';
const NOW = Date.UTC(2026, 10, 27, 9);

function record(offset: number, timestampMs = NOW, partition = 0): LogRecord {
  const place = { topic: 'dlq', partition, offset: BigInt(offset) };
  return { ...place, timestamp: BigInt(timestampMs), key: null, value: null, headers: {} };
}

async function storeThatReplayed(records: readonly LogRecord[]): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: () => NOW });
  await store.rememberReplayed(records.map((each) => letterIdentity(each, CLUSTER)));
  return store;
}

async function* found(records: readonly LogRecord[]) {
  for (const each of records) {
    yield await Promise.resolve({ record: each, letter: readDeadLetter(each) });
  }
}

const letters = Array.from({ length: 40 }, (_, offset) => record(offset));
const third = letters.filter((_, index) => index % 3 === 0);

async function offsets(...args: Parameters<typeof markedLetters>): Promise<readonly number[]> {
  const read: number[] = [];
  for await (const { letter } of markedLetters(...args)) read.push(Number(letter.offset));
  return read;
}

const failure = new StoreUnavailableError('STORE_GONE', 'The store is gone.');

describe('the mark of a dead letter', () => {
  it('says when it was replayed, and that it was not', async () => {
    const marks = new ReplayMarks(CLUSTER, {
      memory: await storeThatReplayed(third),
      failure: null,
    });
    expect(await marks.of(letters.slice(0, 3))).toEqual([
      { kind: 'replayed', atMs: NOW },
      { kind: 'waiting' },
      { kind: 'waiting' },
    ]);
    const elsewhere = new ReplayMarks('cluster-b', {
      memory: await storeThatReplayed(third),
      failure: null,
    });
    expect(await elsewhere.of(letters.slice(0, 1))).toEqual([{ kind: 'waiting' }]);
  });

  it('selects letters, in their order, however many there are', async () => {
    const marks = new ReplayMarks(CLUSTER, {
      memory: await storeThatReplayed(third),
      failure: null,
    });
    const all = letters.map(({ offset }) => Number(offset));
    expect(await offsets(found(letters), marks, null)).toEqual(all);
    expect(await offsets(found(letters), marks, 'replayed')).toEqual(
      all.filter((each) => each % 3 === 0),
    );
    expect(await offsets(found(letters), marks, 'waiting', 1)).toEqual(
      all.filter((each) => each % 3 !== 0),
    );
  });

  it('is unknown without a store, or from the moment on at which it fails', async () => {
    const without = new ReplayMarks(CLUSTER, { memory: null, failure });
    expect(await without.of(letters.slice(0, 1))).toEqual([UNKNOWN_MARK]);

    const store = await storeThatReplayed(third);
    const marks = new ReplayMarks(CLUSTER, { memory: store, failure: null });
    expect(await marks.of(letters.slice(0, 1))).toMatchObject([{ kind: 'replayed' }]);
    await store.close();
    expect(await marks.of(letters.slice(0, 1))).toEqual([UNKNOWN_MARK]);
    expect(marks.failure).toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('selects nothing in silence where it is unknown', async () => {
    const without = new ReplayMarks(CLUSTER, { memory: null, failure });
    await expect(offsets(found(letters), without, 'waiting')).rejects.toBe(failure);
  });
});

describe('counting dead letters by partition', () => {
  const bounds: readonly PartitionBounds[] = [
    { partition: 0, startOffset: 3n, endOffset: 10n, stableEndOffset: 10n },
    { partition: 1, startOffset: 5n, endOffset: 5n, stableEndOffset: 5n },
  ];
  const reader = (first: number | null) => ({
    clusterId: () => Promise.resolve(CLUSTER),
    firstTimestamps: (positions: readonly unknown[]) => Promise.resolve(positions.map(() => first)),
  });

  it('tells those that were replayed from those of a DLQ that is gone', async () => {
    const older = record(7, NOW - 1);
    const store = await storeThatReplayed([record(1), record(4), record(9), older]);
    const counts = await countByPartition('dlq', bounds, reader(NOW), store);
    expect(counts).toEqual([
      { partition: 0, letters: 7, replayed: 2 },
      { partition: 1, letters: 0, replayed: 0 },
    ]);
    expect(replayedOf(counts)).toBe(2);
  });

  it.each([
    ['there is no store', NOW, null],
    ['the first letter has no time', -1, new MemoryStore()],
    ['the first letter can’t be read', null, new MemoryStore()],
    ['the store has failed since', NOW, { countReplayed: () => Promise.reject(failure) }],
  ])('does not know them where %s', async (_, first, store) => {
    const counts = await countByPartition('dlq', bounds, reader(first), store);
    expect(counts.map(({ replayed }) => replayed)).toEqual([null, 0]);
    expect(replayedOf(counts)).toBeNull();
  });
});
