import { describe, expect, it } from 'vitest';
import { DLQ_HEADER } from '../../../src/dead-letters/dead-letter.js';
import { ask, drain, letters, newWorld, only, start, winners } from '../../support/consume-run.js';

const ALWAYS = Infinity;

describe('a record that fails', () => {
  it('is tried again after 1, 2 and 3 seconds and then goes to the DLQ', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 7: ALWAYS } }) });
    ask(world, [7]);
    const { events, result } = await drain(world);

    const attempts = world.store.attempts.map(({ atMs }) => atMs);
    expect(attempts.map((atMs) => atMs - (attempts[0] ?? 0))).toEqual([0, 1000, 3000, 6000, 6000]);
    expect(only(events, 'retry').map(({ retry, delayMs }) => [retry, delayMs])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 3000],
    ]);
    expect(letters(world)).toEqual([
      expect.objectContaining({ failureReason: 'user 7 is refused', retryCount: 3 }),
    ]);
    expect(letters(world)[0]?.stackTrace).toContain('faulty-store');
    const headers = world.deadLetters.records[0]?.headers ?? {};
    expect(String(headers[DLQ_HEADER.reason])).toBe('PROCESSING_FAILED');
    expect(String(headers[DLQ_HEADER.retryCount])).toBe('3');
    expect(result).toMatchObject({ records: 1, retries: 3, deadLettered: 1 });
  });

  it.each([1, 2, 3])('is issued when it succeeds after %i failures', async (failures) => {
    const world = await newWorld({ faults: () => ({ failing: { 7: failures } }) });
    ask(world, [6, 7, 8]);
    const { result } = await drain(world);

    expect(await winners(world)).toEqual([6, 7, 8]);
    expect(result).toMatchObject({ records: 3, retries: failures, deadLettered: 0 });
    expect(letters(world)).toEqual([]);
  });

  it('holds up its own partition only', async () => {
    const world = await newWorld({ partitions: 2, faults: () => ({ failing: { 7: ALWAYS } }) });
    ask(world, [7, 8], 0);
    const { clock } = world;
    const startMs = clock.now();
    // A request in the other partition comes every half second.
    for (let user = 100; user < 112; user += 1) {
      clock.after((user - 99) * 500, () => {
        ask(world, [user], 1);
      });
    }
    const { events } = await drain(world);

    const applied = only(events, 'applied');
    const others = applied.filter(({ partition }) => partition === 1);
    expect(others.slice(0, 11).map(({ atMs }) => atMs - startMs)).toEqual(
      Array.from({ length: 11 }, (_unused, index) => (index + 1) * 500),
    );
    expect(applied.filter(({ partition }) => partition === 0).map(({ atMs }) => atMs)).toEqual([
      startMs + 6000,
      startMs + 6000,
    ]);
  });

  it('is found by halves in a batch; its neighbours are issued, in order', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 30: ALWAYS } }) });
    ask(world, range(1, 60));
    const startMs = world.clock.now();
    const { events } = await drain(world, { mode: 'batch', batchSize: 50 });

    expect(await winners(world)).toEqual([...range(1, 60)].filter((user) => user !== 30));
    const before = only(events, 'applied').filter(({ atMs }) => atMs === startMs);
    expect(before.at(-1)?.nextOffset).toBe(29n);
    // 50, then halves down to the one record, three retries of it, and the letter's own entry.
    const alone = world.store.attempts.filter(
      ({ offset, entries }) => offset === 29n && entries === 1,
    );
    expect(alone).toHaveLength(5);
    expect(world.store.attempts.filter(({ atMs }) => atMs === startMs).length).toBeLessThan(15);
    expect(letters(world)).toHaveLength(1);
  });

  it('finds several failing records of one batch, one after the other', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 3: ALWAYS, 4: 2, 9: ALWAYS } }) });
    ask(world, range(1, 10));
    const { result } = await drain(world, { mode: 'batch' });

    expect(await winners(world)).toEqual([1, 2, 4, 5, 6, 7, 8, 10]);
    expect(result).toMatchObject({ records: 10, retries: 8, deadLettered: 2 });
  });

  it('ends its wait at once when the run is stopped', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 7: ALWAYS } }) });
    ask(world, [6, 7]);
    const stop = new AbortController();
    const startMs = world.clock.now();
    world.clock.after(1500, () => {
      stop.abort();
    });
    const run = start(world, { signal: stop.signal });
    const result = await world.clock.run(run.summary);

    expect(world.clock.now()).toBe(startMs + 1500);
    expect(result).toMatchObject({ records: 1, retries: 2 });
    expect(world.group.committed.get(0)).toBe(1n);
    expect(only(run.events, 'stopping')).toHaveLength(1);
  });

  it('begins its retries anew with the next member after a rebalance', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 7: 4 } }) });
    ask(world, [7]);
    world.clock.after(1500, () => void world.group.rebalance());
    const { events } = await drain(world);

    expect(only(events, 'retry').map(({ retry }) => retry)).toEqual([1, 2, 1, 2]);
    expect(await winners(world)).toEqual([7]);
  });
});

describe('a malformed record', () => {
  it.each(['single', 'batch'] as const)('goes to the DLQ at once in mode %s', async (mode) => {
    const world = await newWorld();
    ask(world, [1]);
    world.log.append(0, { value: Buffer.from('{"eventId":') });
    world.log.append(0, { value: null });
    ask(world, [2]);
    const startMs = world.clock.now();
    const { events, result } = await drain(world, { mode });

    const reasons = only(events, 'dead-letter');
    expect(reasons.map(({ reasonCode }) => reasonCode)).toEqual(['MALFORMED_JSON', 'EMPTY_VALUE']);
    expect(reasons.every(({ atMs }) => atMs === startMs)).toBe(true);
    expect(letters(world).map(({ originalEvent }) => originalEvent)).toEqual(['{"eventId":', null]);
    expect(letters(world).every(({ retryCount }) => retryCount === 0)).toBe(true);
    expect(result).toMatchObject({ records: 4, retries: 0, deadLettered: 2 });
    expect(await winners(world)).toEqual([1, 2]);
  });

  it('is dead-lettered once, though a neighbour in its batch is retried', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 7: 2 } }) });
    ask(world, [7]);
    world.log.append(0, { value: Buffer.from('?') });
    ask(world, [8]);
    await drain(world, { mode: 'batch' });

    expect(letters(world)).toHaveLength(1);
    expect(await winners(world)).toEqual([7, 8]);
  });
});

function* range(first: number, last: number): Generator<number> {
  for (let user = first; user <= last; user += 1) yield user;
}
