import { describe, expect, it } from 'vitest';
import { AS_OPERATOR, errorCode, serving, servingBeyondLoopback, TOKEN } from './serving.js';

/** What a browser sends back. */
const cookieIn = (headers: { readonly 'set-cookie'?: string[] | undefined }) =>
  headers['set-cookie']?.[0]?.split(';')[0] ?? '';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const asJson = { 'content-type': 'application/json' };

describe('the page', () => {
  it('with the token in its address comes at once, with a cookie that opens all else', async () => {
    const { ask } = await serving();
    const first = await ask({ path: `/?token=${TOKEN}` });
    expect([first.status, first.body]).toEqual([200, '<title>page']);
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^coupons-console-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    const headers = { cookie: cookieIn(first.headers) };
    expect((await ask({ path: '/', headers })).body).toBe('<title>page');
    expect((await ask({ path: '/api/letters', headers })).status).toBe(200);
  });

  it.each([
    ['/', /Open the address that <code>coupons serve<\/code> printed/],
    ['/?token=slipped', /This token is not valid/],
    ['/?token=', /This token is not valid/],
  ])('at %s without a session asks for the token: 401', async (path, words) => {
    const { ask } = await serving();
    const answer = await ask({ path });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      401,
      'text/html; charset=utf-8',
    ]);
    expect(answer.body).toMatch(words);
    expect(answer.headers['set-cookie']).toBeUndefined();
    // What is typed may be the token with a slip: it is not repeated.
    expect(answer.body).not.toContain('slipped');
  });

  it.each([
    ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
    ['fr,ko;q=0.9,en;q=0.8', 'ko'],
    ['en-GB,ko;q=0.5', 'en'],
    ['fr', 'en'],
  ])('for a browser that prefers %s asks in %s', async (language, expected) => {
    const { ask } = await serving();
    const { body, headers } = await ask({ path: '/', headers: { 'accept-language': language } });
    expect(headers['content-language']).toBe(expected);
    expect(body).toContain(`<html lang="${expected}">`);
    expect(body).toContain(expected === 'ko' ? '토큰' : 'Token');
  });

  it('that asks for the token loads nothing that its policy forbids, and its form can be told from another site’s', async () => {
    const { ask } = await serving();
    const { body, headers } = await ask({ path: '/' });
    expect(body).not.toMatch(/<script|<style|style=|https?:/);
    expect((await ask({ path: '/assets/sign-in.css' })).headers['content-type']).toMatch(
      'text/css',
    );
    expect(headers['referrer-policy']).toBe('same-origin');
  });

  it('has its files by name, and no others', async () => {
    const { ask } = await serving();
    const script = await ask({ path: '/assets/console.js' });
    expect([script.status, script.headers['content-type']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
    for (const name of [
      ...['other.js', '..%2fpackage.json', '..%5cpackage.json', '%2e%2e%2f%2e%2e%2fetc%2fpasswd'],
      ...['console.js%00.css', 'constructor', '__proto__', 'CONSOLE.JS', '.', '%00'],
    ]) {
      expect([name, (await ask({ path: `/assets/${name}` })).status]).toEqual([name, 404]);
    }
  });
});

