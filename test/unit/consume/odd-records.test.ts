import { describe, expect, it } from 'vitest';
import { DLQ_HEADER } from '../../../src/dead-letters/dead-letter.js';
import { COUPON, ask, drain, newWorld, start, winners } from '../../support/consume-run.js';
import { request } from '../../support/requests.js';
import { contentsOf } from '../../support/stores/store-contents.js';

const ODD_TIMESTAMPS: readonly bigint[] = [
  -1n,
  0n,
  1_795_739_916n,
  10n ** 18n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  -9n * 10n ** 18n,
];

describe.each(['single', 'batch'] as const)('in mode %s', (mode) => {
  it.each(ODD_TIMESTAMPS)(
    'a record with timestamp %i is issued like its neighbours',
    async (odd) => {
      const world = await newWorld();
      ask(world, [1, 2]);
      world.log.append(0, { ...request(COUPON, 3), timestamp: odd });
      world.log.append(0, { value: Buffer.from('?'), timestamp: odd });
      ask(world, [4]);
      const { result } = await drain(world, { mode });

      expect(await winners(world)).toEqual([1, 2, 3, 4]);
      expect(result).toMatchObject({ records: 5, repeated: 0, retries: 0, deadLettered: 1 });
      expect(result.outcomes).toMatchObject({ ISSUED: 4, DEAD_LETTERED: 1 });
      const [letter] = world.deadLetters.records;
      expect(String(letter?.headers[DLQ_HEADER.timestamp])).toBe(odd.toString());
      const { outcomes, positions } = await contentsOf(world.store);
      expect(outcomes).toHaveLength(5);
      expect(positions).toMatchObject([{ nextOffset: 5n }]);
    },
  );
});

it('measures no latency from a timestamp that is no instant', async () => {
  const world = await newWorld();
  for (const [index, timestamp] of ODD_TIMESTAMPS.entries()) {
    world.log.append(0, { ...request(COUPON, index + 1), timestamp });
  }
  const { result } = await drain(world);
  expect(result.records).toBe(ODD_TIMESTAMPS.length);
  expect(result.latencyMs).toEqual({ p50: null, p99: null });
});

describe('a listener that throws after the commit', () => {
  it.each(['single', 'batch'] as const)(
    'ends the run in mode %s; nothing is applied twice and none is lost',
    async (mode) => {
      const world = await newWorld();
      ask(world, [1, 2, 3, 4, 5, 6]);
      const run = start(world, {
        mode,
        batchSize: 4,
        onEvent: (event) => {
          if (event.kind === 'applied') throw new TypeError('the screen is gone');
        },
      });
      await expect(world.clock.run(run.summary)).rejects.toThrow('the screen is gone');
      const { outcomes, positions } = await contentsOf(world.store);
      // What was on its way to the store when the listener threw is applied.
      const applied = outcomes.length;
      expect(applied).toBeGreaterThan(0);
      expect(positions).toMatchObject([{ nextOffset: BigInt(applied) }]);
      expect(world.deadLetters.records).toEqual([]);

      const { result } = await drain(world, { mode, batchSize: 4 });
      expect(result).toMatchObject({ records: 6 - applied, repeated: 0 });
      expect(await winners(world)).toEqual([1, 2, 3, 4, 5, 6]);
    },
  );
});

it('an error that is no fault of a record ends the run, and sends nothing to the DLQ', async () => {
  const world = await newWorld();
  ask(world, [1]);
  world.store.applyBatch = () => Promise.reject(new TypeError('undefined is not a function'));
  const run = start(world);
  await expect(world.clock.run(run.summary)).rejects.toThrow('undefined is not a function');
  expect(world.deadLetters.records).toEqual([]);
  expect((await contentsOf(world.store)).outcomes).toEqual([]);
});
