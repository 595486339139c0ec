import { expect, it } from 'vitest';
import { ask, newWorld, only, start, winners } from '../../support/consume-run.js';

it('--until-drained waits for what is behind an open transaction, and says so every minute', async () => {
  const world = await newWorld();
  const { clock, log } = world;
  ask(world, [1]);
  log.openTransaction(0);
  ask(world, [2, 3]);
  const startMs = clock.now();
  clock.after(150_000, () => {
    log.endTransaction(0);
  });
  const run = start(world, { untilDrained: true });
  await clock.run(run.summary);

  expect(await winners(world)).toEqual([1, 2, 3]);
  const told = only(run.events, 'transaction-open');
  const seconds = told.map(({ atMs }) => Math.floor((atMs - startMs) / 1000));
  expect(seconds).toEqual([0, 60, 120]);
  const transaction = { topic: log.topic, partition: 0, sinceOffset: 1n, records: 2 };
  expect(told.map((event) => event.transaction)).toEqual(told.map(() => transaction));
  expect(clock.now() - startMs).toBeLessThan(151_000);
});

it('--until-drained does not mention a transaction that is over at the next look', async () => {
  const world = await newWorld();
  const { clock, log } = world;
  for (let at = 1; at < 10_000; at += 150) {
    clock.after(at, () => {
      if (at > 1) log.endTransaction(0);
      log.openTransaction(0);
      ask(world, [at]);
    });
  }
  clock.after(10_000, () => {
    log.endTransaction(0);
  });
  const run = start(world, { untilDrained: true });
  await clock.run(run.summary);
  expect(await winners(world)).toHaveLength(67);
  expect(only(run.events, 'transaction-open')).toEqual([]);
});
