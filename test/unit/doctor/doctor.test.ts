import { describe, expect, test } from 'vitest';
import { fail, pass, reportOf, warn, type Trouble } from '../../../src/doctor/doctor.js';
import {
  checkApis,
  checkBrokers,
  checkClock,
  checkGroup,
  checkTransactions,
  checkLogin,
  checkTopic,
  type TopicObservation,
} from '../../../src/doctor/cluster.js';
import {
  checkDisk,
  checkKafkaUi,
  checkLogFile,
  checkNode,
  checkPackages,
  checkStore,
} from '../../../src/doctor/machine.js';

const trouble = (code: string): Trouble => ({ code, message: 'It is broken.', hint: 'Mend it.' });

test('a warning leaves the verdict at PASS, a failure does not', () => {
  expect(reportOf([pass('a', ''), warn('b', '', null)]).verdict).toBe('PASS');
  expect(reportOf([pass('a', ''), fail('b', '', null)]).verdict).toBe('FAIL');
});

describe('this machine', () => {
  test.each([
    ['18.20.4', 'fail'],
    ['20.18.9', 'fail'],
    ['20.19.0', 'pass'],
    ['22.1.0', 'pass'],
    ['24.0.0', 'pass'],
  ])('Node %s: %s', (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });

  const installed = { name: 'kafkajs', wanted: '2.2.4', version: '2.2.4' };

  test.each([
    ['all there', [installed], '3.53.2', 'pass', null],
    ['one missing', [{ ...installed, version: null }], '3.53.2', 'fail', 'npm ci'],
    ['another than the pinned one', [{ ...installed, version: '2.2.3' }], '3', 'fail', 'npm ci'],
    ['a range is not pinned', [{ ...installed, wanted: '^2.0.0' }], '3', 'pass', null],
    [
      'SQLite made for another Node',
      [installed],
      trouble('INTERNAL'),
      'fail',
      'npm rebuild better-sqlite3',
    ],
  ] as const)('packages, %s', (_name, packages, sqlite, status, fix) => {
    expect(checkPackages('0.1.0', packages, sqlite)).toMatchObject({ status, fix });
  });

  const store = {
    schemaVersion: 2,
    latestSchemaVersion: 2,
    damages: [],
    isLocked: false,
    sizeBytes: 1,
  };

  test.each([
    ['none yet', null, 'warn', 'coupons campaigns create'],
    ['fine', store, 'pass', null],
    ['of an older version', { ...store, schemaVersion: 1 }, 'warn', 'coupons consume'],
    ['empty', { ...store, schemaVersion: 0, sizeBytes: 0 }, 'warn', 'coupons campaigns create'],
    ['locked', { ...store, isLocked: true }, 'fail', 'lsof /s.db'],
    ['locked for readers too', trouble('STORE_BUSY'), 'fail', 'lsof /s.db'],
    ['damaged', { ...store, damages: ['page 3'] }, 'fail', 'sqlite3 /s.db .recover'],
    ['corrupt', trouble('STORE_CORRUPT'), 'fail', 'sqlite3 /s.db .recover'],
    ['of a newer version', trouble('STORE_NEWER_VERSION'), 'fail', 'npm install'],
    ['no database', trouble('STORE_NOT_A_DATABASE'), 'fail', 'coupons doctor --store'],
    ['not allowed', trouble('STORE_CANNOT_OPEN'), 'fail', 'ls -l /s.db'],
  ] as const)('a store that is %s', (_name, seen, status, fix) => {
    const check = checkStore('/s.db', seen, null);
    expect(check.status).toBe(status);
    if (fix === null) expect(check.fix).toBeNull();
    else expect(check.fix).toContain(fix);
  });

  test('a fix can be pasted, whatever the paths are', () => {
    const path = "/my data/ann's.db";
    expect([
      checkStore(path, { ...store, damages: ['page 3'] }, null).fix,
      checkStore(path, store, 'EROFS').fix,
      checkStore(path, trouble('STORE_CANNOT_OPEN'), null).fix,
      checkDisk('/my data', 0).fix,
    ]).toEqual([
      `sqlite3 '/my data/ann'\\''s.db' .recover | sqlite3 '/my data/ann'\\''s.db.recovered'`,
      `ls -ld '/my data' '/my data/ann'\\''s.db'`,
      `ls -l '/my data/ann'\\''s.db'`,
      "df -h '/my data'",
    ]);
  });

  test('a store that can only be read', () => {
    for (const seen of [store, null]) {
      const check = checkStore('/d/s.db', seen, 'EROFS: read-only file system');
      expect(check).toMatchObject({ status: 'fail', fix: 'ls -ld /d /d/s.db' });
      expect(check.detail).toContain('EROFS');
    }
  });

  test.each([
    [50 * 2 ** 20, 'fail'],
    [500 * 2 ** 20, 'warn'],
    [5 * 2 ** 30, 'pass'],
  ])('%s bytes of free disk: %s', (free, status) => {
    expect(checkDisk('/data', free).status).toBe(status);
  });

  test('a log that cannot be written fails, and says why', () => {
    expect(checkLogFile('/l', null).status).toBe('pass');
    expect(checkLogFile('/l', 'EACCES')).toMatchObject({
      status: 'fail',
      detail: '/l cannot be written: EACCES',
    });
  });

  test.each([
    [null, 'pass'],
    [200, 'pass'],
    [401, 'pass'],
    [503, 'warn'],
  ])('Kafka UI with status %s never fails: %s', (status, expected) => {
    expect(checkKafkaUi('http://ui', status).status).toBe(expected);
  });
});

