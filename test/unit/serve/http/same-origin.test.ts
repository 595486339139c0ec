import { describe, expect, it } from 'vitest';
import { refuseOtherOrigins } from '../../../../src/serve/http/access/same-origin.js';

const from =
  (headers: Readonly<Record<string, string>>, method = 'POST') =>
  () =>
    refuseOtherOrigins({ method, headers });
const crossOrigin = expect.objectContaining({ status: 403, code: 'CROSS_ORIGIN' }) as Error;

describe('a request that changes something', () => {
  it.each([
    [{}],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none' }],
    // Behind a proxy that changes Host, and for a form of a page without a referrer: the browser's own word counts.
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://console.example.com', host: '127.0.0.1' }],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null', host: '127.0.0.1' }],
    [{ origin: 'http://10.0.0.1:8990', host: '10.0.0.1:8990' }],
    [{ origin: 'https://console.example.com', host: 'console.example.com:443' }],
    [{ origin: 'http://[::1]:8990', host: '[::1]:8990' }],
  ])('is taken from %j', (headers) => {
    expect(from(headers)).not.toThrow();
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000', host: 'localhost:8990' }],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1:8990', host: '127.0.0.1:8990' }],
    [{ 'sec-fetch-site': 'anything' }],
    [{ origin: 'https://evil.example', host: '10.0.0.1:8990' }],
    [{ origin: 'http://10.0.0.1:8991', host: '10.0.0.1:8990' }],
    [{ origin: 'null', host: '10.0.0.1:8990' }],
    [{ origin: '', host: '10.0.0.1:8990' }],
    [{ origin: 'http://10.0.0.1:8990' }],
  ])('is refused from %j', (headers) => {
    expect(from(headers)).toThrow(crossOrigin);
  });
});

it('what only reads needs no Origin, but a browser that says it comes from elsewhere is refused', () => {
  expect(from({ origin: 'https://evil.example', host: '127.0.0.1' }, 'GET')).not.toThrow();
  expect(from({ 'sec-fetch-site': 'same-site' }, 'GET')).toThrow(crossOrigin);
});
