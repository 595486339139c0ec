import { openStore } from '../../../src/store/sqlite/open.js';

/**
 * A process that migrates a store and kills itself when it hears of progress for the n-th time: it holds
 * the write lock then, and part of the rows are copied. Arguments: the store's path, n.
 */
const [path = '', reports = ''] = process.argv.slice(2);

let heard = 0;
const store = openStore(path, {
  onProgress: () => {
    heard += 1;
    if (heard === Number(reports)) process.kill(process.pid, 'SIGKILL');
  },
});
await store.close();
