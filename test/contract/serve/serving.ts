/** A server over a console with scripted data, on a free port of 127.0.0.1. */
import { afterEach } from 'vitest';
import type { Assets } from '../../../src/serve/http/assets.js';
import {
  startConsoleServer,
  type ConsoleServerOptions,
} from '../../../src/serve/http/console-server.js';
import type { RunningHttpServer } from '../../../src/serve/http/http-server.js';
import { FakeConsole } from '../../support/console/fake-console.js';
import { ask, type Answered, type Asked } from '../../support/console/http-client.js';

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

const usual: Omit<ConsoleServerOptions, 'console' | 'clock' | 'allowedHosts'> = {
  ...{ host: '127.0.0.1', port: 0, flags: { host: '--host', port: '--port' } },
  ...{ token: TOKEN, assets },
  metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
};

export interface Serving {
  readonly port: number;
  readonly console: FakeConsole;
  /** Without credentials, unless they are given. */
  readonly ask: (asked: Asked) => Promise<Answered>;
  /** How many answers had to wait. */
  readonly delayed: () => number;
}

export function serving(console = new FakeConsole()): Promise<Serving> {
  return start(console, []);
}

/** As the one that other machines reach, here through a proxy: its metrics are not for everyone. */
export function servingBeyondLoopback(console = new FakeConsole()): Promise<Serving> {
  return start(console, [PROXY_HOST]);
}

async function start(console: FakeConsole, allowedHosts: readonly string[]): Promise<Serving> {
  let delayed = 0;
  const wait = () => {
    delayed += 1;
    return Promise.resolve();
  };
  const clock = { now: Date.now, wait };
  const server = await startConsoleServer({ ...usual, console, clock, allowedHosts });
  running.push(server);
  const { port } = server;
  return { port, console, ask: (asked) => ask(port, asked), delayed: () => delayed };
}

export function errorCode(answer: Answered): string {
  return answer.json<{ error: { code: string } }>().error.code;
}
