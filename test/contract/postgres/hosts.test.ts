import { describe, expect, it } from 'vitest';
import type { ApplyResult, CouponStore } from '../../../src/ports/coupon-store.js';
import { eventually } from '../../support/eventually.js';
import { contentsOf } from '../../support/stores/store-contents.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { at, batchAt, PartitionLog, request, SOURCE, TERMS, type NewEntry } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const postgres = usePostgres();
const schemas = postgresSchemas(postgres);

/** Two hosts on one store. */
async function twoHosts(): Promise<readonly [CouponStore, CouponStore]> {
  const target = schemas.target();
  return [await schemas.open(target), await schemas.open(target)];
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A partition a host, batch behind batch without waiting for the other host. */
async function applyAtOnce(
  stores: readonly CouponStore[],
  batchesOf: (partition: number) => readonly (readonly NewEntry[])[],
): Promise<readonly string[]> {
  const outcomes = await Promise.all(
    stores.map(async (store, partition) => {
      const log = new PartitionLog(store, { partition });
      const found: string[] = [];
      for (const batch of batchesOf(partition)) found.push(...(await log.outcomes(...batch)));
      return found;
    }),
  );
  return outcomes.flat();
}

describe('two hosts on one database', () => {
  it('hand out one stock: N coupons, none twice, numbered without a gap', async () => {
    const stores = await twoHosts();
    await stores[0].createCampaign(1, { ...TERMS, totalQuantity: 50 });

    // Users 1 to 80, each of them in both partitions.
    await applyAtOnce(stores, () =>
      numbers(20).map((batch) => numbers(4).map((n) => request(1, (batch - 1) * 4 + n))),
    );

    const { campaigns, issued, outcomes } = await contentsOf(stores[1]);
    expect(campaigns).toMatchObject([{ issuedQuantity: 50 }]);
    expect(issued.map(({ sequence }) => sequence)).toEqual(numbers(50));
    expect(new Set(issued.map(({ userId }) => userId)).size).toBe(50);
    expect(outcomes).toHaveLength(160);
  });

  it('give the ids of a campaign in the order of its coupons', async () => {
    const stores = await twoHosts();
    await stores[0].createCampaign(1, { ...TERMS, totalQuantity: 1000 });

    await applyAtOnce(stores, (partition) =>
      numbers(20).map((batch) => [request(1, partition * 1000 + batch)]),
    );

    const { outcomes } = await contentsOf(stores[0]);
    expect(outcomes.map(({ sequence }) => sequence)).toEqual(numbers(40));
  });

  it('wait for one another where they issue from the same campaigns in another order', async () => {
    const stores = await twoHosts();
    for (const couponId of [1, 2, 3]) await stores[0].createCampaign(couponId, TERMS);

    await applyAtOnce(stores, (partition) =>
      numbers(20).map((batch) => {
        const user = partition * 1000 + batch;
        const requests = [1, 2, 3].map((couponId) => request(couponId, user));
        return partition === 0 ? requests : requests.toReversed();
      }),
    );

    const { campaigns } = await contentsOf(stores[0]);
    expect(campaigns.map(({ issuedQuantity }) => issuedQuantity)).toEqual([40, 40, 40]);
  });

  it('decide a request once, also where no campaign is there to be locked', async () => {
    const stores = await twoHosts();
    const entries = numbers(30).map((user) => request(9, user, { eventId: 'the same' }));

    const outcomes = await applyAtOnce(stores, (partition) =>
      (partition === 0 ? entries : entries.toReversed()).map((entry) => [entry]),
    );

    expect(new Set(outcomes)).toEqual(new Set(['NOT_FOUND']));
    expect((await contentsOf(stores[0])).outcomes).toHaveLength(30);
  });

  it('keep one row of a dead letter that several groups read at once', async () => {
    const [here, there] = await twoHosts();
    const logs = [here, here, there].map(
      (store, group) => new PartitionLog(store, { group: `group-${group}` }),
    );
    const letter: NewEntry = { kind: 'dead-letter', reasonCode: 'NO_KEY', request: null };

    await Promise.all(
      logs.map(async (log) => {
        for (const batch of numbers(10)) await log.apply(...numbers(batch).map(() => letter));
      }),
    );

    const { outcomes } = await contentsOf(here);
    expect(outcomes.map(({ position }) => position.offset)).toEqual(
      numbers(55).map((n) => BigInt(n - 1)),
    );
  });

  it('apply the same batch once: the other host is fenced', async () => {
    const stores = await twoHosts();
    const batches = [
      { ...batchAt(0n), expectedOffset: null },
      ...numbers(20).map((offset) => ({
        ...batchAt(BigInt(offset)),
        entries: [at(request(1, offset), BigInt(offset))],
      })),
    ];
    await stores[0].createCampaign(1, TERMS);

    for (const batch of batches) {
      const results = await Promise.all(stores.map((store) => store.applyBatch(batch)));
      expect(results.map(({ kind }) => kind).toSorted()).toEqual(['applied', 'fenced']);
      expect(results.find(isFenced)).toEqual({ kind: 'fenced', nextOffset: batch.nextOffset });
    }

    expect((await contentsOf(stores[0])).outcomes).toHaveLength(21);
  });

  it('of which one has lost the partition: it is fenced', async () => {
    const [before, after] = await twoHosts();
    const zombie = new PartitionLog(before);
    await zombie.apply(request(1, 42));
    await after.forgetPositions(SOURCE.group, SOURCE.topic);
    await new PartitionLog(after).apply(request(1, 42), request(1, 43));

    expect(await zombie.tryApply(request(1, 43))).toEqual({ kind: 'fenced', nextOffset: 2n });
  });

  it('create a campaign once', async () => {
    const stores = await twoHosts();

    for (const couponId of numbers(10)) {
      const changes = await Promise.all(stores.map((s) => s.createCampaign(couponId, TERMS)));
      expect(changes.map(({ kind }) => kind).toSorted()).toEqual(['done', 'exists']);
    }

    expect((await contentsOf(stores[0])).versions).toHaveLength(10);
  });

  it('decide under the terms that another host is about to change', async () => {
    const target = schemas.target();
    const store = await schemas.open(target);
    await store.createCampaign(1, TERMS);
    const operator = await postgres.client(target.schema ?? '');
    await operator.query(`BEGIN; UPDATE campaign SET status = 'INACTIVE', version = 2`);

    const deciding = new PartitionLog(store).outcomes(request(1, 42));

    const waiting = `SELECT FROM pg_locks WHERE NOT granted AND pid IN
      (SELECT pid FROM pg_locks WHERE relation = 'campaign'::regclass)`;
    await eventually(async () => expect(await schemas.sql(target, waiting)).toHaveLength(1));
    await operator.query('COMMIT');
    expect(await deciding).toEqual(['INACTIVE']);
  });

  it('create no campaign between a group that finds it missing and the end of its transaction', async () => {
    const target = schemas.target();
    const store = await schemas.open(target);
    const group = await postgres.client(target.schema ?? '');
    await group.query('BEGIN; SELECT FROM campaign WHERE coupon_id = 1 FOR NO KEY UPDATE');

    const creating = store.createCampaign(1, TERMS);

    const waiting = `SELECT FROM pg_locks WHERE relation = 'campaign'::regclass AND NOT granted`;
    await eventually(async () => expect(await schemas.sql(target, waiting)).toHaveLength(1));
    expect(await store.campaigns()).toEqual([]);
    await group.query('COMMIT');
    expect(await creating).toMatchObject({ kind: 'done' });
  });

  it('change a campaign while coupons are issued from it', async () => {
    const stores = await twoHosts();
    await stores[0].createCampaign(1, TERMS);
    const log = new PartitionLog(stores[1]);

    await Promise.all([
      (async () => {
        for (const n of numbers(20)) await stores[0].updateCampaign(1, { name: `name ${n}` });
      })(),
      (async () => {
        for (const user of numbers(20)) await log.apply(request(1, user));
      })(),
    ]);

    const { campaigns, versions } = await contentsOf(stores[0]);
    expect(campaigns).toMatchObject([{ issuedQuantity: 20, version: 21, name: 'name 20' }]);
    expect(versions).toHaveLength(21);
  });
});

function isFenced(result: ApplyResult): boolean {
  return result.kind === 'fenced';
}
