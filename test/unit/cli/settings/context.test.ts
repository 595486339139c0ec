import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/errors.js';
import { parsed } from '../parsed.js';

const contexts = { staging: { brokers: 'staging:1' }, production: { brokers: 'production:1' } };

test('--context beats COUPONS_CONTEXT beats the one in use', () => {
  const env = { COUPONS_CONTEXT: 'production' };
  expect(parsed({ contexts, current: 'staging' }).contextName).toBe('staging');
  expect(parsed({ contexts, current: 'staging', env }).contextName).toBe('production');
  const args = ['--context', 'staging'];
  expect(parsed({ contexts, current: null, env, args }).brokers).toEqual(['staging:1']);
});

test('an empty COUPONS_CONTEXT names none', () => {
  expect(parsed({ contexts, env: { COUPONS_CONTEXT: '' } }).contextName).toBeNull();
});

test('--context default leaves the one in use aside', () => {
  const options = parsed({ contexts, current: 'staging', args: ['--context', 'default'] });
  expect(options.contextName).toBeNull();
  expect(options.brokers).toEqual(['localhost:9092']);
});

test('an unknown context is wrong usage and names the known ones', () => {
  const attempt = () => parsed({ contexts, args: ['--context', 'stagin'] });
  expect(attempt).toThrow(/^There is no context "stagin" in .*config\.json\.$/);
  expect(attempt).toThrow(UsageError);
});

test.each([
  ['brokers', 'a b', '"a b" is not host:port.'],
  [
    'timeout',
    '-3',
    'Give a number of seconds, or a duration such as 90s, 5m, 1h30m or 2d; above 0, up to 24 days.',
  ],
  ['output', 'yaml', 'Allowed choices are table, json.'],
  ['sasl-mechanism', 'gssapi', 'Allowed choices are plain, scram-sha-256, scram-sha-512.'],
  ['tls', 'maybe', 'Give true or false.'],
  ['store', '', 'Give a value.'],
  ['store', 'mysql://h/d', "The store's URL begins with mysql:"],
])('a bad %s in a context is refused with its reason', (setting, value, reason) => {
  const bad = { bad: { [setting]: value } };
  expect(() => parsed({ contexts: bad, current: 'bad' })).toThrow(
    new RegExp(`^"${setting}" of context "bad" in .* is "${value}"\\. ${reason}`),
  );
});

test('a bad value of a context does no harm where a flag beats it', () => {
  const bad = { bad: { timeout: '-3' } };
  const options = parsed({ contexts: bad, current: 'bad', args: ['--timeout', '1'] });
  expect(options.timeoutMs).toBe(1000);
});

test('a broken context is passed over where it is to be mended, and leaves nothing half set', () => {
  const bad = { bad: { brokers: 'bad:1', timeout: '-3' } };
  const options = parsed({ contexts: bad, current: 'bad', use: 'lenient' });
  expect(options.contextName).toBeNull();
  expect(options.brokers).toEqual(['localhost:9092']);
});

test('a relative path in the file is relative to the file', () => {
  const relative = { here: { 'tls-ca': 'ca.pem' } };
  const { tls } = parsed({ contexts: relative, current: 'here' });
  expect(tls?.caFile).toMatch(/\/coupons-test-[^/]+\/coupons\/ca\.pem$/);
});

test('what is kept of a call are its flags alone, paths made absolute', () => {
  const { flags } = parsed({
    args: ['--brokers', 'a,b:1', '--store', 'here.db', '--tls', '-o', 'json'],
    env: { COUPONS_TIMEOUT: '3' },
  });
  expect(flags).toEqual({
    brokers: 'a:9092,b:1',
    store: `${process.cwd()}/here.db`,
    tls: true,
  });
});
