import { describe, expect, it } from 'vitest';
import type { OutgoingRecord, SendOptions } from '../../../src/ports/record-sink.js';
import { produce, type ProduceOptions } from '../../../src/produce/produce.js';
import { requestRecord } from '../../../src/produce/request-generator.js';
import { MemorySink } from '../../support/memory/sink.js';
import { VirtualClock } from '../../support/clock/virtual.js';

function* records(count: number, bytes = 10): Generator<OutgoingRecord> {
  for (let i = 0; i < count; i += 1) yield requestRecord(1, Buffer.alloc(bytes));
}

interface Given extends Partial<ProduceOptions> {
  readonly sink?: MemorySink;
  readonly signal?: AbortSignal;
  readonly clock?: VirtualClock;
}

async function send(source: Iterable<OutgoingRecord>, given: Given = {}) {
  const clock = given.clock ?? new VirtualClock();
  const sink = given.sink ?? new MemorySink();
  const { ratePerSecond = null, maxBatchBytes = 1_048_588 } = given;
  const signal = given.signal ?? new AbortController().signal;
  const sent = produce(sink, source, { ratePerSecond, maxBatchBytes }, clock, signal);
  return { sink, result: await clock.run(sent) };
}

const send20PerSecond = (sink: MemorySink, clock: VirtualClock) =>
  send(records(400), { ratePerSecond: 20, sink, clock });

describe('produce', () => {
  it('sends everything and counts what is acknowledged by partition', async () => {
    const { sink, result } = await send(records(1234));
    expect(sink.records).toHaveLength(1234);
    expect(result).toMatchObject({
      requested: 1234,
      acknowledged: 1234,
      failed: 0,
      error: null,
      partitions: [{ partition: 0, acknowledged: 1234 }],
    });
  });

  it.each([1, 20, 300, 5000])('holds a rate of %i a second evenly', async (ratePerSecond) => {
    const clock = new VirtualClock();
    const startMs = clock.now();
    const seconds: number[] = [];
    const sink = new MemorySink((_send, batch) => {
      const second = Math.floor((clock.now() - startMs - 1) / 1000);
      seconds[second] = (seconds[second] ?? 0) + batch.length;
      return null;
    });
    const { result } = await send(records(ratePerSecond * 4), { ratePerSecond, sink, clock });
    expect(result.elapsedMs).toBe(4000);
    expect(result.perSecond).toBe(ratePerSecond);
    for (const sent of seconds) {
      expect(Math.abs(sent - ratePerSecond)).toBeLessThanOrEqual(ratePerSecond * 0.02 + 1);
    }
  });

  it('holds the rate after a send that took long, and does not make up for all of it', async () => {
    const clock = new VirtualClock();
    const sentAtMs: number[] = [];
    const startMs = clock.now();
    const sink = new MemorySink(() => null);
    const send = sink.send.bind(sink);
    sink.send = async (batch) => {
      sentAtMs.push(...batch.map(() => clock.now() - startMs));
      if (sentAtMs.length === 100) await clock.wait(20_000);
      return send(batch);
    };
    const { result } = await send20PerSecond(sink, clock);
    expect(result.acknowledged).toBe(400);
    // 5 s until the 100th, 20 s without a leader, and the other 300 in 14 s at least.
    expect(result.elapsedMs).toBe(39_000);
    const after = sentAtMs.filter((atMs) => atMs > 25_000);
    expect(after.length).toBeGreaterThan(270);
    expect(after.at(-1)).toBe(39_000);
  });

  it('passes on its signal, and what a send waits for', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const sink = new MemorySink(() => null);
    const send = sink.send.bind(sink);
    sink.send = (batch, options?: SendOptions) => {
      signals.push(options?.signal);
      options?.onWait?.('a leader of partition 0');
      return send(batch);
    };
    const clock = new VirtualClock();
    const stop = new AbortController();
    const waits: string[] = [];
    const listener = { onWait: (waitsFor: string) => void waits.push(waitsFor) };
    const options = { ratePerSecond: null, maxBatchBytes: 1_000_000 };
    await clock.run(produce(sink, records(1), options, clock, stop.signal, listener));
    expect(signals).toEqual([stop.signal]);
    expect(waits).toEqual(['a leader of partition 0']);
  });

  it('ends at the first send that is not acknowledged, and says how far it came', async () => {
    const sink = new MemorySink((send) => (send === 3 ? new Error('gone') : null));
    const { result } = await send(records(1000, 1000), { sink, maxBatchBytes: 20_000 });
    expect(sink.sends).toHaveLength(2);
    expect(result.acknowledged).toBe(sink.records.length);
    expect(result.failed).toBeGreaterThan(0);
    expect(result.error?.message).toBe('gone');
  });

  it('keeps every send within the bytes a broker takes', async () => {
    const { sink } = await send(records(100, 1000), { maxBatchBytes: 5000 });
    for (const batch of sink.sends) {
      expect(batch.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)).toBeLessThan(5000);
    }
    expect(sink.records).toHaveLength(100);
  });

  it('stops within a wait when it is interrupted, and sends nothing more', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    clock.after(2500, () => {
      stop.abort();
    });
    const { sink, result } = await send(records(10), {
      ratePerSecond: 1,
      signal: stop.signal,
      clock,
    });
    expect(sink.records).toHaveLength(2);
    expect(result).toMatchObject({ acknowledged: 2, elapsedMs: 2500 });
  });

  it('sends what a source gave before it failed, and throws its error', async () => {
    function* failing(): Generator<OutgoingRecord> {
      yield* records(3);
      throw new Error('line 4 is no request');
    }
    const sink = new MemorySink();
    await expect(send(failing(), { sink })).rejects.toThrow('line 4');
    expect(sink.records).toHaveLength(3);
  });
});
