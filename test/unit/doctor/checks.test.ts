import { checkClock, type DatedLetter } from '../../../src/doctor/clock-check.js';
import { describe, expect, test } from 'vitest';
import {
  fail,
  hasLooked,
  pass,
  verdictOf,
  warn,
  type StoreOfGroup,
} from '../../../src/doctor/check.js';
import type { Failure } from '../../../src/errors.js';
import {
  checkApis,
  checkBrokers,
  checkGroup,
  checkLogin,
  checkStoreOfGroup,
  checkTopic,
  checkTransactions,
  type TopicObservation,
} from '../../../src/doctor/cluster-checks.js';
import {
  checkDisk,
  checkKafkaUi,
  checkLogFile,
  checkNode,
  checkPackages,
} from '../../../src/doctor/machine-checks.js';
import { checkStore } from '../../../src/doctor/store-checks.js';
import { HEALTHY_STORE as store } from './store-health.js';

const failure = (code: string): Failure => ({ code, message: 'It is broken.', hint: 'Fix it.' });
const NOT_CHECKED = { code: 'NOT_CHECKED' } as const;

test('a warning leaves the verdict at PASS, a failure does not', () => {
  expect(verdictOf([pass('a', NOT_CHECKED), warn('b', NOT_CHECKED)])).toBe('PASS');
  expect(verdictOf([pass('a', NOT_CHECKED), fail('b', NOT_CHECKED)])).toBe('FAIL');
});

