import { describe } from 'vitest';
import { usePostgres } from '../support/postgres.js';
import { storeContract } from './store.js';
import { postgresSchemas } from './store/postgres-schemas.js';

describe.each([18, 15] as const)('on PostgreSQL %d', (version) => {
  const schemas = postgresSchemas(usePostgres({ version }));

  storeContract('the PostgreSQL store', async (options) => {
    const target = schemas.target();
    const store = await schemas.open(target, options);
    return { store, refuseUser: (userId) => schemas.refuseUser(target, userId) };
  });
});
