import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const operators: Operator[] = [];

/** Somebody with a data dir of their own, whose broker is stopped when the test ends. */
function operator(dataDir?: string): Operator {
  const dir = dataDir ?? temporaryDir();
  const user = new Operator(() => ({ COUPONS_DATA_DIR: dir }));
  operators.push(user);
  return user;
}

afterEach(async () => {
  for (const user of operators.splice(0)) await user.run(['broker', 'stop']);
});

const start = (user: Operator, ...args: readonly string[]) =>
  user.json(contract.brokerStatus, ['broker', 'start', '--port', '0', ...args]);
const stop = (user: Operator) => user.json(contract.brokerStatus, ['broker', 'stop']);
const status = (user: Operator) => user.json(contract.brokerStatus, ['broker', 'status']);
const statusOfNone = (user: Operator) =>
  user.json(contract.brokerStatus, ['broker', 'status'], { code: 3 });
const portOf = (address: string | null) => address?.split(':')[1] ?? '';

async function requestsKept(user: Operator, address: string | null): Promise<number> {
  const { topics } = await user.json(contract.topicsDescribed, [
    ...['topics', 'describe', 'coupon-issue-requests', '--brokers', address ?? ''],
  ]);
  return (topics[0]?.partitions ?? []).reduce((sum, { endOffset }) => sum + Number(endOffset), 0);
}

async function produceFive(user: Operator, address: string | null): Promise<void> {
  const brokers = ['--brokers', address ?? ''];
  await user.json(contract.topicsCreated, ['topics', 'create', ...brokers]);
  await user.json(contract.produced, ['produce', '--coupon', '1', '--count', '5', ...brokers]);
}

describe('the embedded broker', () => {
  it('runs in the background until it is stopped, and says where', async () => {
    const user = operator();
    expect(await statusOfNone(user)).toMatchObject({ running: false, pid: null, address: null });
    const started = await start(user);
    expect(started.running).toBe(true);
    expect(await status(user)).toEqual(started);
    expect(isAlive(started.pid)).toBe(true);

    expect(await stop(user)).toMatchObject({ running: false, pid: null, address: null });
    await eventually(() => !isAlive(started.pid));
    expect((await user.run(['broker', 'stop'])).code).toBe(0);
  });

  it('is not called running as if it worked while it hangs', async () => {
    const user = operator();
    const started = await start(user);
    const pid = started.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      const hanging = await user.run(['broker', 'status', '-o', 'json']);
      expect(hanging.code).toBe(3);
      expect(contract.brokerStatus.parse(hanging.json())).toEqual({ ...started, answers: false });
      expect(hanging.stderr).toContain('it does not answer');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await status(user)).toEqual({ ...started, answers: true });
  });

  it('is left alone when it is started a second time', async () => {
    const user = operator();
    const first = await start(user);
    expect(await start(user)).toEqual(first);
  });

  it('keeps its data over a stop, and takes the port that it is given', async () => {
    const user = operator();
    const first = await start(user);
    await produceFive(user, first.address);
    await stop(user);

    const again = await user.json(contract.brokerStatus, [
      ...['broker', 'start', '--port', portOf(first.address)],
    ]);
    expect(again.address).toBe(first.address);
    expect(await requestsKept(user, again.address)).toBe(5);
  });

  it('starts again after a kill -9, whatever files that left, with all it had acknowledged', async () => {
    const user = operator();
    const first = await start(user);
    await produceFive(user, first.address);
    process.kill(first.pid ?? 0, 'SIGKILL');
    await eventually(async () => (await user.run(['broker', 'status'])).code === 3);

    const again = await start(user);
    expect(again.pid).not.toBe(first.pid);
    expect(await requestsKept(user, again.address)).toBe(5);
  });

  it('says nothing in the foreground with --quiet', async () => {
    const user = operator();
    const running = user.start(['broker', 'run', '--port', '0', '--quiet']);
    await running.waitFor(/^address /m);
    running.kill('SIGINT');
    expect(await running.exit).toEqual({ code: 0, signal: null });
    expect(running.stderr).toBe('');
  });

  it('runs in the foreground until it is told to end', async () => {
    const user = operator();
    const running = user.start(['broker', 'run', '--port', '0', '--output', 'json']);
    const [line] = await running.waitFor(/^\{.*\}$/m);
    expect(contract.brokerStatus.parse(JSON.parse(line)).pid).toBe(running.pid);
    expect(running.stderr).toContain('for demos, development and tests');
    running.kill('SIGINT');
    expect(await running.exit).toEqual({ code: 0, signal: null });
    expect((await statusOfNone(user)).running).toBe(false);
  });

  it('does not take a port that is in use, and says so in the foreground and in the background', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const user = operator();
    for (const verb of ['run', 'start']) {
      const failure = await user.failure(['broker', verb, '--port', port]);
      expect(failure).toMatchObject({ exitCode: 4 });
      expect(failure.message).toContain(port);
      expect(failure.message).toMatch(/Port \d+ of 127\.0\.0\.1 is in use by another program\.$/);
      expect(failure.hint).toBeTruthy();
    }
    other.close();
    expect((await statusOfNone(user)).running).toBe(false);
  });

  it('does not share a data dir with another one', async () => {
    const user = operator();
    await start(user);
    expect(await user.failure(['broker', 'run', '--port', '0'])).toMatchObject({
      exitCode: 4,
      code: 'BROKER_ALREADY_RUNNING',
    });
  });

  it('says which data dir it cannot write', async () => {
    const file = join(temporaryDir(), 'a-file');
    await writeFile(file, 'not a directory');
    const user = operator(file);
    for (const verb of ['run', 'start']) {
      const failure = await user.failure(['broker', verb, '--port', '0']);
      expect(failure).toMatchObject({ exitCode: 4, code: 'DATA_DIR_NOT_WRITABLE' });
      expect(failure.message).toContain(file);
    }
    expect(await readFile(file, 'utf8')).toBe('not a directory');
  });

  it('does not start on a log that is none, and leaves it as it is', async () => {
    const dataDir = temporaryDir();
    await mkdir(join(dataDir, 'broker'));
    const user = operator(dataDir);
    const before = await start(user);
    await stop(user);
    expect(before.running).toBe(true);
    await writeFile(join(dataDir, 'broker', 'broker.db'), 'no database '.repeat(1000));
    for (const verb of ['run', 'start']) {
      expect(await user.failure(['broker', verb, '--port', '0'])).toMatchObject({ exitCode: 4 });
    }
    expect(await readFile(join(dataDir, 'broker', 'broker.db'), 'utf8')).toMatch(/^no database/);
  });
});

function isAlive(pid: number | null): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}
