import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { useOwnPostgres } from '../../support/postgres/postgres.js';
import { Counted } from '../store/figures.js';
import { PartitionLog, request, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const postgres = useOwnPostgres();
const schemas = postgresSchemas(postgres);

const MANY = 1_000_000;
const WRITERS = 3;

let users = 0;

/** A transaction of another host that has drawn its ids, and is not over yet. */
class OpenTransaction {
  readonly #client: Client;
  #isOpen = false;

  constructor(client: Client) {
    this.#client = client;
  }

  async insert(): Promise<void> {
    if (!this.#isOpen) await this.#client.query('BEGIN');
    this.#isOpen = true;
    await this.#client.query(
      `INSERT INTO applied_record (coupon_id, user_id, event_id, outcome, log_id, "offset", timestamp_ms)
       SELECT 7, ${(users += 1)}, decode(lpad(n::text, 8, '0'), 'hex'), 6, 1000, n, 0
       FROM generate_series(1, 3) n`,
    );
  }

  async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await this.#client.query(how);
    this.#isOpen = false;
  }
}

async function start() {
  const target = schemas.target();
  const store = await schemas.open(target);
  await store.createCampaign(1, { ...TERMS, totalQuantity: 1_000_000 });
  await schemas.sql(target, `INSERT INTO log VALUES (1000, 'of another host', 0)`);
  const clients = await Promise.all(
    Array.from({ length: WRITERS }, () => postgres.client(target.schema ?? '')),
  );
  const [first, second, third] = clients.map((client) => new OpenTransaction(client));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three');
  const reader = await postgres.client(target.schema ?? '');
  const rows = async () => {
    const found = await reader.query<{ key: string; rows: number }>(
      `SELECT coupon_id || ' ' || outcome AS key, count(*)::int AS rows FROM request_outcome GROUP BY 1`,
    );
    return Object.fromEntries(found.rows.map((row) => [row.key, row.rows]));
  };
  const counted = new Counted();
  const count = async () => {
    const totals = await store.outcomeTotals(counted.settledTo, MANY);
    counted.add(totals);
    expect(totals.isAll).toBe(true);
    expect(counted.rows).toEqual(await rows());
    return totals;
  };
  const log = new PartitionLog(store);
  return {
    target,
    store,
    counted,
    count,
    writers: [first, second, third] as const,
    apply: () => log.apply(request(1, (users += 1))),
  };
}

describe('outcomes of several hosts', () => {
  it('that commit after others with higher ids are counted once', async () => {
    const { apply, count, writers } = await start();
    const [slow] = writers;
    await slow.insert();
    await apply();
    expect((await count()).settled).toEqual([]);
    await apply();
    expect((await count()).recent).toEqual([{ couponId: 1, outcome: 'ISSUED', rows: 2 }]);

    await slow.end('COMMIT');

    expect((await count()).recent).toEqual([]);
  });

  // When `early` has ended, the xmax of a snapshot is that of `late`: `slow` is beyond it, and runs.
  it('of a transaction that began after all that have ended are counted once', async () => {
    const { count, counted, writers } = await start();
    const [early, late, slow] = writers;
    await early.insert();
    await late.insert();
    await slow.insert();
    await early.insert();
    await early.end('COMMIT');
    await count();
    await late.end('COMMIT');
    await count();

    await slow.end('COMMIT');

    await count();
    expect(counted.rows).toEqual({ '7 NOT_FOUND': 12 });
  });

  it('that were rolled back leave gaps, and hold nothing up', async () => {
    const { apply, count, writers } = await start();
    const [slow] = writers;
    await slow.insert();
    await apply();
    await count();

    await slow.end('ROLLBACK');

    expect((await count()).recent).toEqual([]);
  });

  it('are settled while a transaction that writes something else runs', async () => {
    const { apply, count, target } = await start();
    const other = await postgres.client(target.schema ?? '');
    await other.query('CREATE TABLE other (n int)');
    await other.query('BEGIN; INSERT INTO other VALUES (1)');
    await apply();

    expect((await count()).recent).toEqual([]);
    await other.query('COMMIT');
  });

  it('are counted once each, however their transactions overlap', async () => {
    const writer = fc.integer({ min: 0, max: WRITERS - 1 });
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('insert', 'COMMIT', 'ROLLBACK'), writer }),
      fc.record({ kind: fc.constantFrom('apply', 'count'), writer }),
    );
    const { apply, count, writers } = await start();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        for (const { kind, writer: index } of steps) {
          if (kind === 'apply') await apply();
          else if (kind === 'count') await count();
          else if (kind === 'insert') await writers[index]?.insert();
          else await writers[index]?.end(kind === 'COMMIT' ? 'COMMIT' : 'ROLLBACK');
        }
        await count();
        for (const each of writers) await each.end('COMMIT');
        expect((await count()).recent).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

it('a standby does not know what is being written, and says so', async () => {
  const { target, store } = await start();
  await store.close();
  const signal = join(postgres.server.dataDir, 'standby.signal');
  await postgres.server.stop();
  await writeFile(signal, '');
  await postgres.server.start();
  try {
    const standby = await schemas.open(target, { mode: 'read-only' });
    await expect(standby.outcomeTotals(0, MANY)).rejects.toMatchObject({
      code: 'STORE_READ_ONLY',
      message: expect.stringContaining('it is a standby') as string,
    });
    expect(await standby.winners([{ couponId: 1, sequence: 1 }])).toEqual([null]);
  } finally {
    await postgres.server.stop();
    await rm(signal);
    await postgres.server.start();
  }
});
