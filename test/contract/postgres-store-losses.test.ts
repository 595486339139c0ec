/** The store on PostgreSQL where its connection is lost, wherever that may be: what is decided is written once. */
import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailableError, type ApplyBatch } from '../../src/ports/coupon-store.js';
import type { PostgresStore } from '../../src/store/postgres/postgres-store.js';
import type { PostgresTarget } from '../../src/store/postgres/target.js';
import { usePostgresProxy, type StatementFaultOptions } from '../support/postgres-proxy.js';
import { usePostgres } from '../support/postgres.js';
import { contentsOf } from '../support/store-contents.js';
import { at, NOW_MS, request, SOURCE, TERMS } from './store/log.js';
import { postgresSchemas } from './store/postgres-schemas.js';

const postgres = usePostgres();
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
    const { issued, outcomes, positions } = await contentsOf(of);
    const numbers = Array.from({ length: this.#users }, (_unused, index) => 1 + index);
    expect(issued.map(({ sequence, userId }) => [sequence, userId])).toEqual(
      numbers.map((number) => [number, number]),
    );
    expect(outcomes).toHaveLength(numbers.length);
    expect(positions.map(({ nextOffset }) => nextOffset)).toEqual(
      this.#nextOffsets.filter((offset) => offset !== null),
    );
  }
}

/** The sequences that were issued to a group, or why none were. */
async function apply(batches: readonly ApplyBatch[]): Promise<readonly unknown[]> {
  const results = await Promise.all(batches.map((batch) => store.applyBatch(batch)));
  return results.flatMap((result) =>
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

  it('is remade as well where the store has nothing of these partitions yet', async () => {
    const fault = proxy.add({
      statement: /INSERT INTO partition_offset|^COMMIT/,
      when,
      does: 'cut',
      count: 2,
    });
    expect(await apply(sale.group())).toEqual([1, 2, 3, 4, 5]);
    expect(fault.hits).toBe(2);
    await sale.expectExactly(store);
  });
});
