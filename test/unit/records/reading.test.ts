import { describe, expect, it } from 'vitest';
import { isDrained, lagOfReadings, remainingOf } from '../../../src/records/reading.js';
import { MemoryLog } from '../../support/memory/log.js';

/** What is left for one who goes on at these offsets, a partition each. */
async function remaining(log: MemoryLog, ...offsets: bigint[]) {
  const bounds = await log.bounds();
  const readings = bounds.map((bound) => ({
    ...bound,
    topic: log.topic,
    offset: offsets[bound.partition] ?? 0n,
  }));
  return { ...(await remainingOf(log, readings)), lag: lagOfReadings(readings) };
}

describe('what is left to read', () => {
  it('is nothing at the end of the log', async () => {
    const log = new MemoryLog(2);
    log.append(0, {});
    const found = await remaining(log, 1n, 0n);
    expect(found).toEqual({ hasRecords: false, openTransactions: [], lag: 0 });
    expect(isDrained(found)).toBe(true);
  });

  it('is a record before the end, in whichever partition', async () => {
    const log = new MemoryLog(2);
    log.append(1, {});
    const found = await remaining(log, 0n, 0n);
    expect(found).toMatchObject({ hasRecords: true, lag: 1 });
    expect(isDrained(found)).toBe(false);
  });

  it('is nothing where the offsets up to the end hold no record', async () => {
    const log = new MemoryLog(1);
    log.append(0, {});
    log.appendMarker(0);
    const found = await remaining(log, 1n);
    expect(found).toMatchObject({ hasRecords: false, lag: 1 });
    expect(isDrained(found)).toBe(true);
  });

  it('waits behind an open transaction, whoever wrote it', async () => {
    const log = new MemoryLog(1);
    log.append(0, {});
    log.openTransaction(0);
    for (let record = 0; record < 7; record += 1) log.append(0, {});
    const transaction = { topic: log.topic, partition: 0, sinceOffset: 1n, records: 7 };
    expect(await remaining(log, 0n)).toMatchObject({ hasRecords: true, lag: 8 });
    const found = await remaining(log, 1n);
    expect(found).toEqual({ hasRecords: false, openTransactions: [transaction], lag: 7 });
    expect(isDrained(found)).toBe(false);

    log.endTransaction(0);
    expect(await remaining(log, 1n)).toMatchObject({ hasRecords: true, openTransactions: [] });
    expect(isDrained(await remaining(log, 8n))).toBe(true);
  });
});