describe('the cluster', () => {
  const near = { address: 'a:1', answer: { connectMs: 1, answerMs: 1 } };
  const gone = { address: 'b:1', answer: trouble('BROKER_UNREACHABLE') };

  test('one broker that answers is enough, each that does not is told', () => {
    expect(checkBrokers([near]).status).toBe('pass');
    expect(checkBrokers([near, gone])).toMatchObject({
      status: 'warn',
      detail: 'a:1 answers in 1.0 ms, 1.0 ms to connect; It is broken.',
    });
    expect(checkBrokers([{ ...near, answer: { connectMs: 1, answerMs: 501 } }]).status).toBe(
      'warn',
    );
    expect(checkBrokers([gone])).toMatchObject({
      status: 'fail',
      detail: 'It is broken. Mend it.',
      fix: 'coupons context show',
    });
  });

  test.each([
    ['localhost:9092', 'coupons broker start'],
    ['127.0.0.1:9192', 'coupons broker start --port 9192'],
    ['[::1]:9092', 'coupons broker start'],
    ['kafka.example.com:9092', 'coupons context show'],
  ])('nobody at %s: %s', (address, fix) => {
    expect(checkBrokers([{ ...gone, address }]).fix).toBe(fix);
  });

  test.each([
    ['TLS_FAILED', 'coupons doctor --tls-ca <file>'],
    ['TLS_NOT_OFFERED', 'coupons doctor --no-tls'],
    ['CONNECTION_CLOSED', 'coupons doctor --tls'],
    ['BROKER_TIMEOUT', 'coupons context show'],
    ['AUTHENTICATION_FAILED', 'coupons context show'],
  ])('no way in for %s: %s', (code, fix) => {
    expect(checkLogin(trouble(code))).toMatchObject({ status: 'fail', fix });
  });

  test('a plain password without TLS is warned of, except on this machine', () => {
    const login = { brokers: 1, mechanism: 'plain', tls: false, isLocal: false };
    expect(checkLogin(login).status).toBe('warn');
    expect(checkLogin({ ...login, isLocal: true }).status).toBe('pass');
    expect(checkLogin({ ...login, tls: true }).status).toBe('pass');
    expect(checkLogin({ ...login, mechanism: 'scram-sha-512' }).status).toBe('pass');
  });

  const all = Array.from({ length: 40 }, (_unused, apiKey) => ({
    apiKey,
    minVersion: 0,
    maxVersion: 9,
  }));
  const without = (apiKey: number) => all.filter((each) => each.apiKey !== apiKey);

  test('a missing API fails where nothing works without it, else warns', () => {
    expect(checkApis(all).status).toBe('pass');
    expect(checkApis(without(0))).toMatchObject({
      status: 'fail',
      detail: 'the broker lacks Produce in a version that we speak',
    });
    expect(checkApis(without(21)).status).toBe('warn');
    const tooNew = all.map((each) => (each.apiKey === 1 ? { ...each, minVersion: 12 } : each));
    expect(checkApis(tooNew).detail).toContain('Fetch');
  });

  const partition = { partition: 0, leader: 1, replicas: [1, 2], isr: [1, 2], endOffset: 0n };
  const topic: TopicObservation = {
    name: 't',
    exists: true,
    differences: [],
    partitions: [partition],
    minInSyncReplicas: 1,
  };
  const difference = (property: string, expected: string, actual: string | null) => ({
    ...topic,
    differences: [{ property, expected, actual, mend: 'the command' }],
  });

  test.each([
    ['is as it should be', topic, 'pass', null],
    ['is missing', { ...topic, exists: false }, 'fail', 'coupons topics create --profile local'],
    [
      'has a partition without a leader',
      { ...topic, partitions: [{ ...partition, leader: null }] },
      'fail',
      'coupons topics describe t',
    ],
    [
      'has a leader that does not answer',
      { ...topic, partitions: [{ ...partition, endOffset: null }] },
      'fail',
      'coupons topics describe t',
    ],
    [
      'takes nothing for want of replicas',
      { ...topic, minInSyncReplicas: 2, partitions: [{ ...partition, isr: [1] }] },
      'fail',
      'coupons topics describe t',
    ],
    [
      'is under-replicated',
      { ...topic, partitions: [{ ...partition, isr: [1] }] },
      'warn',
      'coupons topics describe t',
    ],
    ['has too few partitions', difference('partitions', '6', '3'), 'warn', 'the command'],
    ['has more partitions than it needs', difference('partitions', '3', '12'), 'pass', null],
    ['has another retention', difference('retention.ms', '1', null), 'warn', 'the command'],
  ] as const)('a topic that %s', (_name, seen, status, fix) => {
    expect(checkTopic(seen, 'local')).toMatchObject({ status, fix });
  });

  const group = { group: 'g', state: 'Stable', members: 3, lag: 5n };

  test.each([
    ['works', group, 'pass'],
    ['rebalances', { ...group, state: 'PreparingRebalance' }, 'warn'],
    ['has lag and nobody in it', { ...group, state: 'Empty', members: 0 }, 'warn'],
    ['is done', { ...group, state: 'Empty', members: 0, lag: 0n }, 'pass'],
    ['never was', { ...group, state: 'Dead', members: 0, lag: 0n }, 'warn'],
    ['cannot be asked', trouble('GROUP_AUTHORIZATION_FAILED'), 'fail'],
  ] as const)('a group that %s', (_name, seen, status) => {
    expect(checkGroup(seen).status).toBe(status);
  });

  test('a fix speaks of the group that was asked about', () => {
    const empty = { ...group, group: "ann's", state: 'Empty', members: 0 };
    expect(checkGroup(empty).fix).toBe("coupons consume --concurrency 3 --group 'ann'\\''s'");
    const rebalancing = { ...group, state: 'PreparingRebalance' };
    expect(checkGroup(rebalancing).fix).toBe('coupons lag --group g');
  });

  test('a transaction that stays open is named, with the command that shows its producer', () => {
    expect(checkTransactions([], ['a:1']).status).toBe('pass');
    const open = { topic: 't', partition: 2, sinceOffset: 5n, records: 7 };
    const check = checkTransactions([open], ['a:1', 'b:2']);
    expect(check.status).toBe('warn');
    expect(check.detail).toContain(
      '7 records wait behind a transaction that is open in t partition 2',
    );
    expect(check.fix).toBe(
      'kafka-transactions --bootstrap-server a:1,b:2 describe-producers --topic t --partition 2',
    );
  });

  test('a record from the future tells of a wrong clock', () => {
    expect(checkClock(null, 0).status).toBe('pass');
    expect(checkClock(trouble('PARTITION_OFFLINE'), 0).status).toBe('warn');
    expect(checkClock(2000, 0).status).toBe('pass');
    expect(checkClock(2001, 0).status).toBe('warn');
  });
});
