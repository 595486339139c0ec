import { expect, it } from 'vitest';
import { isLoopback } from '../../../../src/serve/http/access/loopback.js';

it.each(['127.0.0.1', '127.9.8.7', '::1', 'localhost', 'LOCALHOST'])(
  '%s is reached from this machine alone',
  (host) => expect(isLoopback(host)).toBe(true),
);

it.each([
  '0.0.0.0',
  '::',
  '10.0.0.1',
  '192.168.1.1',
  '128.0.0.1',
  'fe80::1',
  'shop-1',
  '127.0.0.1.example',
  '',
])('%s is reached from elsewhere, as far as anyone can tell', (host) =>
  expect(isLoopback(host)).toBe(false),
);
