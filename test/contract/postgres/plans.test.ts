import { describe, expect, it } from 'vitest';
import type { PostgresTarget } from '../../../src/store/postgres/connection/target.js';
import { eventually } from '../../support/eventually.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { all } from '../../support/stores/store-contents.js';
import { NOW_MS, PartitionLog, request, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const schemas = postgresSchemas(usePostgres());

const CAMPAIGNS = 10;
const USERS = 300;
const users = Array.from({ length: USERS }, (_, index) => index + 1);

// Reading a small table as a whole is what PostgreSQL likes best, and nothing has told it how many rows there are.
describe('the store on PostgreSQL', () => {
  it('reads outcomes by an index, from the first batch on', async () => {
    const target = schemas.target();
    const creating = await schemas.open(target, { clock: () => NOW_MS });
    await creating.createCampaign(1, { ...TERMS, totalQuantity: USERS });
    await creating.close();
    const { whole: before } = await scansOf(target);

    const store = await schemas.open(target, { clock: () => NOW_MS });
    const log = new PartitionLog(store);
    const letter = { kind: 'dead-letter', reasonCode: 'INVALID_JSON', request: null } as const;
    for (let couponId = 1; couponId <= CAMPAIGNS; couponId++) {
      await store.createCampaign(couponId, { ...TERMS, totalQuantity: USERS });
      await log.apply(...users.map((user) => request(couponId, user)), letter);
      await log.apply(request(couponId, 1), request(couponId, USERS + 1));
    }
    const position = { offset: BigInt(USERS), timestampMs: NOW_MS };
    expect(await store.deadLettered(log.source, [position])).toEqual(new Set([BigInt(USERS)]));
    expect(await all(store.issued({}))).toHaveLength(CAMPAIGNS * USERS);
    expect(await all(store.issued({ couponId: 2 }))).toHaveLength(USERS);
    expect(await all(store.issued({ userId: 7 }))).toHaveLength(CAMPAIGNS);
    expect(await store.countIssued({ userId: 7 })).toBe(CAMPAIGNS);
    expect(await store.outcomesOf(3, 1)).toHaveLength(2);
    expect((await store.outcomesOfUser(1)).rows).toHaveLength(2 * CAMPAIGNS);
    expect(await store.outcomeTotals(0, 100)).toMatchObject({ isAll: false });
    const settledTo = CAMPAIGNS * (USERS + 3);
    expect(await store.outcomeTotals(settledTo - 50, 100)).toMatchObject({
      settledTo,
      isAll: true,
    });
    expect(await store.issuedAfterMs(CAMPAIGNS * USERS, 1)).toHaveLength(1);
    expect(await store.issuedSince([1, 2], NOW_MS)).toEqual([USERS, USERS]);
    expect(await store.winners([{ couponId: 9, sequence: 2 }])).toMatchObject([{ userId: 2 }]);
    await store.snapshot(async (snapshot) => {
      expect(await all(snapshot.outcomesApplied())).toHaveLength(CAMPAIGNS * (USERS + 3));
      const requests = users.map((userId) => ({ couponId: 4, userId, eventId: 'another' }));
      expect(await snapshot.decisionsOf(requests)).toEqual(users.map(() => null));
    });
    await store.close();

    const scans = await eventually(async () => {
      const found = await scansOf(target);
      return found.byIndex > 0 && found;
    });
    expect(scans.whole - before).toBe(0);
  });
});

/** How often PostgreSQL has looked for outcomes. A connection reports it when it ends, and a little later. */
async function scansOf(target: PostgresTarget): Promise<{ whole: number; byIndex: number }> {
  const [row] = await schemas.sql(
    target,
    `SELECT seq_scan, idx_scan FROM pg_stat_user_tables
     WHERE schemaname = current_schema() AND relname = 'applied_record'`,
  );
  return { whole: Number(row?.['seq_scan']), byIndex: Number(row?.['idx_scan']) };
}
