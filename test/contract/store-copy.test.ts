import { PostgresCopyEnd } from '../../src/store/postgres/copy-end.js';
import { SqliteCopyEnd } from '../../src/store/sqlite/copy-end.js';
import { usePostgres } from '../support/postgres.js';
import { copyContract, type Place } from './store/copy.js';
import { NOW_MS } from './store/log.js';
import { postgresSchemas } from './store/postgres-schemas.js';
import { sqliteFiles } from './store/sqlite-file.js';

const files = sqliteFiles();
const schemas = postgresSchemas(usePostgres());
const options = { clock: () => NOW_MS };

function newFile(): Place {
  const path = files.path();
  return { end: new SqliteCopyEnd(path), open: () => files.open(path, options) };
}

function newSchema(): Place {
  const target = schemas.target();
  return { end: new PostgresCopyEnd(target), open: () => schemas.open(target, options) };
}

copyContract('from SQLite to SQLite', newFile, newFile);
copyContract('from SQLite to PostgreSQL', newFile, newSchema);
copyContract('from PostgreSQL to SQLite', newSchema, newFile);
copyContract('from PostgreSQL to PostgreSQL', newSchema, newSchema);
