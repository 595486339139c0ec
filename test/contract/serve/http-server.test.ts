import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CliError, UnreachableError } from '../../../src/errors.js';
import { json, text } from '../../../src/serve/http/answer.js';
import {
  startHttpServer,
  type HttpServerOptions,
  type RunningHttpServer,
} from '../../../src/serve/http/http-server.js';
import type { Route } from '../../../src/serve/http/routes.js';
import { eventually } from '../../support/eventually.js';
import { ask, RawConnection, type Answered } from '../../support/console/http-client.js';

const running: { close(): Promise<void> }[] = [];
const connections: RawConnection[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.destroy();
  for (const server of running.splice(0)) await server.close();
});

/** More than the sockets of this machine hold. */
const LARGE = 'x'.repeat(30_000_000);

const routes: readonly Route[] = [
  { method: 'GET', path: '/hello', handler: () => text('hello\n') },
  { method: 'GET', path: '/things/*', handler: (_request, name: string) => json({ name }) },
  {
    method: 'POST',
    path: '/things/*',
    handler: async (request, name: string) => json({ name, body: String(await request.body()) }),
  },
  {
    method: 'GET',
    path: '/broken',
    handler: () => {
      throw new TypeError('undefined is not a function');
    },
  },
  {
    method: 'GET',
    path: '/away',
    handler: () => {
      throw new UnreachableError('BROKER_UNREACHABLE', 'No broker answers.', 'Start one.');
    },
  },
  {
    method: 'GET',
    path: '/endless',
    handler: () => ({ status: 200, headers: {}, body: (response) => response.write('first') }),
  },
  { method: 'GET', path: '/large', handler: () => text(LARGE) },
];

async function start(options: Partial<HttpServerOptions> = {}): Promise<RunningHttpServer> {
  const flags = { host: '--host', port: '--port' };
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, flags, routes, ...options });
  running.push(server);
  return server;
}

function connected(port: number): RawConnection {
  const connection = new RawConnection(port);
  connections.push(connection);
  return connection;
}

const host = 'Host: 127.0.0.1\r\n';
const code = (answer: Answered) => answer.json<{ error: { code: string } }>().error.code;

