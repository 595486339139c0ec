/** The executable: how it starts, what it prints, how it ends. What it serves is tested in test/contract/serve. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coupons, startCoupons, type RunningCoupons } from '../../support/command-line/cli.js';
import * as contract from '../../support/json-contract/contract.js';
import { testCluster, type TestCluster } from '../../support/broker/cluster.js';
import { eventually } from '../../support/eventually.js';
import { ask } from '../../support/console/http-client.js';
import { temporaryDir } from '../../support/temporary-dir.js';

let cluster: TestCluster;
const dir = temporaryDir();
const TOKEN = '0123456789abcdef0123';

beforeAll(async () => {
  cluster = await testCluster();
  for (const args of ['topics create', 'campaigns create 7 --stock 5', 'produce --coupon 7']) {
    expect((await coupons(args.split(' '), { env: env() })).code).toBe(0);
  }
});

afterAll(() => cluster.stop());

const env = () => ({ COUPONS_BROKERS: cluster.brokers, COUPONS_DATA_DIR: join(dir, 'data') });

interface Served extends contract.Serve {
  readonly run: RunningCoupons;
  readonly port: number;
}

async function serve(
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const options = { env: { ...env(), ...more } };
  const run = startCoupons(['serve', '--port', '0', '-o', 'json', ...args], options);
  const [line] = await run.waitFor(/^\{.*\}$/m);
  const document = contract.serve.parse(JSON.parse(line));
  return { ...document, run, port: Number(new URL(document.url).port) };
}

/** The first event of a name that the stream of `serve` has. */
async function firstEvent(url: string, name: string): Promise<string> {
  const page = await fetch(url);
  const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const stream = await fetch(new URL('/api/stream', url), { headers: { cookie } });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const event = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`);
  for (let text = ''; ;) {
    const part = await reader?.read();
    if (part === undefined || part.done)
      throw new Error(`The stream ended without ${name}: ${text}`);
    text += part.value;
    const found = event.exec(text)?.[1];
    if (found !== undefined) {
      await reader?.cancel();
      return found;
    }
  }
}

describe('coupons serve', () => {
  it('says where it is, shows the page and what it reads, and ends with 0', async () => {
    const { url, metricsUrl, readOnly, run, port } = await serve();
    expect(readOnly).toBe(true);
    expect(metricsUrl).toBe(`http://127.0.0.1:${String(port)}/metrics`);
    expect((await ask(port)).status).toBe(401);
    const page = await ask(port, { path: url.slice(new URL(url).origin.length) });
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('/assets/console.js')]);
    expect((await ask(port, { path: '/assets/console.js' })).status).toBe(200);
    expect(await firstEvent(url, 'site')).toContain(`"brokers":"${cluster.brokers}"`);
    await eventually(async () => (await ask(port, { path: '/readyz' })).status === 200);
    const metrics = await ask(port, { path: '/metrics' });
    expect(metrics.body).toContain('coupons_campaign_stock{coupon="7"} 5');

    run.kill('SIGINT');
    expect(await run.exit).toEqual({ code: 0, signal: null });
    expect(run.stdout.trim().split('\n')).toHaveLength(1);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends with 0 by %s, though a page is open',
    async (signal) => {
      const { url, run } = await serve();
      const page = await fetch(url);
      const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const stream = await fetch(new URL('/api/stream', url), { headers: { cookie } });
      run.kill(signal);
      expect(await run.exit).toEqual({ code: 0, signal: null });
      await expect(stream.text()).resolves.toContain('event: site');
    },
  );

  it('says the same to people, in a few lines', async () => {
    const run = startCoupons(['serve', '--port', '0', '--allow-replay'], { env: env() });
    await run.waitFor(/replay +allowed\n/);
    expect(run.stdout).toMatch(/^console +http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{24}\n/);
    expect(run.stdout).toContain(cluster.brokers);
    await eventually(() => run.stderr.includes('Stop it with ctrl-C.'));
    run.kill();
    expect((await run.exit).code).toBe(0);
  });

  it('starts while neither cluster nor store is there, says so, and shows them when they come', async () => {
    const later = join(dir, 'later');
    const { port } = await serve([], { COUPONS_DATA_DIR: later });
    const notYet = await ask(port, { path: '/readyz' });
    expect([notYet.status, notYet.body]).toEqual([503, expect.stringContaining('STORE_NOT_FOUND')]);
    const create = ['campaigns', 'create', '1', '--stock', '5'];
    await coupons(create, { env: { ...env(), COUPONS_DATA_DIR: later } });
    await eventually(async () => (await ask(port, { path: '/readyz' })).status === 200);

    const away = await serve(['--brokers', '127.0.0.1:1']);
    const answer = await ask(away.port, { path: '/readyz' });
    expect([answer.status, answer.body]).toEqual([
      503,
      expect.stringContaining('BROKER_UNREACHABLE'),
    ]);
    expect((await ask(away.port, { path: '/livez' })).status).toBe(200);
  });
});

