import { describe } from 'vitest';
import { usePostgres } from '../../support/postgres/postgres.js';
import { storeContract } from '../store/store.js';
import type { StoreUnderTest } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

describe.each([18, 15] as const)('on PostgreSQL %d', (version) => {
  const schemas = postgresSchemas(usePostgres({ version }));

  async function open(options: { clock: () => number }): Promise<StoreUnderTest> {
    const target = schemas.target();
    const store = await schemas.open(target, options);
    return { store, refuseUser: (userId) => schemas.refuseUser(target, userId) };
  }

  storeContract('the PostgreSQL store', open, 15);
});
