import { describe, expect, it } from 'vitest';
import type { ApplyBatch } from '../../../../src/ports/coupon-store.js';
import type { NewEvent } from '../../../../src/ports/store-history.js';
import {
  MAX_GROUP_RECORDS,
  type GroupAnswer,
  type GroupResult,
} from '../../../../src/store/group.js';
import { WriteQueue } from '../../../../src/store/postgres/write-queue.js';

/** A batch of so many records, known by its partition. */
function batch(partition: number, records = 1): ApplyBatch {
  const entry = {
    kind: 'request',
    timestampMs: 0,
    request: { eventId: 'e', couponId: 1, userId: 1 },
  } as const;
  return {
    source: { clusterId: 'c', group: 'g', topic: 't', partition },
    expectedOffset: null,
    entries: Array.from({ length: records }, (_, offset) => ({ ...entry, offset: BigInt(offset) })),
    nextOffset: BigInt(records),
    lastApplied: { offset: 0n, timestampMs: 0, checksum: 0 },
  };
}

const EVENT: NewEvent = {
  ...{ atMs: 1, actor: { user: 'u', host: 'h', pid: 1 } },
  ...{ kind: 'LETTERS_PURGED', topic: 'dlq', letters: 1 },
};

function answer(results: readonly GroupResult[]): GroupAnswer {
  return { results, eventsFailure: null };
}

/** A queue over a store that notes what it is asked for: the partitions of each group. */
function start() {
  const asked: (readonly (number | string)[] | string)[] = [];
  const queue = new WriteQueue(async ({ batches, events }) => {
    asked.push([...batches.map(({ source }) => source.partition), ...events.map(() => 'event')]);
    await Promise.resolve();
    return answer(batches.map(() => ({ kind: 'applied', applied: [] })));
  });
  const write = (name: string) =>
    queue.inTurn(() => {
      asked.push(name);
      return Promise.resolve(name);
    });
  return { asked, queue, write };
}

describe('writes that wait', () => {
  it('share a group where they are batches', async () => {
    const { asked, queue } = start();

    await Promise.all([0, 1, 2].map((partition) => queue.apply(batch(partition))));

    expect(asked).toEqual([[0, 1, 2]]);
  });

  it('are in the order of their calls', async () => {
    const { asked, queue, write } = start();

    const answers = await Promise.all([
      queue.apply(batch(0)),
      queue.apply(batch(1)),
      write('between'),
      queue.apply(batch(2)),
    ]);

    expect(asked).toEqual([[0, 1], 'between', [2]]);
    expect(answers[2]).toBe('between');
  });

  it('share a group with events, which are answered by themselves', async () => {
    const { asked, queue } = start();

    await Promise.all([queue.apply(batch(0)), queue.record([EVENT]), queue.apply(batch(1))]);

    expect(asked).toEqual([[0, 1, 'event']]);
  });

  it('say why events were not written, and apply the batches all the same', async () => {
    const failure = new Error('no');
    const queue = new WriteQueue(({ batches }) =>
      Promise.resolve({
        results: batches.map((): GroupResult => ({ kind: 'applied', applied: [] })),
        eventsFailure: { kind: 'failed', error: failure },
      }),
    );

    const [applied, recorded] = await Promise.allSettled([
      queue.apply(batch(0)),
      queue.record([EVENT]),
    ]);

    expect(applied.status).toBe('fulfilled');
    expect(recorded).toEqual({ status: 'rejected', reason: failure });
  });

  it('are several groups where they are many', async () => {
    const { asked, queue } = start();
    const half = MAX_GROUP_RECORDS / 2;

    await Promise.all(
      [half, half, 1, MAX_GROUP_RECORDS + 1, 1].map((n, i) => queue.apply(batch(i, n))),
    );

    expect(asked).toEqual([[0, 1], [2], [3], [4]]);
  });

  it('gather while the store is at work', async () => {
    const asked: number[] = [];
    let finish: () => void = () => undefined;
    const isAtWork = new Promise<void>((resolve) => (finish = resolve));
    const queue = new WriteQueue(async ({ batches }) => {
      asked.push(batches.length);
      await isAtWork;
      return answer(batches.map(() => ({ kind: 'applied', applied: [] })));
    });
    const first = queue.apply(batch(0));
    await Promise.resolve();

    const later = [queue.apply(batch(1)), queue.apply(batch(2))];
    expect(asked).toEqual([1]);
    finish();
    await Promise.all([first, ...later]);

    expect(asked).toEqual([1, 2]);
  });
});

describe('a write that fails', () => {
  it('is answered with its error, and those behind it go on', async () => {
    const { asked, queue } = start();
    const failure = new Error('no');

    const failed = queue.inTurn(() => Promise.reject(failure));
    const applied = queue.apply(batch(1));

    await expect(failed).rejects.toBe(failure);
    expect(await applied).toMatchObject({ kind: 'applied' });
    expect(asked).toEqual([[1]]);
  });

  it('is thrown to the caller of its batch alone', async () => {
    const failure = new Error('no');
    const queue = new WriteQueue(({ batches }) =>
      Promise.resolve(
        answer(
          batches.map(({ source }) =>
            source.partition === 1
              ? { kind: 'failed', error: failure }
              : { kind: 'applied', applied: [] },
          ),
        ),
      ),
    );

    const results = await Promise.allSettled([0, 1, 2].map((p) => queue.apply(batch(p))));

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
