import { describe, expect, test } from 'vitest';
import { checkText } from '../../../src/words/en/doctor/check-text.js';
import { doctorDocument } from '../../../src/cli/doctor/document.js';
import {
  checkBrokers,
  checkGroup,
  checkLogin,
  checkTransactions,
} from '../../../src/doctor/cluster-checks.js';
import { checkClock } from '../../../src/doctor/clock-check.js';
import { checkDisk, checkPackages } from '../../../src/doctor/machine-checks.js';
import { checkStore, checkStoreServer } from '../../../src/doctor/store-checks.js';
import type { Failure } from '../../../src/errors.js';
import { HEALTHY_STORE as store } from '../doctor/store-health.js';

const failure = (code: string): Failure => ({ code, message: 'It is broken.', hint: 'Fix it.' });

test('the document has the code of a check beside its words', () => {
  const checks = [checkDisk('/data', 0)];
  expect(doctorDocument(checks, (command) => `${command} --pasted`)).toEqual({
    verdict: 'FAIL',
    checks: [
      {
        name: 'disk',
        status: 'fail',
        code: 'DISK_FULL',
        detail: '0 B free at /data',
        fix: 'df -h /data --pasted',
      },
    ],
  });
});

describe('this machine', () => {
  test.each([
    ['missing', null, 'coupons campaigns create'],
    ['of an older version', { ...store, schemaVersion: 1 }, 'coupons store migrate'],
    ['empty', { ...store, schemaVersion: 0, sizeBytes: 0 }, 'coupons campaigns create'],
    ['with a large log', { ...store, writeAheadLogBytes: 1e9 }, 'lsof /s.db'],
    ['locked', { ...store, isLocked: true }, 'lsof /s.db'],
    ['locked for readers too', failure('STORE_BUSY'), 'lsof /s.db'],
    ['damaged', { ...store, damages: ['page 3'] }, 'newest backup'],
    ['corrupt', failure('STORE_CORRUPT'), 'newest backup'],
    ['of a newer version', failure('STORE_NEWER_VERSION'), 'another store'],
    ['no database', failure('STORE_NOT_A_DATABASE'), 'name another file with --store'],
    ['not allowed', failure('STORE_CANNOT_OPEN'), 'ls -ld /s.db'],
  ] as const)('a store that is %s has a fix', (_name, seen, fix) => {
    expect(checkText(checkStore('/s.db', seen, null)).fix).toContain(fix);
  });

  test('nothing to fix where all is well', () => {
    expect(checkText(checkStore('/s.db', store, null)).fix).toBeNull();
  });

  test('a fix can be pasted, whatever the paths are', () => {
    const path = "/my data/ann's.db";
    expect(
      [
        checkStore(path, store, 'EROFS'),
        checkStore(path, failure('STORE_CANNOT_OPEN'), null),
        checkDisk('/my data', 0),
      ].map((check) => checkText(check).fix),
    ).toEqual([
      `ls -ld '/my data' '/my data/ann'\\''s.db'`,
      `ls -ld '/my data/ann'\\''s.db'`,
      "df -h '/my data'",
    ]);
  });

  test('a store that can only be read: the reason of the operating system', () => {
    expect(checkText(checkStore('/d/s.db', null, 'EROFS: read-only file system'))).toEqual({
      detail: '/d/s.db cannot be written: EROFS: read-only file system',
      fix: 'ls -ld /d /d/s.db',
    });
  });

  test('packages that are not the pinned ones', () => {
    const kafkajs = { name: 'kafkajs', wanted: '2.2.4', version: '2.2.3' };
    expect(checkText(checkPackages('0.1.0', [kafkajs], '3.53.2', '/opt/coupons'))).toEqual({
      detail: 'kafkajs is 2.2.3, and must be 2.2.4',
      fix: 'npm install --prefix /opt/coupons',
    });
  });
});