const MIB = 2 ** 20;

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
    ['all there', [installed], '3.53.2', 'pass', 'PACKAGES_OK'],
    ['one missing', [{ ...installed, version: null }], '3.53.2', 'fail', 'PACKAGES_MISSING'],
    [
      'another than the pinned one',
      [{ ...installed, version: '2.2.3' }],
      '3',
      'fail',
      'PACKAGES_NOT_AS_PINNED',
    ],
    ['a range is not pinned', [{ ...installed, wanted: '^2.0.0' }], '3', 'pass', 'PACKAGES_OK'],
    [
      'SQLite built for another Node',
      [installed],
      failure('INTERNAL'),
      'fail',
      'SQLITE_DOES_NOT_LOAD',
    ],
  ] as const)('packages, %s', (_name, packages, sqlite, status, code) => {
    expect(checkPackages('0.1.0', packages, sqlite, '/opt/coupons')).toMatchObject({
      status,
      code,
    });
  });

  test.each([
    ['missing', null, 'warn', 'STORE_MISSING'],
    ['fine', store, 'pass', 'STORE_OK'],
    ['of an older version', { ...store, schemaVersion: 1 }, 'warn', 'STORE_OLD_SCHEMA'],
    ['empty', { ...store, schemaVersion: 0, sizeBytes: 0 }, 'warn', 'STORE_EMPTY'],
    ['with a log of 64 MiB', { ...store, writeAheadLogBytes: 64 * MIB }, 'pass', 'STORE_OK'],
    ['with a larger log', { ...store, writeAheadLogBytes: 65 * MIB }, 'warn', 'STORE_LOG_LARGE'],
    ['locked', { ...store, isLocked: true }, 'fail', 'STORE_LOCKED'],
    ['damaged', { ...store, damages: ['page 3'] }, 'fail', 'STORE_DAMAGED'],
    ['not readable', failure('STORE_CANNOT_OPEN'), 'fail', 'STORE_FAILED'],
  ] as const)('a store that is %s', (_name, seen, status, code) => {
    expect(checkStore('/s.db', seen, null)).toMatchObject({ status, code });
  });

  test('a store that can only be read', () => {
    for (const seen of [store, null]) {
      expect(checkStore('/d/s.db', seen, 'EROFS')).toEqual({
        name: 'store',
        status: 'fail',
        code: 'STORE_NOT_WRITABLE',
        path: '/d/s.db',
        obstacle: 'EROFS',
      });
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
    expect(checkLogFile('/l', 'EACCES')).toMatchObject({ status: 'fail', obstacle: 'EACCES' });
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
  const gone = { address: 'b:1', answer: failure('BROKER_UNREACHABLE') };

  test('one broker that answers is enough, one that does not is a warning', () => {
    expect(checkBrokers([near])).toMatchObject({ status: 'pass', code: 'BROKERS_OK' });
    expect(checkBrokers([near, gone])).toMatchObject({ status: 'warn', code: 'BROKERS_MISSING' });
    expect(checkBrokers([gone])).toMatchObject({ status: 'fail', code: 'BROKERS_UNREACHABLE' });
    const slow = { ...near, answer: { connectMs: 1, answerMs: 501 } };
    expect(checkBrokers([slow])).toMatchObject({ status: 'warn', code: 'BROKERS_SLOW' });
  });

  test('a login that fails, fails the check', () => {
    const seen = failure('AUTHENTICATION_FAILED');
    expect(checkLogin(seen)).toMatchObject({ status: 'fail', code: 'LOGIN_FAILED', failure: seen });
  });

  test('a plain password without TLS is a warning, except on this machine', () => {
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

  test('a missing API fails where nothing works without it, otherwise it is a warning', () => {
    expect(checkApis(all).status).toBe('pass');
    expect(checkApis(without(0))).toMatchObject({ status: 'fail', missing: ['Produce'] });
    expect(checkApis(without(21)).status).toBe('warn');
    const tooNew = all.map((each) => (each.apiKey === 1 ? { ...each, minVersion: 12 } : each));
    expect(checkApis(tooNew)).toMatchObject({ missing: ['Fetch'] });
  });

  const partition = { partition: 0, leader: 1, replicas: [1, 2], isr: [1, 2], endOffset: 0n };
  const topic: TopicObservation = {
    name: 't',
    exists: true,
    differences: [],
    partitions: [partition],
    minInSyncReplicas: 1,
    silentBrokers: [],
  };
  const difference = (property: string, expected: string, actual: string | null) => ({
    ...topic,
    differences: [{ property, expected, actual, fix: 'the command' }],
  });

  test.each([
    ['is as it should be', topic, 'pass', 'TOPIC_OK'],
    ['is missing', { ...topic, exists: false }, 'fail', 'TOPIC_MISSING'],
    [
      'has a partition without a leader',
      { ...topic, partitions: [{ ...partition, leader: null }] },
      'fail',
      'TOPIC_OFFLINE',
    ],
    [
      'has a leader that does not answer',
      { ...topic, partitions: [{ ...partition, endOffset: null }] },
      'fail',
      'TOPIC_LEADER_SILENT',
    ],
    [
      'has a replica on a broker that leads others and does not answer',
      { ...topic, silentBrokers: [2, 3] },
      'warn',
      'TOPIC_REPLICAS_SILENT',
    ],
    [
      'refuses writes because replicas are missing',
      { ...topic, minInSyncReplicas: 2, partitions: [{ ...partition, isr: [1] }] },
      'fail',
      'TOPIC_REFUSES_WRITES',
    ],
    [
      'is under-replicated',
      { ...topic, partitions: [{ ...partition, isr: [1] }] },
      'warn',
      'TOPIC_UNDER_REPLICATED',
    ],
    ['has too few partitions', difference('partitions', '6', '3'), 'warn', 'TOPIC_DIFFERS'],
    ['has more partitions than it needs', difference('partitions', '3', '12'), 'pass', 'TOPIC_OK'],
    ['has another retention', difference('retention.ms', '1', null), 'warn', 'TOPIC_DIFFERS'],
  ] as const)('a topic that %s', (_name, seen, status, code) => {
    expect(checkTopic(seen, 'local')).toMatchObject({ status, code });
  });

  const group = { group: 'g', state: 'Stable', members: 3, partitions: 3, lag: 5n };

  test.each([
    ['works', group, 'pass', 'GROUP_OK'],
    ['rebalances', { ...group, state: 'PreparingRebalance' }, 'warn', 'GROUP_REBALANCING'],
    [
      'has lag and no member',
      { ...group, state: 'Empty', members: 0 },
      'warn',
      'GROUP_WITHOUT_MEMBERS',
    ],
    ['is done', { ...group, state: 'Empty', members: 0, lag: 0n }, 'pass', 'GROUP_OK'],
    ['never existed', { ...group, state: 'Dead', members: 0, lag: 0n }, 'warn', 'GROUP_NEVER_USED'],
    ['cannot be described', failure('GROUP_AUTHORIZATION_FAILED'), 'fail', 'GROUP_FAILED'],
  ] as const)('a group that %s', (_name, seen, status, code) => {
    expect(checkGroup(seen)).toMatchObject({ status, code });
  });

  test('open transactions that can not be looked for are not called none', () => {
    const seen = failure('PARTITION_OFFLINE');
    expect(checkTransactions(seen, ['a:1'])).toMatchObject({
      ...{ status: 'warn', code: 'TRANSACTIONS_UNKNOWN', failure: seen },
    });
  });

  test('without a store or committed offsets nothing was compared, and nothing is green', () => {
    const here = { group: 'g', host: 'h', path: '/s.db' };
    const used = { id: 'i', host: 'elsewhere', path: '/t.db', sinceMs: 1, pid: 1 };
    const looked = (seen: StoreOfGroup) => hasLooked(checkStoreOfGroup(seen));
    expect(looked({ ...here, code: 'STORE_OF_GROUP' })).toBe(true);
    expect(looked({ ...here, code: 'NO_OFFSETS_TO_COMPARE' })).toBe(false);
    expect(looked({ ...here, code: 'NO_STORE_TO_COMPARE', used: null })).toBe(false);
    expect(looked({ ...here, code: 'NO_STORE_TO_COMPARE', used })).toBe(true);
  });

  test('a transaction that stays open is warned of', () => {
    expect(checkTransactions([], ['a:1'])).toMatchObject({
      status: 'pass',
      code: 'TRANSACTIONS_OK',
    });
    const transactions = [{ topic: 't', partition: 2, sinceOffset: 5n, records: 7 }];
    expect(checkTransactions(transactions, ['a:1'])).toMatchObject({
      ...{ status: 'warn', code: 'TRANSACTION_OPEN' },
      transactions,
    });
  });

  describe('clocks', () => {
    const NOW = 1_795_739_916_004;
    const topic = (newestMs: number, clock: 'broker' | 'producer' = 'producer') => ({
      ...{ topic: 'requests', newestMs, clock },
    });
    const check = (
      topics: readonly ReturnType<typeof topic>[],
      letter: DatedLetter | null = null,
    ) => checkClock({ topics, letter }, NOW);

    test('without records there is nothing to compare', () => {
      expect(check([])).toMatchObject({ status: 'pass', code: 'CLOCK_WITHOUT_RECORDS' });
      expect(checkClock(failure('PARTITION_OFFLINE'), NOW).status).toBe('warn');
    });

    test('a record from the future shows a wrong clock', () => {
      expect(check([topic(NOW + 2000)]).code).toBe('CLOCK_OK');
      expect(check([topic(NOW + 2001)])).toMatchObject({
        ...{ status: 'warn', code: 'CLOCK_DIFFERS', aheadMs: 2001 },
      });
    });

    test("the broker's clock is named first: it shows whose is wrong", () => {
      const found = check([topic(NOW + 9000), topic(NOW + 5000, 'broker')]);
      expect(found).toMatchObject({ code: 'CLOCK_DIFFERS', aheadMs: 5000 });
    });

    test('a dead letter that was written after the broker had it', () => {
      const letter = (aheadMs: number) => ({ attemptedAtMs: NOW, appendedAtMs: NOW - aheadMs });
      expect(check([topic(NOW)], letter(2000)).code).toBe('CLOCK_OK');
      // Late is not wrong: the DLQ may have been down.
      expect(check([topic(NOW)], letter(-7_200_000)).code).toBe('CLOCK_OK');
      expect(check([topic(NOW)], letter(7_200_000))).toMatchObject({
        ...{ status: 'warn', code: 'CONSUMER_CLOCK_AHEAD', aheadMs: 7_200_000 },
      });
    });

    test('a dead letter whose time the broker refused', () => {
      expect(check([topic(NOW)], { attemptedAtMs: NOW, appendedAtMs: null })).toMatchObject({
        ...{ status: 'warn', code: 'CONSUMER_CLOCK_REFUSED', attemptedAtMs: NOW },
      });
    });
  });
});
