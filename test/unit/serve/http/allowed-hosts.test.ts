import { describe, expect, it } from 'vitest';
import { AllowedHosts } from '../../../../src/serve/http/access/allowed-hosts.js';

const hosts = new AllowedHosts(['0.0.0.0', 'Shop-1', 'console.example.com']);
const refusal = (header: string | undefined) => hosts.refusal(header);

describe('the Host of a request', () => {
  it.each([
    '127.0.0.1:8990',
    '10.1.2.3',
    '[::1]:8990',
    '[::1]',
    'localhost:8990',
    'LOCALHOST',
    'coupons.localhost:1',
    'shop-1:8990',
    'console.example.com',
    'Console.Example.Com.:443',
  ])('%s is answered', (header) => {
    expect(refusal(header)).toBeNull();
  });

  it.each([
    'evil.example',
    'evil.example:8990',
    'localhost.evil.example',
    'notlocalhost',
    '127.0.0.1.evil.example',
    'shop-1.evil.example',
    'example.com',
    '127.1',
    '2130706433',
  ])('%s is not', (header) => {
    expect(refusal(header)).toMatchObject({ status: 421, code: 'HOST_NOT_ALLOWED' });
  });

  it.each([
    undefined,
    '',
    ':8990',
    '127.0.0.1:port',
    'a b',
    'user@127.0.0.1',
    '[::1',
    '127.0.0.1:8990, evil.example',
    '<script>',
  ])('%s is no host at all', (header) => {
    expect(refusal(header)).toMatchObject({ status: 400 });
  });
});
