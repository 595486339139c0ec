import { backUp } from '../../../src/store/sqlite/copy/backup.js';

/** A process that backs a store up and kills itself when it hears of progress. Arguments: the two files. */
const [store = '', file = ''] = process.argv.slice(2);

await backUp(store, file, {
  replace: true,
  onProgress: () => {
    process.kill(process.pid, 'SIGKILL');
  },
});
