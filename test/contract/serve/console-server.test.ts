import { describe, expect, it } from 'vitest';
import { CliError, UnreachableError } from '../../../src/errors.js';
import type { LetterPage, WholeLetter } from '../../../src/serve/console/wire/letters.js';
import type { ReplayData } from '../../../src/serve/console/wire/replay.js';
import { eventually } from '../../support/eventually.js';
import { FakeConsole } from '../../support/console/fake-console.js';
import { RawConnection } from '../../support/console/http-client.js';
import {
  AS_OPERATOR,
  errorCode,
  PROXY_HOST,
  serving,
  servingBeyondLoopback,
  TOKEN,
} from './serving.js';

const asJson = { ...AS_OPERATOR, 'content-type': 'application/json' };

describe('what an operator asks', () => {
  it('for dead letters, a page at a time, and one whole', async () => {
    const { ask } = await serving();
    const get = (path: string) => ask({ path, headers: AS_OPERATOR });
    const first = (await get('/api/letters?limit=3')).json<LetterPage>();
    expect(first.letters).toHaveLength(3);
    const next = await get(`/api/letters?limit=3&before=${String(first.next)}`);
    const [newest] = next.json<LetterPage>().letters;
    expect(newest?.offset).not.toBe(first.letters[0]?.offset);
    const whole = await get(`/api/letters/0%3A${String(newest?.offset)}`);
    expect(whole.json<WholeLetter>().offset).toBe(newest?.offset);
  });

  it('for a user', async () => {
    const { ask } = await serving();
    const answer = await ask({ path: '/api/users?coupon=1&user=42', headers: AS_OPERATOR });
    expect(answer.json()).toMatchObject({ couponId: 1, userId: 42, status: 'ISSUED' });
  });

  it.each([
    ['/api/users', 'BAD_REQUEST', 400],
    ['/api/users?coupon=1', 'BAD_REQUEST', 400],
    ['/api/users?coupon=1&user=x', 'BAD_REQUEST', 400],
    ['/api/letters?limit=1000', 'BAD_REQUEST', 400],
    ['/api/letters?nonsense=1', 'BAD_REQUEST', 400],
    ['/api/letters/nonsense', 'BAD_REQUEST', 400],
    ['/api/letters/0:99999', 'LETTER_NOT_FOUND', 404],
    ['/api', 'NOT_FOUND', 404],
    ['/api/nonsense', 'NOT_FOUND', 404],
  ])('%s: %s', async (path, code, status) => {
    const { ask } = await serving();
    const answer = await ask({ path, headers: AS_OPERATOR });
    expect([answer.status, errorCode(answer)]).toEqual([status, code]);
  });

  it.each([
    [new UnreachableError('STORE_NOT_FOUND', 'There is no store.'), 503],
    [new CliError('REPLAY_RUNNING', 'Another replay runs.'), 409],
    [new CliError('PAGE_NOT_FOUND', 'There is no such page.'), 404],
    [new CliError('STORE_CORRUPT', 'The store is damaged.', 'Restore it.'), 500],
    [new TypeError('x is not a function'), 500],
  ])('what fails with %o has its status', async (failure, status) => {
    const console = new FakeConsole();
    console.user = () => Promise.reject(failure);
    const { ask } = await serving(console);
    const answer = await ask({ path: '/api/users?coupon=1&user=2', headers: AS_OPERATOR });
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error: { message: failure.message } });
    expect(answer.body).not.toContain('.ts');
  });

  it('is given up when the client leaves', async () => {
    const console = new FakeConsole();
    let state = 'not asked';
    console.letters = (_wanted, signal?: AbortSignal) => {
      state = 'asked';
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          state = 'given up';
          reject(new Error('given up'));
        });
      });
    };
    const { port } = await serving(console);
    const client = new RawConnection(port);
    client.send(
      `GET /api/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
    );
    await eventually(() => state === 'asked');
    client.destroy();
    await eventually(() => state === 'given up');
  });
});

describe('what an operator changes', () => {
  it('starts an audit', async () => {
    const { ask, console } = await serving();
    const answer = await ask({ method: 'POST', path: '/api/audits', headers: asJson });
    expect(answer.status).toBe(202);
    expect(console.known.audit.running).not.toBeNull();
  });

  it('plans a replay, confirms it, and cancels it', async () => {
    const { ask } = await serving(new FakeConsole({ site: { readOnly: false } }));
    const post = (path: string, body = '{}') =>
      ask({ method: 'POST', path, headers: asJson, body });
    const planned = await post('/api/replays', '{"filter":{"coupon":1}}');
    const { id, phase, filter } = planned.json<ReplayData>();
    expect([planned.status, phase, filter]).toEqual([200, 'planned', { coupon: 1 }]);
    expect((await post(`/api/replays/${id}/confirm`)).json()).toMatchObject({ phase: 'sending' });
    expect((await post(`/api/replays/${id}/cancel`)).json()).toMatchObject({ phase: 'cancelled' });
    const unknown = await post('/api/replays/other/confirm');
    expect([unknown.status, errorCode(unknown)]).toEqual([404, 'REPLAY_NOT_FOUND']);
    expect((await post('/api/replays', 'nonsense')).status).toBe(400);
  });

  it('is refused where the console is read-only: 403', async () => {
    const { ask } = await serving(new FakeConsole({ site: { readOnly: true } }));
    const answer = await ask({ method: 'POST', path: '/api/replays', headers: asJson, body: '{}' });
    expect([answer.status, errorCode(answer)]).toEqual([403, 'READ_ONLY']);
  });

  it.each([
    ['GET', 405],
    ['PUT', 405],
    ['DELETE', 405],
  ])('is nothing that %s does', async (method, status) => {
    const { ask, console } = await serving();
    const before = console.known;
    for (const path of ['/api/audits', '/api/replays', '/api/replays/1/confirm', '/session']) {
      expect((await ask({ method, path, headers: asJson })).status).toBe(status);
    }
    expect(console.known).toBe(before);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'is nothing that a form can send: 415 for "%s"',
    async (type) => {
      const { ask, console } = await serving();
      const headers = { ...AS_OPERATOR, 'content-type': type };
      const answer = await ask({ method: 'POST', path: '/api/audits', headers, body: '{}' });
      expect(answer.status).toBe(415);
      expect(console.known.audit.running).toBeNull();
    },
  );
});

describe('a request from another site', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
  ])('changes nothing, though the browser adds its cookie: %j', async (headers) => {
    const { ask, console } = await serving();
    const answer = await ask({
      ...{ method: 'POST', path: '/api/audits' },
      headers: { ...asJson, ...headers },
    });
    expect([answer.status, errorCode(answer)]).toEqual([403, 'CROSS_ORIGIN']);
    expect(console.known.audit.running).toBeNull();
  });

  it('opens no stream and costs no reading', async () => {
    const { ask, console } = await serving();
    const headers = { ...AS_OPERATOR, 'sec-fetch-site': 'cross-site' };
    expect((await ask({ path: '/api/stream', headers })).status).toBe(403);
    expect(console.viewers).toBe(0);
  });

  it('is allowed no more by asking first (CORS)', async () => {
    const { ask } = await serving();
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await ask({ method: 'OPTIONS', path: '/api/audits', headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-'))).toEqual([]);
  });
});

describe('a name that is not the console’s', () => {
  it.each(['/', '/metrics', '/readyz', '/api/stream', '/assets/console.js', '/nothing'])(
    'is not answered at %s: 421',
    async (path) => {
      const { ask } = await serving();
      const answer = await ask({ path, headers: { host: 'evil.example' } });
      expect([answer.status, errorCode(answer)]).toEqual([421, 'HOST_NOT_ALLOWED']);
    },
  );

  it('is answered where it was allowed, or with the token', async () => {
    const { ask } = await servingBeyondLoopback();
    expect((await ask({ path: '/readyz', headers: { host: PROXY_HOST } })).status).toBe(200);
    const withToken = { host: 'prometheus-target', ...AS_OPERATOR };
    expect((await ask({ path: '/metrics', headers: withToken })).status).toBe(200);
    const forwarded = { host: 'evil.example', 'x-forwarded-host': '127.0.0.1' };
    expect((await ask({ path: '/readyz', headers: forwarded })).status).toBe(421);
  });
});

describe('a client that guesses the token', () => {
  const wrong = { authorization: 'Bearer guess' };
  it.each([
    [
      'by what an unknown name is answered',
      { path: '/readyz', headers: { host: 'x.example', ...wrong } },
    ],
    ['by what /readyz says', { path: '/readyz', headers: wrong }],
    ['by a session', { path: '/readyz', headers: { cookie: 'coupons-console-PORT=guess' } }],
  ])('has to wait: %s', async (_, { path, headers }) => {
    const { ask, port, delayed } = await servingBeyondLoopback();
    const named = Object.entries(headers).map(([name, value]) => [
      name,
      value.replace('PORT', String(port)),
    ]);
    await ask({ path, headers: Object.fromEntries(named) as Record<string, string> });
    expect(delayed()).toBe(1);
  });
});

describe('the stream', () => {
  const open = (port: number) => {
    const viewer = new RawConnection(port);
    viewer.send(
      `GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
    );
    return viewer;
  };

  it('tells each viewer what is known, and what changes', async () => {
    const { port, console } = await serving();
    const viewer = open(port);
    await viewer.waitFor(/event: audit\ndata: \{/);
    for (const name of ['site', 'history', 'group', 'campaigns', 'letters', 'advice', 'replay']) {
      expect(viewer.received).toContain(`event: ${name}\n`);
    }
    console.tick();
    await viewer.waitFor(/event: beat\n/);
    viewer.destroy();
    await eventually(() => console.viewers === 0);
  });

  it('is there for 100 viewers, and the next is told that there are too many', async () => {
    const { port, ask, console } = await serving(new FakeConsole({ points: [] }));
    const viewers = Array.from({ length: 100 }, () => open(port));
    await eventually(() => console.viewers === 100);
    const answer = await ask({ path: '/api/stream', headers: AS_OPERATOR });
    expect([answer.status, errorCode(answer)]).toEqual([503, 'TOO_MANY_VIEWERS']);
    for (const viewer of viewers) viewer.destroy();
    await eventually(() => console.viewers === 0);
    const again = open(port);
    await again.waitFor(/event: site/);
    again.destroy();
  });
});
