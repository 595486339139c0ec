/** The store on PostgreSQL where its connection is lost, wherever that may be: what is decided is written once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STORE_UNREACHABLE, type ApplyBatch } from '../../../src/ports/coupon-store.js';
import type { PostgresStore } from '../../../src/store/postgres/postgres-store.js';
import type { PostgresTarget } from '../../../src/store/postgres/connection/target.js';
import { eventually } from '../../support/eventually.js';
import { usePostgresProxy, type StatementFaultOptions } from '../../support/postgres/proxy.js';
import { useOwnPostgres } from '../../support/postgres/postgres.js';
import { contentsOf } from '../../support/stores/store-contents.js';
import { at, NOW_MS, request, SOURCE, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

// Its sessions are ended, whoever they are.
const postgres = useOwnPostgres();
const proxy = usePostgresProxy(postgres);
const schemas = postgresSchemas(postgres);

let target: PostgresTarget;
let store: PostgresStore;
let sale: Sale;

beforeEach(async () => {
  target = schemas.target();
  store = await schemas.open(proxied(target), { clock: () => NOW_MS });
  await store.createCampaign(1, { ...TERMS, totalQuantity: 10_000 });
  sale = new Sale();
});
// Stores can close when everything passes again.
afterEach(() => proxy.heal());

function proxied(direct: PostgresTarget): PostgresTarget {
  const url = new URL(proxy.url(direct.name));
  return { ...direct, host: url.hostname, port: Number(url.port) };
}

/** Requests of users who count up, in batches that expect one another: user n is to hold coupon n. */
class Sale {
  readonly #nextOffsets: (bigint | null)[] = [null, null];
  #users = 0;

