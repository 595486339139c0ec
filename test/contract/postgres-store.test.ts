import { usePostgres } from '../support/postgres.js';
import { storeContract } from './store.js';
import { postgresSchemas } from './store/postgres-schemas.js';

const schemas = postgresSchemas(usePostgres());

storeContract('the PostgreSQL store', async (options) => {
  const target = schemas.target();
  const store = await schemas.open(target, options);
  return { store, refuseUser: (userId) => schemas.refuseUser(target, userId) };
});