describe('a request', () => {
  it('reaches its route, with what the path leaves open decoded', async () => {
    const { port, origin } = await start();
    expect(origin).toBe(`http://127.0.0.1:${String(port)}`);
    expect((await ask(port, { path: '/hello' })).body).toBe('hello\n');
    expect((await ask(port, { path: '/things/a%2Fb%20c' })).json()).toEqual({ name: 'a/b c' });
    const posted = await ask(port, { method: 'POST', path: '/things/x', body: 'text' });
    expect(posted.json()).toEqual({ name: 'x', body: 'text' });
  });

  it.each([
    '/',
    '/hello/',
    '/things',
    '/things/',
    '/things/a/b',
    '//hello',
    '/../hello',
    '/%2e%2e/hello',
  ])('for %s finds nothing: 404', async (path) => {
    const { port } = await start();
    const answer = await ask(port, { path });
    expect([answer.status, code(answer)]).toEqual([404, 'NOT_FOUND']);
  });

  it.each([
    ['DELETE', '/hello', 'GET, HEAD'],
    ['OPTIONS', '/things/x', 'GET, HEAD, POST'],
  ])('by %s for %s is told which methods there are: 405', async (method, path, allowed) => {
    const { port } = await start();
    const answer = await ask(port, { method, path });
    expect([answer.status, answer.headers.allow]).toEqual([405, allowed]);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('by HEAD is answered as GET, without the body, and opens no stream', async () => {
    const { port } = await start();
    const answer = await ask(port, { method: 'HEAD', path: '/hello' });
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([200, '6', '']);
    expect((await ask(port, { method: 'HEAD', path: '/endless' })).status).toBe(200);
  });

  it('for what fails gets a message and no stack trace', async () => {
    const { port } = await start();
    const broken = await ask(port, { path: '/broken' });
    expect(broken.status).toBe(500);
    expect(broken.body).not.toMatch(/\.ts|\bat /);
    const away = await ask(port, { path: '/away' });
    expect([away.status, code(away)]).toEqual([503, 'BROKER_UNREACHABLE']);
  });

  it('gets headers that leave a browser no way out, also with an error', async () => {
    const { port } = await start();
    for (const path of ['/hello', '/nothing', '/broken']) {
      const { headers } = await ask(port, { path });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });
});

describe('what is no proper request', () => {
  it.each([
    ['no Host', 'GET /hello HTTP/1.1\r\n\r\n'],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
    ['a NUL byte in the path', `GET /hel\0lo HTTP/1.1\r\n${host}\r\n`],
    [
      'the address of another server',
      `GET http://elsewhere/hello HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    ],
    ['no path', `OPTIONS * HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
    [
      'a percent sign that encodes nothing',
      `GET /things/%zz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    ],
    [
      'two lengths',
      `POST /things/x HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
  ])('%s: 400', async (_what, bytes) => {
    const { port } = await start();
    const connection = connected(port);
    connection.send(bytes);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('garbage behind a good request ends only that connection', async () => {
    const { port } = await start();
    const connection = connected(port);
    connection.send(`GET /hello HTTP/1.1\r\n${host}\r\nnonsense\r\n\r\n`);
    await connection.untilClosed();
    expect((await ask(port, { path: '/hello' })).status).toBe(200);
  });

  it('headers beyond the limit: 431', async () => {
    const { port } = await start();
    const connection = connected(port);
    connection.send(`GET /hello HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([{ 'Content-Length': '20000' }, { 'Transfer-Encoding': 'chunked' }])(
    'a body beyond the limit, with %j: 413',
    async (headers) => {
      const { port } = await start();
      const asked = { method: 'POST', path: '/things/x', headers, body: 'x'.repeat(20_000) };
      const answer = await ask(port, asked);
      expect([answer.status, code(answer)]).toEqual([413, 'BODY_TOO_LARGE']);
    },
  );

  it('a method that is none of HTTP, or a tunnel, closes the connection', async () => {
    const { port } = await start();
    for (const bytes of ['BREW / HTTP/1.1\r\n', `CONNECT elsewhere:443 HTTP/1.1\r\n${host}\r\n`]) {
      const connection = connected(port);
      connection.send(bytes);
      expect(await connection.untilClosed()).not.toMatch(/ 200 /);
    }
  });
});

describe('a client that is slow', () => {
  it.each([
    ['says nothing', ''],
    ['trickles its headers', `GET /hello HTTP/1.1\r\n${host}X-Slow: `],
    ['trickles its body', `POST /things/x HTTP/1.1\r\n${host}Content-Length: 5000\r\n\r\n`],
  ])('%s is ended', async (_what, opening) => {
    const { port } = await start({ limits: { headersMs: 200, requestMs: 300 } });
    const connection = connected(port);
    connection.send(opening);
    const trickle = async () => {
      while (!connection.isClosed) {
        if (opening !== '') connection.send('x');
        await delay(20);
      }
    };
    await Promise.all([trickle(), connection.untilClosed()]);
    expect(connection.received).not.toMatch(/ 200 /);
  });
});

describe('a client that gets a large answer', () => {
  it('and takes nothing of it is ended', async () => {
    let isOver = false;
    const path = '/watched';
    const handler: Route['handler'] = ({ signal }) => {
      signal.addEventListener('abort', () => (isOver = true));
      return text(LARGE);
    };
    const { port } = await start({
      limits: { stalledMs: 300 },
      routes: [{ method: 'GET', path, handler }],
    });
    const connection = connected(port);
    connection.socket.pause();
    connection.send(`GET ${path} HTTP/1.1\r\n${host}\r\n`);
    await eventually(() => isOver);
    connection.socket.resume();
    expect((await connection.untilClosed()).length).toBeLessThan(LARGE.length);
  });

  it('and takes it slowly gets all of it', async () => {
    const { port } = await start({ limits: { stalledMs: 300 } });
    const connection = connected(port);
    connection.send(`GET /large HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    while (!connection.isClosed) {
      connection.socket.pause();
      await delay(20);
      connection.socket.resume();
      await delay(2);
    }
    expect(connection.received.length).toBeGreaterThan(LARGE.length);
  });
});

describe('connections', () => {
  it('beyond the limit are refused, and those within are served', async () => {
    const { port } = await start({ limits: { connections: 2 } });
    const open = [connected(port), connected(port)];
    for (const connection of open) {
      connection.send(`GET /endless HTTP/1.1\r\n${host}\r\n`);
      await connection.waitFor(/first/);
    }
    const third = connected(port);
    third.send(`GET /hello HTTP/1.1\r\n${host}\r\n`);
    expect(await third.untilClosed()).toBe('');
    expect(open.some(({ isClosed }) => isClosed)).toBe(false);
    open[0]?.destroy();
    await eventually(async () => (await ask(port, { path: '/hello' })).status === 200);
  });

  it('end with the server: streams, idle ones, and a request that never comes whole', async () => {
    const server = await start();
    const [stream, idle, half] = [
      connected(server.port),
      connected(server.port),
      connected(server.port),
    ];
    stream.send(`GET /endless HTTP/1.1\r\n${host}\r\n`);
    idle.send(`GET /hello HTTP/1.1\r\n${host}\r\n`);
    half.send('GET /hel');
    await stream.waitFor(/first/);
    await idle.waitFor(/hello/);
    await server.close();
    await Promise.all([stream, idle, half].map((connection) => connection.untilClosed()));
  });
});

describe('where it listens', () => {
  it('a port in use is said with the option that names another', async () => {
    const { port } = await start();
    const failure = await start({ port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CliError);
    expect(failure).toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${String(port)} is in use by another program.`,
      hint: 'Choose another port with --port, or --port 0 for a free one.',
      exitCode: 1,
    });
  });

  it('an address that this machine does not have is named', async () => {
    const failure = await start({ host: '192.0.2.1' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'HOST_NOT_AVAILABLE', exitCode: 1 });
    expect(String(failure)).toContain('192.0.2.1');
  });
});
