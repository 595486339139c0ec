import { storeContract } from './store.js';
import { postgresSchemas, refuseUser } from './store/postgres-schemas.js';

const schemas = postgresSchemas(process.env['COUPONS_TEST_POSTGRES'] ?? '');

storeContract('the PostgreSQL store', async (options) => {
  const target = schemas.target();
  const store = await schemas.open(target, options);
  return { store, refuseUser: (userId) => refuseUser(schemas, target, userId) };
});
