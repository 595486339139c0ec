import { MemoryStore } from '../../support/memory/store.js';
import { storeContract } from './store.js';
import { refuseUser, sqliteFiles } from './sqlite-file.js';

const files = sqliteFiles();

storeContract('the SQLite store', (options) => {
  const path = files.path();
  const store = files.open(path, options);
  return { store, refuseUser: (userId) => refuseUser(path, userId) };
});

storeContract('the in-memory store of tests', (options) => {
  const refused = new Set<number>();
  const store = new MemoryStore({
    ...options,
    beforeEntry: ({ request }) => {
      if (request !== null && refused.has(request.userId)) throw new Error('refused');
    },
  });
  return {
    store,
    refuseUser: (userId) => {
      refused.add(userId);
    },
  };
});
