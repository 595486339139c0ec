import { describe, expect, it } from 'vitest';
import { Readiness } from '../../../../src/serve/metrics/consume/readiness.js';
import { newWorld, start } from '../../../support/consume-run.js';

describe('a consumer is ready', () => {
  it('while all its members are in the group, and not when it stops', async () => {
    const world = await newWorld({ partitions: 1 });
    const readiness = new Readiness(2);
    const stop = new AbortController();
    expect(readiness.reasons()).toEqual([
      'member 1 is not in the group',
      'member 2 is not in the group',
    ]);

    const run = start(world, {
      concurrency: 2,
      signal: stop.signal,
      onEvent: (event) => {
        readiness.on(event);
      },
    });
    await world.clock.run(world.clock.wait(5000));
    expect(readiness.reasons()).toEqual([]);

    stop.abort();
    await world.clock.run(run.summary);
    expect(readiness.reasons()).toEqual(['the consumer is stopping']);
  });

  it('while nothing that it needs is away', () => {
    const readiness = new Readiness(1);
    readiness.on({ kind: 'joined', member: 1, partitions: [] });
    readiness.on({ kind: 'outage', what: 'the store', lastedMs: 0, reason: 'disk full' });
    readiness.on({ kind: 'outage', what: 'the broker', lastedMs: 0, reason: 'refused' });
    readiness.on({ kind: 'recovered', what: 'the broker', of: 'broker', afterMs: 10 });
    expect(readiness.reasons()).toEqual(['the store does not work']);

    readiness.on({ kind: 'recovered', what: 'the store', of: 'store', afterMs: 10 });
    readiness.on({ kind: 'left', member: 1 });
    expect(readiness.reasons()).toEqual(['member 1 is not in the group']);
  });
});