describe('the token', () => {
  it('that was given is not printed, and survives a restart with the session', async () => {
    const tokenFile = join(dir, 'token');
    writeFileSync(tokenFile, `${TOKEN}\n`);
    const first = await serve(['--token-file', tokenFile]);
    expect(first.run.stdout + first.run.stderr).not.toContain(TOKEN);
    const signedIn = await ask(first.port, { path: `/?token=${TOKEN}` });
    const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    first.run.kill('SIGKILL');
    await first.run.exit;

    const args = ['--token-file', tokenFile, '--port', String(first.port)];
    const again = await serve(args);
    expect((await ask(again.port, { headers: { cookie } })).status).toBe(200);
    expect((await ask(again.port, { path: '/?token=another' })).status).toBe(401);
    expect(again.run.stdout + again.run.stderr).not.toContain(TOKEN);
  });

  it.each([
    [['--host', '0.0.0.0'], {}, 'other machines can reach the console, so it needs a token'],
    [['--host', '0.0.0.0'], { COUPONS_SERVE_TOKEN: '' }, 'needs a token'],
    [[], { COUPONS_SERVE_TOKEN: 'short' }, 'it must have 16 to 500'],
    [['--token-file', join(dir, 'nowhere')], {}, 'Cannot read the token from'],
  ])('%j %j: exit code 2', async (args, more, why) => {
    const all = ['serve', '--port', '0', ...args, '-o', 'json'];
    const run = await coupons(all, { env: { ...env(), ...more } });
    const { error } = contract.failure.parse(run.json());
    expect([run.code, error.code]).toEqual([2, 'USAGE']);
    expect(error.message).toContain(why);
  });
});

it('a port in use is named, with what to do: exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const run = await coupons(['serve', '--port', String(port), '-o', 'json'], { env: env() });
  other.close();
  expect(run.code).toBe(1);
  expect(contract.failure.parse(run.json()).error).toEqual({
    code: 'PORT_IN_USE',
    message: `Port ${String(port)} is in use by another program.`,
    hint: 'Choose another port with --port, or --port 0 for a free one.',
  });
});

describe('--open', () => {
  it('gives the browser an address that opens the page once', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" > '${join(dir, 'opened')}'\n`);
    chmodSync(join(bin, 'xdg-open'), 0o755);
    const { url, port } = await serve(['--open'], { PATH: `${bin}:/usr/bin:/bin` });
    const opened = await eventually(() => readFileSync(join(dir, 'opened'), 'utf8').trim());
    expect(opened).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${String(port)}/\\?token=`));
    expect(opened).not.toBe(url);
    const path = opened.slice(new URL(opened).origin.length);
    expect((await ask(port, { path })).status).toBe(200);
    expect((await ask(port, { path })).status).toBe(401);
  });

  it('without a browser is a note, and the console goes on', async () => {
    const { run, port } = await serve(['--open'], { PATH: join(dir, 'empty') });
    await eventually(() => run.stderr.includes('No browser could be opened'));
    expect((await ask(port, { path: '/livez' })).status).toBe(200);
  });
});
