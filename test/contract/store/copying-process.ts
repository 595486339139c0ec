import { copyStore } from '../../../src/copy/copy-store.js';
import { storeLocation } from '../../../src/config/store-location.js';
import type { StoreCopyEnd } from '../../../src/ports/store-copy.js';
import { PostgresCopyEnd } from '../../../src/store/postgres/copy/copy-end.js';
import { SqliteCopyEnd } from '../../../src/store/sqlite/copy/copy-end.js';

/**
 * A process that copies a store and kills itself when it hears of progress for the n-th time; 0: when all is
 * done, before it could say so. Arguments: as of --from and --to, n, and the password of a server.
 */
const [from = '', to = '', reports = '', password = ''] = process.argv.slice(2);

function endAt(store: string): StoreCopyEnd {
  const location = storeLocation(store, {});
  return location.kind === 'sqlite'
    ? new SqliteCopyEnd(location.name)
    : new PostgresCopyEnd({ ...location, password: () => password });
}

let heard = 0;
await copyStore(endAt(from), endAt(to), () => {
  heard += 1;
  if (heard === Number(reports)) process.kill(process.pid, 'SIGKILL');
});
process.kill(process.pid, 'SIGKILL');
