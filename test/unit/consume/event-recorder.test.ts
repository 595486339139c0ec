import { beforeEach, describe, expect, it } from 'vitest';
import { EventRecorder } from '../../../src/consume/event-recorder.js';
import type { NewEvent } from '../../../src/ports/store-history.js';
import { VirtualClock } from '../../support/clock/virtual.js';

const actor = { user: 'ops', host: 'web-1', pid: 4711 };

function event(atMs: number): NewEvent {
  return { kind: 'OUTAGE', run: 'r', of: 'broker', elapsedMs: 0, atMs, actor };
}

let clock: VirtualClock;
let written: number[];
let failures: string[];
/** What the store does with events; by default it takes them. */
let answer: () => Promise<void>;

beforeEach(() => {
  clock = new VirtualClock();
  [written, failures] = [[], []];
  answer = () => Promise.resolve();
});

function newRecorder(): EventRecorder {
  const recordEvents = async (events: readonly NewEvent[]) => {
    await answer();
    written.push(...events.map(({ atMs }) => atMs));
  };
  const failed = ({ message }: Error) => failures.push(message);
  return new EventRecorder({ now: clock.now, wait: clock.wait, store: { recordEvents }, failed });
}

describe('the events of a run', () => {
  it('are written once each and in order, those that gather together', async () => {
    const recorder = newRecorder();
    for (const at of [1, 2, 3]) recorder.record(event(at));
    expect(await clock.run(recorder.end(500))).toBe(0);
    expect(written).toEqual([1, 2, 3]);
  });

  it('wait for a store that takes none, which is told once', async () => {
    const backMs = clock.now() + 60_000;
    answer = () =>
      clock.now() < backMs ? Promise.reject(new Error('no space')) : Promise.resolve();
    const recorder = newRecorder();
    recorder.record(event(1));
    await clock.run(clock.wait(30_000));
    recorder.record(event(2));
    expect(written).toEqual([]);
    await clock.run(clock.wait(40_000));
    expect(written).toEqual([1, 2]);
    expect(failures).toEqual(['no space']);
  });

  it('are given up at the end where the store does not answer, and counted', async () => {
    answer = () => new Promise(() => undefined);
    const recorder = newRecorder();
    recorder.record(event(1));
    recorder.record(event(2));
    const startMs = clock.now();
    expect(await clock.run(recorder.end(500))).toBe(2);
    expect(clock.now() - startMs).toBe(500);
  });

  it('get one more attempt at the end after a failure', async () => {
    let attempts = 0;
    answer = () => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error('locked')) : Promise.resolve();
    };
    const recorder = newRecorder();
    recorder.record(event(1));
    await clock.run(clock.wait(0));
    expect(await clock.run(recorder.end(500))).toBe(0);
    expect(written).toEqual([1]);
  });

  it('take a bounded memory: the oldest are dropped', async () => {
    const backMs = clock.now() + 60_000;
    answer = () =>
      clock.now() < backMs ? Promise.reject(new Error('no space')) : Promise.resolve();
    const recorder = newRecorder();
    for (let at = 1; at <= 1500; at += 1) recorder.record(event(at));
    await clock.run(clock.wait(90_000));
    expect(written).toEqual(Array.from({ length: 1000 }, (_unused, index) => index + 501));
    expect(await clock.run(recorder.end(500))).toBe(500);
  });
});
