import { describe, expect, it } from 'vitest';
import { RecordQueue } from '../../../src/produce/record-queue.js';
import { VirtualClock } from '../../support/clock/virtual.js';

async function* every(clock: VirtualClock, ms: number, items: number): AsyncGenerator<number> {
  for (let item = 1; item <= items; item += 1) {
    await clock.wait(ms);
    yield item;
  }
}

describe('a queue between a source and a sender', () => {
  it('gives each item of a slow source at once', async () => {
    const clock = new VirtualClock();
    const startMs = clock.now();
    const queue = new RecordQueue(every(clock, 1000, 3), 100);
    for (const item of [1, 2, 3]) {
      expect(await clock.run(queue.take(100))).toEqual([item]);
      expect(clock.now() - startMs).toBe(item * 1000);
    }
    expect(await clock.run(queue.take(100))).toEqual([]);
  });

  it('gives what has come meanwhile in full batches', async () => {
    const clock = new VirtualClock();
    const queue = new RecordQueue(every(clock, 10, 25), 100);
    await clock.run(clock.wait(1000));
    expect(await queue.take(10)).toHaveLength(10);
    expect(await queue.take(10)).toHaveLength(10);
    expect(await queue.take(10)).toEqual([21, 22, 23, 24, 25]);
    expect(await queue.take(10)).toEqual([]);
  });

  it('asks a quick source for no more than it has room for', async () => {
    const clock = new VirtualClock();
    let asked = 0;
    function* endless(): Generator<number> {
      for (;;) yield (asked += 1);
    }
    const queue = new RecordQueue(endless(), 10);
    await clock.run(clock.wait(1));
    expect(asked).toBe(10);
    await queue.take(4);
    await clock.run(clock.wait(1));
    expect(asked).toBe(14);
    queue.stop();
  });

  it('throws what the source threw, after what it gave before', async () => {
    function* failing(): Generator<number> {
      yield 1;
      throw new Error('line 2 is no request');
    }
    const queue = new RecordQueue(failing(), 10);
    expect(await queue.take(10)).toEqual([1]);
    await expect(queue.take(10)).rejects.toThrow('line 2 is no request');
  });

  it('lets a sender go that waits when it is stopped', async () => {
    const clock = new VirtualClock();
    const queue = new RecordQueue(every(clock, 3_600_000, 1), 10);
    const taken = queue.take(10);
    queue.stop();
    expect(await taken).toEqual([]);
  });
});