describe('POST /session', () => {
  it('with the token in a form leads to the page, without any script', async () => {
    const { ask } = await serving();
    const answer = await ask({
      ...{ method: 'POST', path: '/session', headers: form },
      body: `token=${TOKEN}`,
    });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    const headers = { cookie: cookieIn(answer.headers) };
    expect((await ask({ path: '/', headers })).body).toBe('<title>page');
  });

  it('with the token in JSON answers nothing but the cookie', async () => {
    const { ask } = await serving();
    const body = JSON.stringify({ token: TOKEN });
    const answer = await ask({ method: 'POST', path: '/session', headers: asJson, body });
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(cookieIn(answer.headers)).not.toBe('');
  });

  it.each([
    [form, 'token=wrong', 401],
    [form, '', 401],
    [asJson, '{"token":"wrong"}', 401],
    [asJson, '{}', 401],
    [asJson, '{"token":7}', 400],
    [asJson, 'token', 400],
    [{ 'content-type': 'text/plain' }, `{"token":"${TOKEN}"}`, 415],
    [{ ...form, origin: 'https://evil.example' }, `token=${TOKEN}`, 403],
  ])('%j %s: no session', async (headers, body, status) => {
    const { ask } = await serving();
    const answer = await ask({ method: 'POST', path: '/session', headers, body });
    expect(answer.status).toBe(status);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('a guess', () => {
  it.each([
    ['GET', '/?token=guess', {}, ''],
    ['GET', '/', { cookie: 'coupons-console-PORT=guess' }, ''],
    ['GET', '/api/letters', { authorization: 'Bearer guess' }, ''],
    ['GET', '/api/letters', { cookie: 'coupons-console-PORT=guess' }, ''],
    ['POST', '/session', form, 'token=guess'],
    ['POST', '/session', asJson, '{"token":"guess"}'],
  ])('by %s %s %j %s has to wait its turn', async (method, path, headers, body) => {
    const { ask, port, delayed } = await serving();
    const entries = Object.entries(headers);
    const sent = entries.map(([name, value]) => [name, value.replace('PORT', String(port))]);
    const asked = { method, path, body, headers: Object.fromEntries(sent) as typeof headers };
    expect((await ask(asked)).status).toBe(401);
    expect(delayed()).toBe(1);
  });

  it('is not what a browser without a session or one with the token makes', async () => {
    const { ask, delayed } = await serving();
    await ask({ path: '/' });
    await ask({ path: `/?token=${TOKEN}` });
    await ask({ path: '/api/letters', headers: AS_OPERATOR });
    expect(delayed()).toBe(0);
  });
});

describe('without a session', () => {
  it.each([
    ['GET', '/api/stream'],
    ['GET', '/api/letters'],
    ['GET', '/api/letters/0:0'],
    ['GET', '/api/users?coupon=1&user=2'],
    ['POST', '/api/audits'],
    ['POST', '/api/replays'],
    ['POST', '/api/replays/1/confirm'],
    ['POST', '/api/replays/1/cancel'],
  ])('%s %s: 401, and nothing is done', async (method, path) => {
    const { ask, console } = await serving();
    const before = console.known;
    const answer = await ask({
      method,
      path,
      headers: asJson,
      body: method === 'POST' ? '{}' : '',
    });
    expect([answer.status, errorCode(answer)]).toEqual([401, 'UNAUTHORIZED']);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="coupons"');
    expect(console.known).toBe(before);
    expect(console.viewers).toBe(0);
  });

  it('there are /livez, which needs nothing, and what Prometheus needs, on this machine alone', async () => {
    const here = await serving();
    expect((await here.ask({ path: '/livez' })).body).toBe('ok\n');
    const metrics = await here.ask({ path: '/metrics' });
    expect([metrics.status, metrics.body, metrics.headers['content-type']]).toEqual([
      ...[200, 'up 1\n', 'text/plain; version=0.0.4'],
    ]);

    const beyond = await servingBeyondLoopback();
    for (const headers of [{}, { host: 'balancer.example.com' }]) {
      expect((await beyond.ask({ path: '/livez', headers })).status).toBe(200);
    }
    const refused = await beyond.ask({ path: '/metrics' });
    expect([refused.status, errorCode(refused)]).toEqual([401, 'UNAUTHORIZED']);
    expect((await beyond.ask({ path: '/metrics', headers: AS_OPERATOR })).status).toBe(200);
  });
});

describe('/readyz', () => {
  const failure = { code: 'BROKER_UNREACHABLE', message: 'Nothing at broker:9092.', hint: null };

  it('is 200 where store and group can be read', async () => {
    const { ask } = await serving();
    const answer = await ask({ path: '/readyz' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ ready: true, store: { ready: true, reason: null } });
  });

  it('is 503 with the reason where one of them can’t', async () => {
    const { ask, console } = await serving();
    console.fail('group', failure);
    const answer = await ask({ path: '/readyz' });
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({
      ready: false,
      store: { ready: true, reason: null, message: null },
      group: { ready: false, reason: 'BROKER_UNREACHABLE', message: 'Nothing at broker:9092.' },
    });
  });

  it('names no host to those beyond this machine who have no token', async () => {
    const { ask, console } = await servingBeyondLoopback();
    console.fail('group', failure);
    const answer = await ask({ path: '/readyz' });
    expect([answer.status, answer.body]).toEqual([503, expect.not.stringContaining('9092')]);
    expect(answer.body).toContain('BROKER_UNREACHABLE');
    expect((await ask({ path: '/readyz', headers: AS_OPERATOR })).body).toContain('9092');
  });
});