describe('a store on PostgreSQL', () => {
  const url = 'postgres://issuer@db-1:5432/sale?schema=coupons';
  const server = {
    version: '18.4',
    majorVersion: 18,
    isStandby: false,
    unsafeSettings: [],
    missingPrivileges: [],
    connections: 7,
    connectionLimit: 97,
    clockAheadMs: 3,
    tls: 'TLSv1.3',
  };
  const seen = {
    schemaVersion: 1,
    latestSchemaVersion: 1,
    damages: [],
    isLocked: false,
    sizeBytes: 8192,
    writeAheadLogBytes: 0,
    server,
  };

  test('is named by its URL, beside its server', () => {
    expect(checkText(checkStore(url, seen, null)).detail).toBe(`${url}: schema 1, 8.0 KiB`);
    expect(checkText(checkStoreServer(server))).toEqual({
      detail: 'PostgreSQL 18.4, TLSv1.3, 7 of 97 connections in use',
      fix: null,
    });
  });

  test('that fails has the hint of its failure for a fix: no file can be looked at', () => {
    const check = checkStore(url, failure('STORE_LOGIN_REFUSED'), null);
    expect(checkText(check)).toEqual({ detail: 'It is broken.', fix: 'Fix it.' });
  });

  test('whose tables a user may not write has the statements that grant it', () => {
    const missingPrivileges = [
      { privilege: 'INSERT', table: 's.campaign', user: 'app' },
      { privilege: 'UPDATE', table: 's.campaign', user: 'app' },
      { privilege: 'INSERT', table: 's.applied_record', user: 'app' },
    ];
    const check = checkStore(url, { ...seen, server: { ...server, missingPrivileges } }, null);
    expect(check).toMatchObject({ status: 'fail', code: 'STORE_PRIVILEGES_MISSING' });
    expect(checkText(check).fix).toContain(
      'GRANT INSERT, UPDATE ON s.campaign TO app; GRANT INSERT ON s.applied_record TO app;',
    );
  });

  test.each([
    ['older than 13', { version: '12.22', majorVersion: 12 }, 'fail', 'PostgreSQL 12.22 is older'],
    ['a standby', { isStandby: true }, 'fail', 'takes no writes'],
    ['not durable', { unsafeSettings: ['fsync'] }, 'warn', 'fsync is off: a crash of the server'],
    ['nearly full', { connections: 90 }, 'warn', '90 of 97 connections'],
    ['ahead', { clockAheadMs: 5000 }, 'warn', 'is 5.0 s ahead of'],
    ['behind', { clockAheadMs: -5000 }, 'warn', 'is 5.0 s behind'],
  ] as const)('on a server that is %s', (_name, change, status, detail) => {
    const check = checkStoreServer({ ...server, ...change });
    expect(check.status).toBe(status);
    expect(checkText(check).detail).toContain(detail);
    expect(checkText(check).fix).not.toBeNull();
  });
});

describe('the cluster', () => {
  const near = { address: 'a:1', answer: { connectMs: 1, answerMs: 1 } };
  const gone = { address: 'b:1', answer: failure('BROKER_UNREACHABLE') };

  test('each broker with how fast it answers, or why it does not', () => {
    expect(checkText(checkBrokers([near, gone])).detail).toBe(
      'a:1 answers in 1.0 ms, 1.0 ms to connect; It is broken.',
    );
    expect(checkText(checkBrokers([gone, near])).detail).toBe(
      'It is broken; a:1 answers in 1.0 ms, 1.0 ms to connect',
    );
    expect(checkText(checkBrokers([gone]))).toEqual({
      detail: 'It is broken. Fix it.',
      fix: 'coupons context show',
    });
  });

  test.each([
    ['localhost:9092', 'coupons broker start'],
    ['127.0.0.1:9192', 'coupons broker start --port 9192'],
    ['[::1]:9092', 'coupons broker start'],
    ['kafka.example.com:9092', 'coupons context show'],
  ])('no answer from %s: %s', (address, fix) => {
    expect(checkText(checkBrokers([{ ...gone, address }])).fix).toBe(fix);
  });

  test.each([
    // Which certificate or name is wrong, the hint of the failure says.
    ['TLS_FAILED', 'Fix it.'],
    ['TLS_NOT_OFFERED', 'coupons doctor --no-tls'],
    ['CONNECTION_CLOSED', 'coupons doctor --tls'],
    ['BROKER_TIMEOUT', 'coupons context show'],
    ['AUTHENTICATION_FAILED', 'coupons context show'],
  ])('a login that fails with %s: %s', (code, fix) => {
    expect(checkText(checkLogin(failure(code))).fix).toBe(fix);
  });

  test('a fix names the group that was asked about', () => {
    const group = { group: 'g', state: 'Stable', members: 3, partitions: 3, lag: 5n };
    const empty = checkGroup({ ...group, group: "ann's", state: 'Empty', members: 0 });
    expect(checkText(empty).fix).toBe("coupons consume --concurrency 3 --group 'ann'\\''s'");
    const wide = checkGroup({ ...group, members: 0, partitions: 1000 });
    expect(checkText(wide).fix).toBe('coupons consume --concurrency 12 --group g');
    const without = checkGroup({ ...group, members: 0, partitions: null, lag: null });
    expect(checkText(without).fix).toBe('coupons consume --group g');
    const rebalancing = checkGroup({ ...group, state: 'PreparingRebalance' });
    expect(checkText(rebalancing).fix).toBe('coupons lag --group g');
  });
});

test('clocks: it says which records were looked at', () => {
  const nowMs = 1_795_739_916_004;
  const topics = [{ topic: 'requests', newestMs: nowMs - 3000, clock: 'producer' as const }];
  expect(checkText(checkClock({ topics, letter: null }, nowMs)).detail).toBe(
    'not dated in the future: the last records of requests (the newest is 3.0 s old, dated by its producer). Older records were not looked at.',
  );
});

test('no fix installs a package by a name that is not ours', () => {
  const fix = checkText(checkStore('/s.db', failure('STORE_NEWER_VERSION'), null)).fix;
  expect(fix).not.toContain('install');
});

test('an open transaction comes with the command that shows its producer', () => {
  const open = { topic: 't', partition: 2, sinceOffset: 5n, records: 7 };
  expect(checkText(checkTransactions([open], ['a:1', 'b:2']))).toEqual({
    detail:
      '7 records wait behind a transaction that is open in t partition 2 since offset 5: no consumer can read them before it ends',
    fix: 'kafka-transactions --bootstrap-server a:1,b:2 describe-producers --topic t --partition 2',
  });
});