  /** The next batch of a partition. */
  batch(partition: number, records: number): ApplyBatch {
    const expectedOffset = this.#nextOffsets[partition] ?? null;
    const start = expectedOffset ?? 0n;
    const entries = Array.from({ length: records }, (_unused, index) =>
      at(request(1, ++this.#users), start + BigInt(index)),
    );
    const nextOffset = start + BigInt(records);
    this.#nextOffsets[partition] = nextOffset;
    const lastApplied = { offset: nextOffset - 1n, timestampMs: NOW_MS, checksum: 1 };
    const source = { ...SOURCE, partition };
    return { source, expectedOffset, entries, nextOffset, lastApplied };
  }

  /** Two batches of one partition and one of another: one transaction, where they are asked for together. */
  group(): readonly ApplyBatch[] {
    return [this.batch(0, 2), this.batch(0, 1), this.batch(1, 2)];
  }

  /** What the batches so far must have come to: one coupon and one row for each of them. */
  async expectExactly(of: PostgresStore): Promise<void> {
    const { issued, outcomes, positions, counted } = await contentsOf(of);
    const numbers = Array.from({ length: this.#users }, (_unused, index) => 1 + index);
    expect(issued.map(({ sequence, userId }) => [sequence, userId])).toEqual(
      numbers.map((number) => [number, number]),
    );
    expect(outcomes).toHaveLength(numbers.length);
    expect(Object.values(counted)).toEqual(numbers.length === 0 ? [] : [numbers.length]);
    expect(positions.map(({ nextOffset }) => nextOffset)).toEqual(
      this.#nextOffsets.filter((offset) => offset !== null),
    );
  }
}

/** The sequences that were issued to a group, or why none were. */
async function apply(batches: readonly ApplyBatch[]): Promise<readonly unknown[]> {
  const results = await Promise.all(batches.map((batch) => store.applyBatch(batch)));
  return results.flatMap<unknown>((result) =>
    result.kind === 'applied' ? result.applied.map(({ sequence }) => sequence) : [result.kind],
  );
}

/** The statements of one group, where nothing fails. */
async function statementsOfGroup(): Promise<readonly string[]> {
  await apply(sale.group());
  proxy.statements.length = 0;
  await apply(sale.group());
  return [...proxy.statements];
}

describe.each([
  { when: 'before', what: 'the server gets it' },
  { when: 'sent', what: 'anything comes of it' },
  { when: 'answered', what: 'its answer arrives' },
] as const)('a connection that is lost at a statement before $what', ({ when }) => {
  it('is remade, and each group is applied once, whichever statement it was', async () => {
    const statements = await statementsOfGroup();
    expect([statements[0], statements.at(-1)]).toEqual([expect.stringMatching(/^BEGIN/), 'COMMIT']);
    let issued = 10;
    for (const after of statements.keys()) {
      const fault = proxy.add({ when, does: 'cut', after });
      const sequences = await apply(sale.group());
      expect([fault.hits, sequences], statements[after]).toEqual([
        1,
        [1, 2, 3, 4, 5].map((each) => issued + each),
      ]);
      issued += 5;
    }
    await sale.expectExactly(store);
  });

  it('is remade at the COMMIT of partitions that the store has nothing of yet', async () => {
    // The first one is that of a transaction which finds that the partitions have no number.
    const fault = proxy.add({ statement: /^COMMIT/, when, does: 'cut', count: 2 });
    expect(await apply(sale.group())).toEqual([1, 2, 3, 4, 5]);
    expect(fault.hits).toBe(2);
    await sale.expectExactly(store);
  });
});

describe('a COMMIT whose answer is lost', () => {
  const lose = (when: StatementFaultOptions['when'] = 'answered') =>
    proxy.add({ statement: /^COMMIT/, when, does: 'cut' });

  /** Asks for a group and has the answer to its COMMIT lost; `meanwhile` comes before the store can look. */
  async function applyAnd(
    meanwhile: (other: PostgresStore) => Promise<unknown>,
  ): Promise<readonly unknown[]> {
    const other = await schemas.open(target, { clock: () => NOW_MS });
    await apply(sale.group());
    const group = sale.group();
    const fault = lose();
    // No new connection; the one that there is goes on.
    proxy.refuse();
    const result = apply(group);
    await eventually(() => fault.hits === 1);
    await meanwhile(other);
    await proxy.accept();
    const sequences = await result;
    await sale.expectExactly(store);
    return sequences;
  }

  it('is known again where another member has moved one of its partitions on', async () => {
    const sequences = await applyAnd((other) => other.applyBatch(sale.batch(0, 1)));
    expect(sequences).toEqual([6, 7, 8, 9, 10]);
  });

  it('is a fence where others have moved all of its partitions on', async () => {
    const sequences = await applyAnd(async (other) => {
      await other.applyBatch(sale.batch(0, 1));
      await other.applyBatch(sale.batch(1, 1));
    });
    expect(sequences).toEqual(['fenced', 'fenced', 'fenced']);
  });

  it.each(['partitions that the store knows', 'partitions that are new to it'])(
    'is waited for while the server still executes it, for %s',
    async (which) => {
      if (which.includes('knows')) await apply(sale.group());
      await commitSlowly();
      proxy.statements.length = 0;
      const fault = lose('sent');
      const batches = sale.group();
      const sequences = await apply(batches);
      const first = which.includes('knows') ? 5 : 0;
      expect([fault.hits, sequences]).toEqual([1, [1, 2, 3, 4, 5].map((each) => first + each)]);
      await sale.expectExactly(store);
    },
  );

  it('leaves open whether it was carried out where the server stays away; then the fence tells', async () => {
    await apply(sale.group());
    const group = sale.group();
    const fault = lose();
    // No new connection; the one that there is goes on.
    proxy.refuse();
    const result = apply(group);
    await eventually(() => fault.hits === 1);
    await expect(result).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      code: STORE_UNREACHABLE,
    });
    await proxy.accept();
    expect(await apply(group)).toEqual(['fenced', 'fenced', 'fenced']);
    await sale.expectExactly(store);
  });

  it('of a campaign is told, as it may be there', async () => {
    lose();
    await expect(store.createCampaign(2, TERMS)).rejects.toMatchObject({
      code: STORE_UNREACHABLE,
      hint: expect.stringContaining('may have been written') as string,
    });
    expect(await store.campaign(2)).toMatchObject({ couponId: 2 });
  });

  /** Each COMMIT that has moved an offset takes the server a second. */
  async function commitSlowly(): Promise<void> {
    await schemas.sql(
      target,
      `CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
       CREATE CONSTRAINT TRIGGER sleep AFTER INSERT OR UPDATE ON partition_offset
         DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sleep()`,
    );
  }
});

describe('a connection that is lost', () => {
  it('while it is idle costs nothing', async () => {
    for (let time = 0; time < 3; time += 1) {
      await apply(sale.group());
      expect(await store.positions(SOURCE.group, SOURCE.topic)).toHaveLength(2);
      proxy.cut();
    }
    await sale.expectExactly(store);
  });

  it('by an administrator who ends sessions again and again is remade each time', async () => {
    const admin = await postgres.client();
    let ended = 0;
    for (let group = 0; group < 40; group += 1) {
      const [sequences, { rowCount }] = await Promise.all([
        apply(sale.group()),
        admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'coupons'`,
        ),
      ]);
      expect(sequences).toHaveLength(5);
      expect(sequences).not.toContain('fenced');
      ended += rowCount ?? 0;
    }
    expect(ended).toBeGreaterThan(0);
    await sale.expectExactly(store);
  });
});
