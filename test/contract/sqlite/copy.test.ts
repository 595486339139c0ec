import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/copy/copy-store.js';
import { SqliteCopyEnd } from '../../../src/store/sqlite/copy/copy-end.js';
import { openStore } from '../../../src/store/sqlite/open.js';
import { wholeOf } from '../../support/memory/copy-end.js';
import { makeVersion01Store } from '../../support/stores/version-0-1.js';
import { buildProgram, type Program } from '../store/child-process.js';
import { fill } from '../store/filled.js';
import { PartitionLog, request, TERMS } from '../store/log.js';
import { sqliteFiles, withDatabase } from '../store/sqlite-file.js';

const files = sqliteFiles();
const silent = () => undefined;

async function filledFile(): Promise<SqliteCopyEnd> {
  const path = files.path();
  await fill(files.open(path));
  return new SqliteCopyEnd(path);
}

describe('a process that is killed while it copies', () => {
  /** Pages of 1,000 outcomes, so that there are five reports of copying and five of verifying. */
  const OUTCOMES = 5000;

  let program: Program;
  beforeAll(() => void (program = buildProgram('copying-process')));
  afterAll(() => program.killAll());

  it.each([1, 3, 5, 6, 10])('leaves no store (at report %i)', async (reports) => {
    const [from, to] = [await manyOutcomes(OUTCOMES), new SqliteCopyEnd(files.path())];

    await killed(program, from, to, reports);

    expect(existsSync(to.name)).toBe(false);
    const left = `${to.name}.unfinished`;
    expect(() => openStore(left, { mode: 'read-only' })).toThrow(/STORE|store/);

    await copyStore(from, to, silent);

    expect(await wholeOf(to)).toEqual(await wholeOf(from));
    expect(readdirSync(dirname(to.name))).toEqual(['coupons.db']);
  });

  it('once all is done leaves the copy, and the same command finds it', async () => {
    const [from, to] = [await manyOutcomes(OUTCOMES), new SqliteCopyEnd(files.path())];

    await killed(program, from, to, 0);

    expect(await copyStore(from, to, silent)).toMatchObject({ isCopied: false });
    expect(await wholeOf(to)).toEqual(await wholeOf(from));
  });

  async function manyOutcomes(count: number): Promise<SqliteCopyEnd> {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, { ...TERMS, totalQuantity: count / 2 });
    const users = Array.from({ length: count }, (_, index) => request(1, index + 1));
    await new PartitionLog(store).apply(...users);
    return new SqliteCopyEnd(path);
  }
});

async function killed(program: Program, from: SqliteCopyEnd, to: SqliteCopyEnd, reports: number) {
  const child = program.start(from.name, to.name, reports);
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
}

describe('a place that is not free', () => {
  it.each([
    ['a file of another program', 'coupons.db', 'hello'],
    ['an empty file', 'coupons.db', ''],
    ['the log of a store that was there', 'coupons.db-wal', 'a log'],
  ])('%s is left as it is', async (_, name, text) => {
    const to = new SqliteCopyEnd(files.path());
    const there = `${dirname(to.name)}/${name}`;
    writeFileSync(there, text);

    const copying = to.create(() => Promise.resolve());

    await expect(copying).rejects.toMatchObject({ code: 'STORE_EXISTS' });
    expect(readFileSync(there, 'utf8')).toBe(text);
    expect(readdirSync(dirname(to.name))).toEqual([name]);
  });

  it('a store that came meanwhile is not replaced', async () => {
    const from = await filledFile();
    const to = new SqliteCopyEnd(files.path());
    const { head } = await wholeOf(from);

    const copying = to.create(async (store) => {
      await store.putHead(head);
      files.open(to.name);
    });

    await expect(copying).rejects.toMatchObject({ code: 'STORE_EXISTS' });
    expect((await wholeOf(to)).head.campaigns).toEqual([]);
  });

  it('of two copies to one place only one is kept, and it is whole', async () => {
    const from = await filledFile();
    const to = new SqliteCopyEnd(files.path());

    const copies = [copyStore(from, to, silent), copyStore(from, to, silent)];

    const results = await Promise.allSettled(copies);
    expect(results.map(({ status }) => status)).toContain('rejected');
    if (!(await to.exists())) await copyStore(from, to, silent);
    expect(await wholeOf(to)).toEqual(await wholeOf(from));
  });
});

describe('a source that can not be copied', () => {
  it('is a store of version 0.1 until it is migrated', async () => {
    const path = files.path();
    makeVersion01Store(path);

    const copying = copyStore(new SqliteCopyEnd(path), new SqliteCopyEnd(files.path()), silent);

    await expect(copying).rejects.toMatchObject({ code: 'STORE_OLDER_VERSION', exitCode: 4 });
  });

  it.each([
    ['a coupon is missing', 'DELETE FROM applied_record WHERE sequence = 2'],
    ['a coupon was added', 'UPDATE applied_record SET sequence = sequence + 1 WHERE sequence = 6'],
  ])('is one that contradicts itself: %s', async (_, sql) => {
    const from = await filledFile();
    files.client(from.name).exec(sql);
    const to = new SqliteCopyEnd(files.path());

    const copying = copyStore(from, to, silent);

    await expect(copying).rejects.toMatchObject({ code: 'STORE_INCONSISTENT', exitCode: 4 });
    expect(await to.exists()).toBe(false);
  });

  it('is one whose rows break the rules of a store', async () => {
    const from = await filledFile();
    files.client(from.name).exec(`
      DROP INDEX applied_record_claim;
      INSERT INTO applied_record (coupon_id, user_id, event_id, outcome, log_id, "offset", timestamp_ms)
      SELECT coupon_id, user_id, event_id, outcome, log_id, "offset", timestamp_ms
      FROM applied_record WHERE outcome = 6`);

    const copying = copyStore(from, new SqliteCopyEnd(files.path()), silent);

    await expect(copying).rejects.toMatchObject({ code: 'STORE_INCONSISTENT', exitCode: 4 });
  });
});

it('the copy has the tables and indexes that a new store has', async () => {
  const from = await filledFile();
  const [to, created] = [new SqliteCopyEnd(files.path()), files.path()];
  await copyStore(from, to, silent);
  files.open(created);

  const schemaOf = (path: string) =>
    withDatabase(path, (db) =>
      db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all(),
    );

  expect(schemaOf(to.name)).toEqual(schemaOf(created));
});

it('a copied file without its write-ahead log is older: what it lacks is in no table of it', async () => {
  const from = await filledFile();
  const copy = files.path();

  copyFileSync(from.name, copy);

  // What a plain `cp` gives while a consumer has the file open; docs/store.md warns of it.
  expect(() => openStore(copy, { mode: 'read-only' })).toThrow('the file has no tables');
});
