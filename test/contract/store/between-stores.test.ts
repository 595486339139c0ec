import { PostgresCopyEnd } from '../../../src/store/postgres/copy/copy-end.js';
import { SqliteCopyEnd } from '../../../src/store/sqlite/copy/copy-end.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { copyContract, type Place } from './copy.js';
import { NOW_MS } from './log.js';
import { postgresSchemas } from './postgres-schemas.js';
import { sqliteFiles } from './sqlite-file.js';

const files = sqliteFiles();
const schemas = postgresSchemas(usePostgres());
const olderSchemas = postgresSchemas(usePostgres({ version: 15 }));
const options = { clock: () => NOW_MS };

function newFile(): Place {
  const path = files.path();
  return { end: new SqliteCopyEnd(path), open: () => files.open(path, options) };
}

function newSchema(): Place {
  return inSchema(schemas);
}

function newOlderSchema(): Place {
  return inSchema(olderSchemas);
}

function inSchema({ target, open }: typeof schemas): Place {
  const place = target();
  return { end: new PostgresCopyEnd(place), open: () => open(place, options) };
}

copyContract('from SQLite to SQLite', newFile, newFile);
copyContract('from SQLite to PostgreSQL', newFile, newSchema);
copyContract('from PostgreSQL to SQLite', newSchema, newFile);
copyContract('from PostgreSQL 18 to PostgreSQL 15', newSchema, newOlderSchema);
