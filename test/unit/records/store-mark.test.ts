import { expect, it } from 'vitest';
import {
  decodeMark,
  decodeStore,
  decodeStores,
  encodeMark,
  encodeStore,
  encodeStores,
} from '../../../src/records/store-mark.js';

const STORE = {
  id: '3b241101-e2bb-4255-8caf-4136c566a962',
  host: 'issuer-1',
  path: '/var/lib/coupons/coupons.db',
  sinceMs: 1_795_739_916_004,
  pid: 4711,
};

it('a store is read as it was written, alone, with others, and with an offset', () => {
  expect(decodeStore(encodeStore(STORE))).toEqual(STORE);
  const other = { ...STORE, id: 'other', path: '/数据/"쿠폰" \\.db' };
  expect(decodeStores(encodeStores([STORE, other, STORE]))).toEqual([STORE, other]);
  for (const applied of [null, 0n, 2n ** 62n]) {
    expect(decodeMark(encodeMark({ ...STORE, applied }))).toEqual({ ...STORE, applied });
  }
});

it('it fits Kafka’s metadata however long its path is, and steers no terminal', () => {
  const path = `/${'깊은/'.repeat(3000)}\u001b[31mcoupons.db`;
  const text = encodeMark({ ...STORE, host: 'h'.repeat(300), path, applied: 2n ** 63n - 1n });
  expect(Buffer.byteLength(text)).toBeLessThan(4096);
  const read = decodeMark(text);
  expect(read?.path.startsWith('…')).toBe(true);
  expect(read?.path.endsWith('?[31mcoupons.db')).toBe(true);
  expect(decodeStore(encodeStore({ ...STORE, path }))?.path).toBe(read?.path);
});

it.each([
  null,
  '',
  'metadata of another client',
  '{"coupons-store"',
  '{"coupons-store":null}',
  '{"coupons-store":[]}',
  '{"coupons-store":{"id":"","host":"h","path":"/p","since":1}}',
  '{"coupons-store":{"id":7,"host":"h","path":"/p","since":1}}',
  '{"coupons-store":{"id":"i","host":"h","path":"/p","since":"1"}}',
  '{"coupons-store":{"id":"i","host":"h\\u001b","path":"/p","since":1}}',
  `{"coupons-store":{"id":"i","host":"h","path":"/${'p'.repeat(5000)}","since":1}}`,
])('what another program wrote is no store: %s', (text) => {
  expect(decodeMark(text)).toBeNull();
  expect(decodeStore(text === null ? null : Buffer.from(text))).toBeNull();
  expect(decodeStores(text === null ? null : Buffer.from(text))).toEqual([]);
});

it('a mark of a later version, with more fields or an applied offset of another form, is still a store', () => {
  const text =
    '{"coupons-store":{"id":"i","host":"h","path":"/p","since":1,"applied":5,"more":{}}}';
  const store = { id: 'i', host: 'h', path: '/p', sinceMs: 1, pid: null };
  expect(decodeMark(text)).toEqual({ ...store, applied: null });
});

it.each(['', ',"pid":0', ',"pid":1.5', ',"pid":"7"'])(
  'a store whose process is not named is still a store: {%s}',
  (pid) => {
    const text = `{"coupons-store":{"id":"i","host":"h","path":"/p","since":1${pid}}}`;
    const store = { id: 'i', host: 'h', path: '/p', sinceMs: 1, pid: null };
    expect(decodeStore(Buffer.from(text))).toEqual(store);
    expect(JSON.parse(encodeStore(store).toString())).toEqual({
      'coupons-store': { id: 'i', host: 'h', path: '/p', since: 1 },
    });
  },
);
