import { describe, expect, it } from 'vitest';
import { Access } from '../../../../src/serve/http/access/access.js';
import { Credentials } from '../../../../src/serve/http/access/credentials.js';
import type { HttpRequest } from '../../../../src/serve/http/request.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

const TOKEN = 'a-token-of-some-length';

function request(
  headers: HttpRequest['headers'],
  port = 8990,
  signal = new AbortController().signal,
): HttpRequest {
  return {
    ...{ method: 'GET', path: '/', headers, port, signal },
    query: new URLSearchParams(),
    body: () => Promise.resolve(Buffer.alloc(0)),
  };
}

function isAllowedBy(credentials: Credentials, asked: HttpRequest): Promise<boolean> {
  const clock = new VirtualClock();
  return clock.run(new Access(credentials, clock).isAllowed(asked));
}

const bearer = (token: string) => request({ authorization: `Bearer ${token}` });

describe('access', () => {
  const credentials = new Credentials(TOKEN);
  const [cookie = ''] = credentials.cookie(8990).split(';');
  const isAllowed = (asked: HttpRequest) => isAllowedBy(credentials, asked);

  it('is given for the token, and for the cookie that stands for it', async () => {
    expect(await isAllowed(bearer(TOKEN))).toBe(true);
    expect(await isAllowed(request({ authorization: `bearer  ${TOKEN}` }))).toBe(true);
    expect(await isAllowed(request({ cookie: `theme=dark; ${cookie}; other=1` }))).toBe(true);
  });

  it('outlives a restart with the same token, and no other one', async () => {
    const isGood = (token: string) => isAllowedBy(new Credentials(token), request({ cookie }));
    expect(await isGood(TOKEN)).toBe(true);
    expect(await isGood(`${TOKEN}.`)).toBe(false);
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
  ])('is refused for %j', async (headers) => {
    expect(await isAllowed(request(headers))).toBe(false);
  });

  it('is refused for the cookie of a console on another port', async () => {
    expect(await isAllowed(request({ cookie }, 8991))).toBe(false);
  });

  it('gives a cookie that no script and no other site can use, and that does not tell the token', () => {
    const attributes = credentials.cookie(8990).split('; ');
    expect(attributes).toEqual([cookie, 'Path=/', 'HttpOnly', 'SameSite=Strict']);
    expect(cookie).not.toContain(TOKEN);
  });
});

it('a ticket opens the page once, and the token as often as it is brought', async () => {
  const clock = new VirtualClock();
  const access = new Access(new Credentials(TOKEN), clock, 'ticket');
  expect(
    ['other', 'ticket', 'ticket', TOKEN, TOKEN].map((given) => access.isAdmitted(given)),
  ).toEqual([false, true, false, true, true]);
  expect(await clock.run(access.isAllowed(bearer('ticket')))).toBe(false);
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

  it('of clients that are gone delay no other client', async () => {
    const clock = new VirtualClock();
    const access = new Access(new Credentials(TOKEN), clock);
    const began = clock.now();
    const gone = Array.from({ length: 20 }, () =>
      access.isAllowed(request({ authorization: 'Bearer x' }, 8990, AbortSignal.abort())),
    );
    await clock.run(Promise.all([...gone, access.isAllowed(bearer('wrong'))]));
    expect(clock.now() - began).toBe(100);
  });

  it('that are missing are answered at once', async () => {
    const access = new Access(new Credentials(TOKEN), new VirtualClock());
    await expect(access.require(request({}))).rejects.toMatchObject({
      ...{ status: 401, code: 'UNAUTHORIZED' },
      headers: { 'WWW-Authenticate': 'Bearer realm="coupons"' },
    });
  });
});
