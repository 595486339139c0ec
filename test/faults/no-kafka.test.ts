import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { coupons } from '../support/command-line/cli.js';

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Something that listens and is no broker. */
async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const TIMEOUT_S = 2;

describe.each([
  ['consume', ['consume']],
  ['produce', ['produce', '--coupon', '1']],
  ['lag', ['lag']],
])('%s', (_name, args) => {
  const run = (brokers: string) =>
    coupons([...args, '--brokers', brokers, '--timeout', String(TIMEOUT_S), '-o', 'json']);

  it.each([
    ['accepts and never answers', () => undefined],
    ['speaks something else', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['closes at once', (socket: Socket) => socket.destroy()],
  ])('ends with exit code 4 where a port %s', async (_what, onSocket) => {
    const brokers = await listen(onSocket);
    const startMs = Date.now();
    const result = await run(brokers);
    expect(result.code).toBe(4);
    const { error } = result.json<{ error: { code: string; message: string; hint: string } }>();
    expect(error.code).toMatch(/^(BROKER_(TIMEOUT|UNREACHABLE)|CONNECTION_CLOSED)$/);
    expect(error.message).toContain(brokers);
    expect(error.hint).not.toBe('');
    // Starting the process takes its time, too.
    expect(Date.now() - startMs).toBeLessThan(TIMEOUT_S * 1000 + 15_000);
  });
});
