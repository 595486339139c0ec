import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ApplyBatch } from '../../../src/ports/coupon-store.js';
import type { SqliteStore } from '../../../src/store/sqlite/sqlite-store.js';
import { at, NOW_MS, PartitionLog, request, SOURCE, TERMS } from '../store/log.js';
import { event } from '../store/history.js';
import { refuseUser, sqliteFiles, withDatabase } from '../store/sqlite-file.js';
import { contentsOf, EVER } from '../../support/stores/store-contents.js';

const files = sqliteFiles();

async function start() {
  const path = files.path();
  const store = files.open(path, { clock: () => NOW_MS, busyTimeoutMs: 20 });
  await store.createCampaign(1, TERMS);
  return { path, store };
}

/** The record of a user at an offset of a partition, as a batch of its own. */
function batch(partition: number, offset: bigint, userId: number): ApplyBatch {
  return {
    source: { ...SOURCE, partition },
    expectedOffset: offset === 0n ? null : offset,
    entries: [at(request(1, userId), offset)],
    nextOffset: offset + 1n,
    lastApplied: { offset, timestampMs: NOW_MS, checksum: 1 },
  };
}

async function applied(store: SqliteStore, batches: readonly ApplyBatch[]) {
  return (await store.applyGroup({ batches, events: [] })).results;
}

const issued = (...sequences: number[]) =>
  sequences.map((sequence) => ({ kind: 'applied', applied: [{ outcome: 'ISSUED', sequence }] }));

describe('a group of batches', () => {
  it('is one transaction, in which each sees the ones before it', async () => {
    const { path, store } = await start();
    const before = commitsIn(path);

    const results = await applied(store, [batch(0, 0n, 10), batch(1, 0n, 11), batch(0, 1n, 12)]);

    expect(results).toMatchObject(issued(1, 2, 3));
    expect(commitsIn(path)).toBe(before + 1);
  });

  it('applies the others of one that is fenced', async () => {
    const { store } = await start();
    await new PartitionLog(store).apply(request(1, 42), request(1, 43));

    const results = await applied(store, [batch(0, 1n, 10), batch(1, 0n, 11), batch(0, 2n, 12)]);

    expect(results).toMatchObject([{ kind: 'fenced', nextOffset: 2n }, ...issued(3, 4)]);
  });

  it.each([
    ['refused', (path: string) => refuseUser(path, 12)],
    ['refused with the whole transaction', (path: string) => refuseUser(path, 12, 'ROLLBACK')],
    ['refused when its row is written', (path: string) => refuseUser(path, 12, 'FAIL', 'AFTER')],
  ])('applies the others of one that is %s', async (_, refuse) => {
    const { path, store } = await start();
    refuse(path);
    const group = [10, 11, 12, 13, 14].map((user, partition) => batch(partition, 0n, user));

    const results = await applied(store, [...group, batch(2, 1n, 15)]);

    expect(results).toMatchObject([
      ...issued(1, 2),
      { kind: 'failed', error: { name: 'RecordRefusedError', message: 'refused' } },
      ...issued(3, 4),
      { kind: 'fenced', nextOffset: null },
    ]);
    const { outcomes, campaigns } = await contentsOf(store);
    expect(outcomes.map(({ userId }) => userId)).toEqual([10, 11, 13, 14]);
    expect(campaigns).toMatchObject([{ issuedQuantity: 4 }]);
  });

  it('has the events that came meanwhile in its transaction', async () => {
    const { path, store } = await start();
    const before = commitsIn(path);

    const answer = await store.applyGroup({ batches: [batch(0, 0n, 10)], events: [event(1)] });

    expect(answer).toMatchObject({ results: issued(1), eventsFailure: null });
    expect(await store.events(EVER, 10)).toHaveLength(1);
    expect(commitsIn(path)).toBe(before + 1);
  });

  it.each(['ABORT', 'ROLLBACK'])(
    'is applied though a trigger refuses its events by %s',
    async (action) => {
      const { path, store } = await start();
      withDatabase(path, (db) =>
        db.exec(
          `CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(${action}, 'no'); END`,
        ),
      );

      const answer = await store.applyGroup({ batches: [batch(0, 0n, 10)], events: [event(1)] });

      expect(answer).toMatchObject({
        results: issued(1),
        eventsFailure: { kind: 'failed', error: { message: 'no' } },
      });
      expect((await contentsOf(store)).counted).toEqual({ '[1,"ISSUED",null]': 1 });
    },
  );

  it('fails as a whole where the store does', async () => {
    const { path, store } = await start();
    const other = files.client(path);
    other.exec('BEGIN IMMEDIATE');

    const results = await applied(store, [batch(0, 0n, 10), batch(1, 0n, 11)]);

    const failed = { kind: 'failed', error: { code: 'STORE_BUSY' } };
    expect(results).toMatchObject([failed, failed]);
    expect((await contentsOf(store)).outcomes).toEqual([]);
  });
});

/** How many transactions the write-ahead log holds (https://sqlite.org/fileformat.html#the_write_ahead_log). */
function commitsIn(path: string): number {
  const log = readFileSync(`${path}-wal`);
  const pageSize = log.readUInt32BE(8);
  let commits = 0;
  for (let frame = 32; frame < log.length; frame += 24 + pageSize) {
    if (log.readUInt32BE(frame + 4) > 0) commits += 1;
  }
  return commits;
}
