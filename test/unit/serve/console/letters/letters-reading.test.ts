import { describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../../../src/coupon/topics.js';
import type { LettersData } from '../../../../../src/serve/console/wire/letters.js';
import {
  LettersReading,
  type LettersReadingPorts,
} from '../../../../../src/serve/console/letters/letters-reading.js';
import { MemoryLog } from '../../../../support/memory/log.js';
import { letterRecord } from '../../../../support/letters.js';
import { request } from '../../../../support/requests.js';

const NOW_MS = Date.UTC(2026, 10, 27, 12);

interface Given {
  readonly partition?: number;
  readonly reasonCode?: string;
  readonly couponId?: number;
  readonly timestampMs?: number;
}

/** A DLQ, read in chunks of ten letters, and how many letters were read of it. */
class Dlq {
  log = new MemoryLog(2, DLQ_TOPIC);
  nowMs = NOW_MS;
  read = 0;
  /** How long a chunk takes. */
  chunkMs = 0;

  die({ partition = 0, reasonCode = 'X', couponId = 1, timestampMs = this.nowMs }: Given = {}) {
    const letter = letterRecord(request(couponId, 1), { reasonCode });
    this.log.append(partition, { ...letter, timestampMs });
  }

  afterBounds: () => void = () => undefined;

  readonly reader: LettersReadingPorts['reader'] = {
    bounds: async (topic) => {
      const bounds = await this.log.bounds(topic);
      this.afterBounds();
      return bounds;
    },
    read: (topic, partition, from, to) => this.#inChunks(topic, partition, from, to),
  };

  readonly reading = new LettersReading({ reader: this.reader, clock: { now: () => this.nowMs } });

  look(signal = new AbortController().signal): Promise<LettersData> {
    return this.reading.read(signal);
  }

  async *#inChunks(topic: string, partition: number, from: bigint, to: bigint) {
    for await (const records of this.log.read(topic, partition, from, to)) {
      for (let at = 0; at < records.length; at += 10) {
        const chunk = records.slice(at, at + 10);
        this.read += chunk.length;
        this.nowMs += this.chunkMs;
        yield chunk;
      }
    }
  }
}

const byReason = ({ reasons }: LettersData): Readonly<Record<string, number>> =>
  Object.fromEntries(reasons.map(({ key, count }) => [String(key), count]));

