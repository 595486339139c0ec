import { copyStore } from '../../../src/copy/copy-store.js';
import { SqliteCopyEnd } from '../../../src/store/sqlite/copy-end.js';

/**
 * A process that copies a store and kills itself when it hears of progress for the n-th time; 0: when all is
 * done, before it could say so. Arguments: the two files, n.
 */
const [from = '', to = '', reports = ''] = process.argv.slice(2);

let heard = 0;
await copyStore(new SqliteCopyEnd(from), new SqliteCopyEnd(to), () => {
  heard += 1;
  if (heard === Number(reports)) process.kill(process.pid, 'SIGKILL');
});
process.kill(process.pid, 'SIGKILL');
