import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, startIssuing, succeeded, type Program } from '../store/child-process.js';
import { batchAt, PartitionLog, request, SOURCE, TERMS } from '../store/log.js';
import { sqliteFiles } from '../store/sqlite-file.js';
import { contentsOf } from '../../support/stores/store-contents.js';

const files = sqliteFiles();

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('two consumers on one store', () => {
  it('hand out one stock, turn by turn', async () => {
    const path = files.path();
    const stores = [files.open(path), files.open(path)];
    await stores[0]?.createCampaign(1, { ...TERMS, totalQuantity: 5 });
    const logs = stores.map((store, partition) => new PartitionLog(store, { partition }));

    const outcomes: string[] = [];
    for (let user = 1; user <= 8; user += 2) {
      for (const log of logs) outcomes.push(...(await log.outcomes(request(1, user++))));
      for (const log of logs.toReversed())
        outcomes.push(...(await log.outcomes(request(1, user--))));
    }

    expect(outcomes.filter((outcome) => outcome === 'ISSUED')).toHaveLength(5);
    for (const store of stores) {
      const { issued, campaigns } = await contentsOf(store);
      expect(issued.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
      expect(campaigns).toMatchObject([{ issuedQuantity: 5 }]);
    }
  });

  it('see each other’s changes of a campaign', async () => {
    const path = files.path();
    const [operator, consumer] = [files.open(path), files.open(path)];
    await operator.createCampaign(1, TERMS);
    const log = new PartitionLog(consumer);
    await log.apply(request(1, 42));

    await operator.updateCampaign(1, { status: 'INACTIVE' });

    expect(await log.outcomes(request(1, 43))).toEqual(['INACTIVE']);
  });

  it('of which one has lost the partition: it is fenced', async () => {
    const path = files.path();
    const [before, after] = [files.open(path), files.open(path)];
    const zombie = new PartitionLog(before);
    await zombie.apply(request(1, 42));
    await after.forgetPositions(SOURCE.group, SOURCE.topic);
    await new PartitionLog(after).apply(request(1, 42), request(1, 43));

    expect(await zombie.tryApply(request(1, 43))).toEqual({ kind: 'fenced', nextOffset: 2n });
  });
});

describe('a store that another process keeps locked', () => {
  it('is unavailable, can still be read, and goes on when the lock is gone', async () => {
    const path = files.path();
    const store = files.open(path, { busyTimeoutMs: 20 });
    await store.createCampaign(1, TERMS);
    const log = new PartitionLog(store);

    const other = files.client(path);
    other.exec('BEGIN IMMEDIATE');

    const failed = log.apply(request(1, 42));

    const unavailable = { name: 'StoreUnavailableError', code: 'STORE_BUSY' };
    await expect(failed).rejects.toMatchObject(unavailable);
    await expect(failed).rejects.toThrow(path);
    expect((await contentsOf(store)).campaigns).toHaveLength(1);
    other.exec('COMMIT');
    expect(await log.outcomes(request(1, 42))).toEqual(['ISSUED']);
  });

  it('is waited for, while other work goes on', async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, TERMS);
    const other = files.client(path);
    other.exec('BEGIN IMMEDIATE');

    const applied = new PartitionLog(store).outcomes(request(1, 42));
    void setImmediate().then(() => other.exec('COMMIT'));

    expect(await applied).toEqual(['ISSUED']);
  });

  it('keeps none of those that wait from its turn', async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, TERMS);
    const other = files.client(path);
    other.exec('BEGIN IMMEDIATE');

    const first = store.applyBatch({ ...batchAt(0n), expectedOffset: null });
    await setImmediate(); // the first has found it locked
    other.exec('COMMIT');
    const second = store.applyBatch(batchAt(1n));

    expect(await Promise.all([first, second])).toMatchObject([
      { kind: 'applied' },
      { kind: 'applied' },
    ]);
  });

  it('is never locked by a reader', async () => {
    const path = files.path();
    const store = files.open(path, { busyTimeoutMs: 0 });
    await store.createCampaign(1, TERMS);

    const reader = files.client(path);
    reader.exec('BEGIN');
    const count = reader.prepare('SELECT count(*) FROM issued_coupon').pluck();
    expect(count.get()).toBe(0);

    expect(await new PartitionLog(store).outcomes(request(1, 42))).toEqual(['ISSUED']);

    expect(count.get()).toBe(0);
  });
});

describe('several processes on one store', () => {
  let program: Program;
  beforeAll(() => void (program = buildProgram('issuing-process')));
  afterAll(() => program.killAll());

  it('issue exactly the stock between them', async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, { ...TERMS, totalQuantity: 100 });

    await Promise.all((await startIssuing(program, path, [0, 1, 2], 10)).map(succeeded));

    const { issued, outcomes, campaigns } = await contentsOf(store);
    expect(issued.map(({ sequence }) => sequence)).toEqual(numbers(100));
    expect(campaigns).toMatchObject([{ issuedQuantity: 100 }]);
    expect(outcomes.filter(({ outcome }) => outcome === 'SOLD_OUT')).toHaveLength(110);
  });

  it('may all find no file and make it at the same time', async () => {
    const path = files.path();

    await Promise.all((await startIssuing(program, path, [0, 1, 2, 3], 1)).map(succeeded));

    const { positions, outcomes } = await contentsOf(files.open(path));
    expect(positions.map(({ nextOffset }) => nextOffset)).toEqual([7n, 7n, 7n, 7n]);
    expect(outcomes.every(({ outcome }) => outcome === 'NOT_FOUND')).toBe(true);
  });

  it('leave whole transactions only when they are killed', async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, { ...TERMS, totalQuantity: 1_000_000 });

    const children = await startIssuing(program, path, [0, 1, 2], 1_000_000);
    const acknowledged = await Promise.all(
      children.map((child, p) => killAfter(child, 20 + 7 * p)),
    );

    const { positions, outcomes, issued, campaigns } = await contentsOf(store);
    const next = positions.map(({ nextOffset }) => Number(nextOffset));
    next.forEach((offset, p) => expect(offset).toBeGreaterThanOrEqual(acknowledged[p] ?? Infinity));
    expect(next.map((offset) => offset % 7)).toEqual([0, 0, 0]);
    const applied = next.reduce((sum, offset) => sum + offset, 0);
    expect(outcomes).toHaveLength(applied);
    expect(issued.map(({ sequence }) => sequence)).toEqual(numbers(applied));
    expect(campaigns).toMatchObject([{ issuedQuantity: applied }]);
  });
});

/** Kills the process after that many batches; how many records it had said were durable. */
async function killAfter(child: ChildProcess, batches: number): Promise<number> {
  let acknowledged = 0;
  let seen = 0;
  child.on('message', (records) => {
    acknowledged = Number(records);
    if (++seen === batches) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}
