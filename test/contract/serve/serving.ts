/** A server over a console with scripted data, on a free port of 127.0.0.1. */
import { afterEach } from 'vitest';
import type { Assets } from '../../../src/serve/http/assets.js';
import {
  startConsoleServer,
  type ConsoleServerOptions,
} from '../../../src/serve/http/console-server.js';
import type { RunningHttpServer } from '../../../src/serve/http/http-server.js';
import { FakeConsole } from '../../support/fake-console.js';
import { ask, type Answered, type Asked } from '../../support/http-client.js';

export const TOKEN = 'the-token-of-this-test';
export const PROXY_HOST = 'console.example.com';
export const AS_OPERATOR = { authorization: `Bearer ${TOKEN}` };

const running: RunningHttpServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

const assets: Assets = new Map([
  ['index.html', { contentType: 'text/html; charset=utf-8', content: Buffer.from('<title>page') }],
  ['console.js', { contentType: 'text/javascript; charset=utf-8', content: Buffer.from('1') }],
]);

const usual: Omit<ConsoleServerOptions, 'console'> = {
  ...{ host: '127.0.0.1', port: 0, flags: { host: '--host', port: '--port' } },
  clock: { now: Date.now, wait: () => Promise.resolve() },
  ...{ token: TOKEN, allowedHosts: [], assets },
  metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
};

export interface Serving {
  readonly port: number;
  readonly console: FakeConsole;
  /** Without credentials, unless they are given. */
  readonly ask: (asked: Asked) => Promise<Answered>;
}

export async function serving(console = new FakeConsole()): Promise<Serving> {
  return started(await startConsoleServer({ ...usual, console }), console);
}

/** As the one that other machines reach, here through a proxy: its metrics are not for everyone. */
export async function servingBeyondLoopback(console = new FakeConsole()): Promise<Serving> {
  const allowedHosts = [PROXY_HOST];
  return started(await startConsoleServer({ ...usual, console, allowedHosts }), console);
}

function started(server: RunningHttpServer, console: FakeConsole): Serving {
  running.push(server);
  return { port: server.port, console, ask: (asked) => ask(server.port, asked) };
}

export function errorCode(answer: Answered): string {
  return answer.json<{ error: { code: string } }>().error.code;
}
