import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coupons } from '../../support/command-line/cli.js';
import { testCluster, type TestCluster } from '../../support/broker/cluster.js';
import { temporaryDir } from '../../support/temporary-dir.js';

interface Report {
  readonly verdict: 'PASS' | 'FAIL';
  readonly checks: readonly {
    readonly name: string;
    readonly status: 'pass' | 'warn' | 'fail';
    readonly detail: string;
    readonly fix: string | null;
  }[];
}

let cluster: TestCluster;
const dir = temporaryDir();

beforeAll(async () => {
  cluster = await testCluster();
});

afterAll(() => cluster.stop());

async function examine(...args: readonly string[]) {
  const run = await coupons(['doctor', '-o', 'json', ...args], {
    env: { COUPONS_BROKERS: cluster.brokers, COUPONS_DATA_DIR: dir },
  });
  const report = run.json<Report>();
  const find = (name: string) => report.checks.find((check) => check.name === name);
  return { code: run.code, report, find };
}

const on = (args: string) =>
  coupons([...args.split(' '), '--brokers', cluster.brokers, '--data-dir', dir]);

test('from nothing to all well: each missing thing has its fix', async () => {
  const empty = await examine();
  expect(empty.code).toBe(3);
  expect(empty.report.verdict).toBe('FAIL');
  expect(empty.find('topic coupon-issue-requests')).toEqual({
    name: 'topic coupon-issue-requests',
    status: 'fail',
    code: 'TOPIC_MISSING',
    detail: 'does not exist',
    fix: 'coupons topics create --profile local',
  });
  expect(empty.find('store')).toMatchObject({
    status: 'warn',
    fix: 'coupons campaigns create 1 --stock 100',
  });

  // The fixes are what is typed next.
  for (const name of ['topic coupon-issue-requests', 'store', 'group']) {
    const fix = empty.find(name)?.fix?.replace('coupons ', '') ?? '';
    await on(fix.startsWith('consume') ? 'consume --until-drained' : fix);
  }
  await on('produce --coupon 1 --count 5');
  await on('consume --until-drained');
  const well = await examine();
  expect(well.report.checks.filter(({ status }) => status !== 'pass')).toEqual([]);
  expect(well.report.verdict).toBe('PASS');
  expect(well.code).toBe(0);
  expect(well.find('store')?.detail).toContain('integrity ok');
  expect(well.find('broker')?.detail).toMatch(/answers in [\d.]+ ms/);
});

test('a broker that is down is a finding, and the other checks still run', async () => {
  const { code, find, report } = await examine('--brokers', '127.0.0.1:1');
  expect(code).toBe(3);
  expect(find('broker')).toMatchObject({ status: 'fail', fix: 'coupons broker start --port 1' });
  expect(find('node')?.status).toBe('pass');
  expect(find('topics')?.detail).toContain('not checked');
  expect(report.checks.filter(({ status }) => status === 'fail')).toHaveLength(1);
});

test('TLS to a port that does not speak it is a finding, and the fix turns it off', async () => {
  const { code, find } = await examine('--tls');
  expect(code).toBe(3);
  expect(find('broker')).toMatchObject({ status: 'fail', fix: 'coupons doctor --no-tls' });
});

test('a store that is no database is a finding, and is left as it is', async () => {
  const store = join(dir, 'broken.db');
  writeFileSync(store, 'hello');
  const { code, find } = await examine('--store', store);
  expect(code).toBe(3);
  expect(find('store')).toMatchObject({
    status: 'fail',
    fix: 'name another file with --store; this one was not changed',
  });
  expect(find('broker')?.status).toBe('pass');
});

test('a store that another program keeps locked is a finding', async () => {
  const store = join(dir, 'locked.db');
  await on(`campaigns create 1 --stock 5 --store ${store}`);
  const holder = new Database(store);
  holder.exec('BEGIN IMMEDIATE');
  const { code, find } = await examine('--store', store);
  expect(code).toBe(3);
  expect(find('store')).toMatchObject({ status: 'fail', fix: `lsof ${store}` });
  expect(find('store')?.detail).toContain('another process keeps it locked');
  holder.close();
  expect((await examine('--store', store)).find('store')?.status).toBe('pass');
});

test('a log file that cannot be written is a finding', async () => {
  const dataDir = join(dir, 'elsewhere');
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  writeFileSync(join(dataDir, 'file'), '');
  const { find } = await examine('--data-dir', join(dataDir, 'file'));
  expect(find('log-file')?.status).toBe('fail');

  mkdirSync(join(dataDir, 'logs', 'application.log'));
  const { find: findAgain } = await examine('--data-dir', dataDir);
  expect(findAgain('log-file')).toMatchObject({ status: 'fail' });
});

test('people see a line a check, its fix below it, and the verdict last', async () => {
  const run = await coupons(['doctor', '--brokers', '127.0.0.1:1', '--data-dir', dir]);
  expect(run.code).toBe(3);
  expect(run.stdout).toMatch(
    /^fail {2}broker .*\n( {5,}\S.*\n)* +fix: coupons broker start --port 1 --data-dir \S+$/m,
  );
  expect(run.stdout.trimEnd().split('\n').at(-1)).toMatch(
    /^FAIL {2}\d+ failures? {2}\d+ not checked$/,
  );
});
