import { describe, expect, it } from 'vitest';
import { Access } from '../../../../src/serve/http/access.js';
import { Credentials } from '../../../../src/serve/http/credentials.js';
import type { HttpRequest } from '../../../../src/serve/http/request.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

const TOKEN = 'a-token-of-some-length';

function request(headers: HttpRequest['headers'], port = 8990): HttpRequest {
  return {
    ...{ method: 'GET', path: '/', headers, port },
    query: new URLSearchParams(),
    signal: new AbortController().signal,
    body: () => Promise.resolve(Buffer.alloc(0)),
  };
}

const bearer = (token: string) => request({ authorization: `Bearer ${token}` });

describe('access', () => {
  const credentials = new Credentials(TOKEN);
  const [cookie = ''] = credentials.cookie(8990).split(';');
  const isAllowed = (asked: HttpRequest) =>
    new Access(credentials, new VirtualClock()).isAllowed(asked);

  it('is given for the token, and for the cookie that stands for it', () => {
    expect(isAllowed(bearer(TOKEN))).toBe(true);
    expect(isAllowed(request({ authorization: `bearer  ${TOKEN}` }))).toBe(true);
    expect(isAllowed(request({ cookie: `theme=dark; ${cookie}; other=1` }))).toBe(true);
  });

  it('outlives a restart with the same token, and no other one', () => {
    const isGood = (token: string) =>
      new Access(new Credentials(token), new VirtualClock()).isAllowed(request({ cookie }));
    expect(isGood(TOKEN)).toBe(true);
    expect(isGood(`${TOKEN}.`)).toBe(false);
  });

  it.each([
    [{}],
    [{ authorization: 'Bearer ' }],
    [{ authorization: TOKEN }],
    [{ authorization: `Basic ${TOKEN}` }],
    [{ authorization: `Bearer ${TOKEN}x` }],
    [{ authorization: `Bearer ${TOKEN.slice(1)}` }],
    [{ cookie: `coupons-console-8990=${TOKEN}` }],
    [{ cookie: `x${cookie}` }],
    [{ cookie: cookie.slice(0, -1) }],
    // A wrong token is not made good by a cookie.
    [{ authorization: 'Bearer wrong', cookie }],
  ])('is refused for %j', (headers) => {
    expect(isAllowed(request(headers))).toBe(false);
  });

  it('is refused for the cookie of a console on another port', () => {
    expect(isAllowed(request({ cookie }, 8991))).toBe(false);
  });

  it('gives a cookie that no script and no other site can use, and that does not tell the token', () => {
    const attributes = credentials.cookie(8990).split('; ');
    expect(attributes).toEqual([cookie, 'Path=/', 'HttpOnly', 'SameSite=Strict']);
    expect(cookie).not.toContain(TOKEN);
  });
});

it('a ticket opens the page once, and the token as often as it is brought', () => {
  const access = new Access(new Credentials(TOKEN), new VirtualClock(), 'ticket');
  expect(
    ['other', 'ticket', 'ticket', TOKEN, TOKEN].map((given) => access.isAdmitted(given)),
  ).toEqual([false, true, false, true, true]);
  expect(access.isAllowed(bearer('ticket'))).toBe(false);
});

describe('wrong tokens', () => {
  it('are answered ten a second, while the right one never waits', async () => {
    const clock = new VirtualClock();
    const access = new Access(new Credentials(TOKEN), clock);
    const began = clock.now();
    const refusedAfter = Array.from({ length: 20 }, (_, guess) =>
      access.require(bearer(`guess ${String(guess)}`)).catch(() => clock.now() - began),
    );
    await access.require(bearer(TOKEN));
    expect(clock.now()).toBe(began);
    const all = await clock.run(Promise.all(refusedAfter));
    expect(all).toEqual(Array.from({ length: 20 }, (_, guess) => (guess + 1) * 100));
  });

  it('that are missing are answered at once', async () => {
    const access = new Access(new Credentials(TOKEN), new VirtualClock());
    await expect(access.require(request({}))).rejects.toMatchObject({
      ...{ status: 401, code: 'UNAUTHORIZED' },
      headers: { 'WWW-Authenticate': 'Bearer realm="coupons"' },
    });
  });
});
