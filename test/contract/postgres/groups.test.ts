import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApplyBatch, ApplyResult, CouponStore } from '../../../src/ports/coupon-store.js';
import type { StoreTransaction } from '../../../src/ports/store-access.js';
import { MemoryStore } from '../../support/memory/store.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { contentsOf } from '../../support/stores/store-contents.js';
import { event } from '../store/history.js';
import { at, NOW_MS, PartitionLog, request, SOURCE, TERMS, type NewEntry } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const schemas = postgresSchemas(usePostgres());
const clock = () => NOW_MS;

async function start() {
  const target = schemas.target();
  const store = await schemas.open(target, { clock });
  await store.createCampaign(1, TERMS);
  return { target, store };
}

function batchOf(partition: number, offset: bigint, entries: readonly NewEntry[]): ApplyBatch {
  const nextOffset = offset + BigInt(entries.length);
  return {
    source: { ...SOURCE, partition },
    expectedOffset: offset === 0n ? null : offset,
    entries: entries.map((entry, index) => at(entry, offset + BigInt(index))),
    nextOffset,
    lastApplied: { offset: nextOffset - 1n, timestampMs: NOW_MS, checksum: 1 },
  };
}

const ofUser = (partition: number, offset: bigint, userId: number) =>
  batchOf(partition, offset, [request(1, userId)]);

const REFUSING_EVENTS = `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no'; END $$;
  CREATE TRIGGER refuse BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION refuse()`;

/** Without waiting for one before the next is asked for. */
function applyAll(store: CouponStore, batches: readonly ApplyBatch[]) {
  return Promise.all(batches.map((batch) => store.applyBatch(batch)));
}

const issued = (...sequences: number[]) =>
  sequences.map((sequence) => ({ kind: 'applied', applied: [{ outcome: 'ISSUED', sequence }] }));

