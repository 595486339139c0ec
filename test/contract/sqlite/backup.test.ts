import { once } from 'node:events';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { SCHEMA_VERSION } from '../../../src/store/sqlite/migrations/migrations.js';
import { backUp } from '../../../src/store/sqlite/copy/backup.js';
import { SqliteCopyEnd } from '../../../src/store/sqlite/copy/copy-end.js';
import { wholeOf } from '../../support/memory/copy-end.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { makeVersion01Store } from '../../support/stores/version-0-1.js';
import { buildProgram } from '../store/child-process.js';
import { fill } from '../store/filled.js';
import { PartitionLog, request } from '../store/log.js';
import { sqliteFiles, withDatabase } from '../store/sqlite-file.js';

const files = sqliteFiles();
const toNewFile = { replace: false, onProgress: () => undefined };
const replacing = { ...toNewFile, replace: true };

async function filledFile(): Promise<string> {
  const path = files.path();
  await fill(files.open(path));
  return path;
}

const contentsOf = (path: string) => wholeOf(new SqliteCopyEnd(path));

it('it holds what is only in the write-ahead log yet, in one file', async () => {
  const store = await filledFile();
  const file = files.path();

  const backup = await backUp(store, file, toNewFile);

  expect(await contentsOf(file)).toEqual(await contentsOf(store));
  expect(backup).toEqual({
    ...{ store, file, sizeBytes: statSync(file).size, schemaVersion: SCHEMA_VERSION },
    ...{ campaigns: 3, outcomes: (await contentsOf(store)).records.length },
  });
  expect(readdirSync(dirname(file))).toEqual(['coupons.db']);
});

it('it is one state, whatever is written meanwhile', async () => {
  const store = await filledFile();
  const client = files.client(store);
  client.exec('CREATE TABLE large AS SELECT zeroblob(20000000)');
  const before = await contentsOf(store);
  const file = files.path();
  const turns: number[] = [];

  await backUp(store, file, {
    replace: false,
    onProgress: ({ bytes }) => {
      turns.push(bytes);
      client.exec("UPDATE campaign SET name = 'changed'; DELETE FROM replayed_letter");
    },
  });

  expect(turns.length).toBeGreaterThan(2);
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
  expect(await contentsOf(file)).toEqual(before);
});

it('a group goes on in it', async () => {
  const store = await filledFile();
  const file = files.path();
  await backUp(store, file, toNewFile);

  const log = new PartitionLog(files.open(file), { partition: 4 });

  expect(await log.outcomes(request(1, 1), request(1, 500))).toEqual(['DUPLICATE', 'SOLD_OUT']);
});

it('a store of version 0.1 is backed up as it is, before it is migrated', async () => {
  const [store, file] = [files.path(), files.path()];
  makeVersion01Store(store);

  expect(await backUp(store, file, toNewFile)).toMatchObject({ schemaVersion: 3, outcomes: 0 });

  expect(withDatabase(file, (db) => db.pragma('user_version', { simple: true }))).toBe(3);
});

it('a file that is there is replaced only where that was asked for', async () => {
  const [store, file] = [await filledFile(), files.path()];
  writeFileSync(file, 'the backup of yesterday');

  await expect(backUp(store, file, toNewFile)).rejects.toMatchObject({ code: 'STORE_EXISTS' });
  expect(readFileSync(file, 'utf8')).toBe('the backup of yesterday');

  const link = join(temporaryDir(), 'latest.db');
  symlinkSync(file, link);
  await backUp(store, link, replacing);
  expect(await contentsOf(file)).toEqual(await contentsOf(store));
});

it('neither the store itself is replaced, nor another one in use', async () => {
  const [store, other] = [await filledFile(), await filledFile()];
  const before = await contentsOf(other);
  const link = join(temporaryDir(), 'link.db');
  symlinkSync(store, link);

  for (const file of [store, link]) {
    await expect(backUp(store, file, replacing)).rejects.toMatchObject({ code: 'USAGE' });
  }
  await expect(backUp(store, other, replacing)).rejects.toMatchObject({ code: 'STORE_EXISTS' });

  expect(await contentsOf(other)).toEqual(before);
});

it('of a damaged store no backup is kept, and the one before stays', async () => {
  const [store, file] = [await filledFile(), files.path()];
  files.client(store).pragma('wal_checkpoint(TRUNCATE)');
  await backUp(store, file, toNewFile);
  const before = await contentsOf(file);
  overwritePage(store, 5);

  await expect(backUp(store, file, replacing)).rejects.toMatchObject({
    ...{ code: 'STORE_CORRUPT', exitCode: 4 },
  });

  expect(await contentsOf(file)).toEqual(before);
  expect(readdirSync(dirname(file))).toEqual(['coupons.db']);
});

it('a process that is killed leaves the backup before it, and the next one tidies up', async () => {
  const program = buildProgram('backing-up-process');
  const [store, file] = [await filledFile(), files.path()];
  await backUp(store, file, toNewFile);
  const before = await contentsOf(file);
  files.client(store).exec('CREATE TABLE large AS SELECT zeroblob(20000000)');

  const child = program.start(store, file);
  await once(child, 'close');

  expect(child.signalCode).toBe('SIGKILL');
  expect(await contentsOf(file)).toEqual(before);
  expect(readdirSync(dirname(file))).toContain('coupons.db.unfinished');
  await backUp(store, file, replacing);
  expect(readdirSync(dirname(file))).toEqual(['coupons.db']);
  expect(statSync(file).size).toBeGreaterThan(20_000_000);
});

it('what can not be written says so, and leaves nothing', async () => {
  const store = await filledFile();
  const file = join(store, 'not-a-directory', 'coupons.db');

  await expect(backUp(store, file, toNewFile)).rejects.toMatchObject({
    ...{ code: 'CANNOT_WRITE_FILE', exitCode: 1 },
  });
});

const PAGE_BYTES = 4096;

function overwritePage(path: string, page: number): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(PAGE_BYTES, 0xff), 0, PAGE_BYTES, page * PAGE_BYTES);
  closeSync(fd);
}
