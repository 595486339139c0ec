import { SqliteCopyEnd } from '../../src/store/sqlite/copy-end.js';
import { copyContract, type Place } from './store/copy.js';
import { NOW_MS } from './store/log.js';
import { sqliteFiles } from './store/sqlite-file.js';

const files = sqliteFiles();

function newFile(): Place {
  const path = files.path();
  return { end: new SqliteCopyEnd(path), open: () => files.open(path, { clock: () => NOW_MS }) };
}

copyContract('from SQLite to SQLite', newFile, newFile);