describe('batches that wait together', () => {
  it('are one transaction, in which each sees the ones before it', async () => {
    const { target, store } = await start();

    const results = await applyAll(store, [
      ofUser(0, 0n, 10),
      ofUser(1, 0n, 11),
      ofUser(0, 1n, 12),
    ]);

    expect(results).toMatchObject(issued(1, 2, 3));
    const transactions = 'SELECT count(DISTINCT xmin::text)::integer AS count FROM applied_record';
    expect(await schemas.sql(target, transactions)).toEqual([{ count: 1 }]);
  });

  it('have the events that were recorded meanwhile in their transaction', async () => {
    const { target, store } = await start();

    await Promise.all([store.applyBatch(ofUser(0, 0n, 10)), store.recordEvents([event(1)])]);

    const transactions = `SELECT count(DISTINCT id)::integer AS count
      FROM (SELECT xmin::text AS id FROM applied_record UNION ALL SELECT xmin::text FROM event) AS t`;
    expect(await schemas.sql(target, transactions)).toEqual([{ count: 1 }]);
  });

  it.each([
    ['a trigger refuses them', REFUSING_EVENTS],
    ['their table is gone', 'DROP TABLE event'],
  ])('are applied though their events can not be written: %s', async (_, sql) => {
    const { target, store } = await start();
    await schemas.sql(target, sql);

    const [applied, recorded] = await Promise.allSettled([
      store.applyBatch(ofUser(0, 0n, 10)),
      store.recordEvents([event(1)]),
    ]);

    expect(applied).toMatchObject({ value: { kind: 'applied' } });
    expect(recorded.status).toBe('rejected');
    expect((await contentsOf(store)).counted).toEqual({ '[1,"ISSUED",null]': 1 });
  });

  it('are one transaction to who measures them', async () => {
    const { target } = await start();
    const committed: StoreTransaction[] = [];
    const store = await schemas.open(target, {
      clock,
      onTransaction: (transaction) => committed.push(transaction),
    });

    await applyAll(store, [ofUser(0, 0n, 10), ofUser(1, 0n, 11)]);
    await store.applyBatch(ofUser(0, 1n, 12));

    expect(committed.map(({ batches }) => batches)).toEqual([2, 1]);
    expect(committed.every(({ elapsedMs }) => elapsedMs > 0)).toBe(true);
  });

  it('are applied beside one that is fenced', async () => {
    const { store } = await start();
    await new PartitionLog(store).apply(request(1, 42), request(1, 43));

    const results = await applyAll(store, [
      ofUser(0, 1n, 10),
      ofUser(1, 0n, 11),
      ofUser(0, 2n, 12),
    ]);

    expect(results).toMatchObject([{ kind: 'fenced', nextOffset: 2n }, ...issued(3, 4)]);
  });

  it('are applied beside one that goes back, which never comes to the database', async () => {
    const { store } = await start();
    const goesBack = { ...ofUser(0, 0n, 10), nextOffset: 0n };

    const results = await Promise.allSettled(
      [goesBack, ofUser(1, 0n, 11)].map((b) => store.applyBatch(b)),
    );

    expect(results).toMatchObject([
      { status: 'rejected', reason: { name: 'RangeError' } },
      { status: 'fulfilled' },
    ]);
  });

  it('keep their order among other writes', async () => {
    const { store } = await start();

    const [, , change] = await Promise.all([
      store.applyBatch(ofUser(0, 0n, 10)),
      store.applyBatch(ofUser(0, 1n, 11)),
      store.updateCampaign(1, { totalQuantity: 1 }),
      store.applyBatch(ofUser(0, 2n, 12)),
    ]);

    expect(change).toMatchObject({ kind: 'below-issued', campaign: { issuedQuantity: 2 } });
    expect(await store.countIssued({})).toBe(3);
  });

  it('are done before the store is closed', async () => {
    const { target, store } = await start();

    const applied = applyAll(store, [ofUser(0, 0n, 10), ofUser(0, 1n, 11)]);
    await store.close();

    expect(await applied).toMatchObject(issued(1, 2));
    const again = await schemas.open(target);
    expect(await again.countIssued({})).toBe(2);
  });
});

/** Few of everything, so that they meet; coupon 3 does not exist. */
const entry: fc.Arbitrary<NewEntry> = fc
  .record({
    couponId: fc.integer({ min: 1, max: 3 }),
    userId: fc.integer({ min: 1, max: 4 }),
    eventId: fc.constantFrom('a', 'b'),
    isDeadLetter: fc.boolean(),
  })
  .map(({ isDeadLetter, ...identity }) =>
    isDeadLetter
      ? { kind: 'dead-letter', reasonCode: 'PROCESSING_FAILED', request: identity }
      : { kind: 'request', request: identity },
  );

const cuts = fc.array(
  fc.record({
    partition: fc.integer({ min: 0, max: 2 }),
    entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 15 },
);

it('batches that share a transaction come to what they come to one after another', async () => {
  await fc.assert(
    fc.asyncProperty(cuts, async (batchesInOrder) => {
      const offsets = [0n, 0n, 0n];
      const batches = batchesInOrder.map(({ partition, entries }) => {
        const offset = offsets[partition] ?? 0n;
        offsets[partition] = offset + BigInt(entries.length);
        return batchOf(partition, offset, entries);
      });
      const { store } = await start();
      const twin = new MemoryStore({ clock });
      await twin.createCampaign(1, TERMS);
      for (const each of [store, twin])
        await each.createCampaign(2, { ...TERMS, totalQuantity: 2 });

      const together = await applyAll(store, batches);

      const inTurn: ApplyResult[] = [];
      for (const batch of batches) inTurn.push(await twin.applyBatch(batch));
      expect(together).toEqual(inTurn);
      expect(await contentsOf(store)).toEqual(await contentsOf(twin));
      await store.close();
    }),
    { numRuns: 25 },
  );
});
