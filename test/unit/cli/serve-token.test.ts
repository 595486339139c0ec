import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../src/cli/serve/address.js';
import { consoleToken } from '../../../src/cli/serve/token.js';
import { UsageError } from '../../../src/errors.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const dir = temporaryDir();
const here = '127.0.0.1';
const GOOD = '0123456789abcdef';

function file(content: string): string {
  const path = join(dir, 'token');
  writeFileSync(path, content);
  return path;
}

describe('the token of the console', () => {
  it('is a new one at each start, on this machine', () => {
    const [one, other] = [consoleToken({ host: here }, {}), consoleToken({ host: '::1' }, {})];
    expect(one.isGiven).toBe(false);
    expect(one.token).toMatch(/^[\w-]{24}$/);
    expect(one.token).not.toBe(other.token);
  });

  it('is that of the file, else that of the variable', () => {
    const env = { COUPONS_SERVE_TOKEN: `${GOOD}-of-variable` };
    const tokenFile = file(`${GOOD}\n`);
    expect(consoleToken({ host: '0.0.0.0', tokenFile }, env)).toEqual({
      token: GOOD,
      isGiven: true,
    });
    expect(consoleToken({ host: '0.0.0.0' }, env).token).toBe(`${GOOD}-of-variable`);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'console-1'])(
    'must be given where %s lets other machines in',
    (host) => {
      expect(() => consoleToken({ host }, {})).toThrow(UsageError);
      expect(() => consoleToken({ host }, {})).toThrow(
        `With --host ${host} other machines can reach the console, so it needs a token.`,
      );
    },
  );

  it.each([
    ['', 'is empty'],
    ['\n', 'is empty'],
    ['0123456789abcde', 'has 15 characters; it must have 16 to 500'],
    ['x'.repeat(501), 'has 501 characters'],
    ['0123456789 abcdef', 'not printable ASCII, or spaces'],
    ['0123456789\nabcdef', 'not printable ASCII, or spaces'],
    ['토큰토큰토큰토큰토큰토큰토큰토큰', 'not printable ASCII'],
  ])('can’t be %j', (content, why) => {
    const tokenFile = file(content);
    expect(() => consoleToken({ host: here, tokenFile }, {})).toThrow(UsageError);
    expect(() => consoleToken({ host: here, tokenFile }, {})).toThrow(why);
  });

  it('in a file that can’t be read is an error that names the file, and repeats no token', () => {
    expect(() => consoleToken({ host: here, tokenFile: join(dir, 'gone') }, {})).toThrow(
      /Cannot read the token from .*gone: no such file or directory\./,
    );
    const env = { COUPONS_SERVE_TOKEN: 'secret' };
    expect(() => consoleToken({ host: here }, env)).toThrow(
      'The token in COUPONS_SERVE_TOKEN has 6 characters',
    );
  });
});

describe('the address that is printed', () => {
  const origin = 'http://127.0.0.1:8990';

  it('opens the page where the token was made for it, and fits 80 columns', () => {
    const token = consoleToken({ host: here }, {});
    const address = addressOf(origin, token, true);
    expect(address).toEqual({
      url: `${origin}/?token=${token.token}`,
      metricsUrl: `${origin}/metrics`,
      readOnly: true,
    });
    expect(`console  ${address.url}`.length).toBeLessThanOrEqual(80);
  });

  it('keeps a token to itself that was given', () => {
    expect(addressOf(origin, { token: GOOD, isGiven: true }, false).url).toBe(`${origin}/`);
  });
});