describe('counting dead letters', () => {
  it('is by reason and coupon, the most frequent first', async () => {
    const dlq = new Dlq();
    dlq.die({ reasonCode: 'A', timestampMs: NOW_MS - 2000 });
    dlq.die({ reasonCode: 'B', couponId: 7, partition: 1, timestampMs: NOW_MS - 3000 });
    dlq.die({ reasonCode: 'B', couponId: 7, partition: 0, timestampMs: NOW_MS - 1000 });
    expect(await dlq.look()).toEqual({
      total: 3,
      counted: 3,
      waiting: 0,
      reasons: [
        { key: 'B', count: 2, firstSeenMs: NOW_MS - 3000, lastSeenMs: NOW_MS - 1000 },
        { key: 'A', count: 1, firstSeenMs: NOW_MS - 2000, lastSeenMs: NOW_MS - 2000 },
      ],
      coupons: [
        { key: 7, count: 2, firstSeenMs: NOW_MS - 3000, lastSeenMs: NOW_MS - 1000 },
        { key: 1, count: 1, firstSeenMs: NOW_MS - 2000, lastSeenMs: NOW_MS - 2000 },
      ],
      ungrouped: 0,
      recent: 3,
    });
  });

  it('reads only what is new, and nothing where nothing is', async () => {
    const dlq = new Dlq();
    for (let letters = 0; letters < 25; letters += 1) dlq.die();
    await dlq.look();
    expect(dlq.read).toBe(25);
    await dlq.look();
    expect(dlq.read).toBe(25);
    dlq.die({ reasonCode: 'NEW' });
    expect(byReason(await dlq.look())).toEqual({ X: 25, NEW: 1 });
    // The last one that was counted is read again, to see that it is still the same.
    expect(dlq.read).toBe(27);
  });

  it('goes on in steps, and says how far it is', async () => {
    const dlq = new Dlq();
    for (let letters = 0; letters < 100; letters += 1) {
      dlq.die();
      dlq.die({ partition: 1, reasonCode: 'Y' });
    }
    dlq.chunkMs = 100;
    const counted: number[] = [];
    for (let look = await dlq.look(); look.counted < look.total; look = await dlq.look()) {
      expect(look.total).toBe(200);
      counted.push(look.counted);
    }
    expect(counted.length).toBeGreaterThanOrEqual(5);
    expect(counted).toEqual([...new Set(counted)].sort((a, b) => a - b));
    expect(byReason(await dlq.look())).toEqual({ X: 100, Y: 100 });
  });

  it('goes on also where the broker is slow to say how many there are', async () => {
    const dlq = new Dlq();
    for (let letters = 0; letters < 30; letters += 1) dlq.die();
    dlq.afterBounds = () => {
      dlq.nowMs += 2000;
    };
    dlq.chunkMs = 400;
    expect((await dlq.look()).counted).toBe(10);
    expect((await dlq.look()).counted).toBeGreaterThan(10);
  });

  it('counts each letter once that arrives while it goes on', async () => {
    const dlq = new Dlq();
    for (let letters = 0; letters < 50; letters += 1) dlq.die();
    dlq.chunkMs = 200;
    for (let arrived = 1; arrived <= 5; arrived += 1) {
      await dlq.look();
      dlq.die({ partition: arrived % 2, reasonCode: 'NEW' });
    }
    dlq.chunkMs = 0;
    expect(await dlq.look()).toMatchObject({ total: 55, counted: 55 });
    expect(byReason(await dlq.look())).toEqual({ X: 50, NEW: 5 });
  });

  it('ends when its signal aborts, and goes on at the next reading', async () => {
    const dlq = new Dlq();
    dlq.die();
    expect(await dlq.look(AbortSignal.abort())).toMatchObject({ total: 1, counted: 0 });
    expect(await dlq.look()).toMatchObject({ total: 1, counted: 1 });
  });

  it('counts no letter any more that a purge deleted', async () => {
    const dlq = new Dlq();
    for (let letters = 0; letters < 10; letters += 1) dlq.die({ reasonCode: 'OLD' });
    dlq.die({ partition: 1, reasonCode: 'OTHER' });
    dlq.die();
    expect(byReason(await dlq.look())).toEqual({ OLD: 10, OTHER: 1, X: 1 });

    dlq.log.deleteBefore(0, 9n);
    expect(await dlq.look()).toMatchObject({ total: 3, counted: 3, recent: 3 });
    expect(byReason(await dlq.look())).toEqual({ OLD: 1, OTHER: 1, X: 1 });

    dlq.log.deleteBefore(0, 11n);
    dlq.log.deleteBefore(1, 1n);
    expect(await dlq.look()).toMatchObject({ total: 0, counted: 0, reasons: [], coupons: [] });
    dlq.die({ reasonCode: 'NEW' });
    expect(byReason(await dlq.look())).toEqual({ NEW: 1 });
  });

  it('counts again where the DLQ was deleted while it was read', async () => {
    const dlq = new Dlq();
    for (let letters = 0; letters < 20; letters += 1) dlq.die();
    await dlq.look();
    dlq.die();
    // A purge comes between the look at the bounds and the reading.
    dlq.afterBounds = () => {
      dlq.log.deleteBefore(0, 20n);
    };
    expect(await dlq.look()).toMatchObject({ total: 1, counted: 1 });
    expect(byReason(await dlq.look())).toEqual({ X: 1 });
  });

  it.each([2, 5, 9])(
    'counts a DLQ of its own that was recreated, with %i letters',
    async (letters) => {
      const dlq = new Dlq();
      for (let old = 0; old < 5; old += 1) dlq.die({ reasonCode: 'OLD' });
      await dlq.look();
      dlq.log = new MemoryLog(2, DLQ_TOPIC);
      // There was no reading for a while.
      dlq.nowMs += 60_000;
      for (let young = 0; young < letters; young += 1) dlq.die({ reasonCode: 'NEW' });
      expect(byReason(await dlq.look())).toEqual({ NEW: letters });
    },
  );

  it('counts a partition that was added, and a DLQ that has fewer than before', async () => {
    const dlq = new Dlq();
    dlq.die({ partition: 1 });
    await dlq.look();
    dlq.log.addPartitions(3);
    dlq.die({ partition: 2 });
    expect(await dlq.look()).toMatchObject({ total: 2, counted: 2 });
    dlq.log = new MemoryLog(1, DLQ_TOPIC);
    expect(await dlq.look()).toMatchObject({ total: 0, counted: 0, reasons: [] });
  });

  it('waits in front of an open transaction, and goes over offsets without a letter', async () => {
    const dlq = new Dlq();
    dlq.die();
    dlq.log.appendMarker(0);
    dlq.log.openTransaction(0);
    dlq.die({ reasonCode: 'HELD' });
    expect(await dlq.look()).toMatchObject({ total: 3, counted: 2, waiting: 1 });
    dlq.log.endTransaction(0);
    expect(await dlq.look()).toMatchObject({ total: 4, counted: 4, waiting: 0 });
    expect(byReason(await dlq.look())).toEqual({ X: 1, HELD: 1 });
  });

  it('fails where the DLQ is missing or a partition has no leader, and keeps what it has counted', async () => {
    const dlq = new Dlq();
    dlq.die();
    await dlq.look();
    dlq.log.offline.add(1);
    await expect(dlq.look()).rejects.toMatchObject({ code: 'PARTITION_OFFLINE' });
    dlq.log.offline.clear();
    const there = dlq.log;
    dlq.log = new MemoryLog(1, 'another-topic');
    await expect(dlq.look()).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
      hint: expect.stringContaining('coupons topics create') as unknown,
    });
    dlq.log = there;
    expect(await dlq.look()).toMatchObject({ counted: 1 });
    expect(dlq.read).toBe(1);
  });

  it('says how many came within the last ten minutes', async () => {
    const dlq = new Dlq();
    dlq.die({ timestampMs: NOW_MS - 11 * 60_000 });
    dlq.die({ timestampMs: NOW_MS - 9 * 60_000 });
    dlq.die({ timestampMs: NOW_MS });
    dlq.die({ timestampMs: NOW_MS * 1000 });
    dlq.die({ timestampMs: -1 });
    expect((await dlq.look()).recent).toBe(2);
    dlq.nowMs += 2 * 60_000;
    expect((await dlq.look()).recent).toBe(1);
    dlq.nowMs += 9 * 60_000;
    expect((await dlq.look()).recent).toBe(0);
  });

  it('keeps little of a reason, however long it is, and few groups', async () => {
    const dlq = new Dlq();
    dlq.die({ reasonCode: `<script>${'x'.repeat(1_000_000)}` });
    for (let each = 0; each < 100; each += 1) dlq.die({ reasonCode: `R${each}`, couponId: each });
    const look = await dlq.look();
    expect(look.reasons).toHaveLength(50);
    expect(look.coupons).toHaveLength(50);
    expect(look.ungrouped).toBe(51);
    expect(JSON.stringify(look).length).toBeLessThan(20_000);
    expect(look.reasons[0]?.key).toMatch(/^<script>x+…$/);
  });
});
