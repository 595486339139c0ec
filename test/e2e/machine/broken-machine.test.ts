/** A machine that lacks something: a home directory, or the native module of SQLite. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

describe('a user without a home directory', () => {
  const dataDir = temporaryDir();
  // An empty HOME is no home, as a user that the system does not know has none.
  const env = { HOME: '', XDG_DATA_HOME: '', XDG_CONFIG_HOME: '', COUPONS_BROKERS: '127.0.0.1:1' };
  const user = new Operator(() => env);

  it('works with --data-dir', async () => {
    const created = await user.json(contract.campaign, [
      ...['campaigns', 'create', '1', '--stock', '3', '--data-dir', dataDir],
    ]);
    expect(created).toMatchObject({ couponId: 1 });
    expect(await user.failure(['lag', '--data-dir', dataDir])).toMatchObject({
      code: 'BROKER_UNREACHABLE',
    });
  });

  it.each([
    { args: ['campaigns', 'list'], hint: '--data-dir' },
    { args: ['lag'], hint: '--data-dir' },
    { args: ['broker', 'status'], hint: '--data-dir' },
    { args: ['context', 'list', '--data-dir', dataDir], hint: 'XDG_CONFIG_HOME' },
    { args: ['context', 'use', 'prod', '--data-dir', dataDir], hint: 'XDG_CONFIG_HOME' },
    { args: ['lag', '--context', 'prod', '--data-dir', dataDir], hint: 'XDG_CONFIG_HOME' },
  ])('is told what to give: $args', async ({ args, hint }) => {
    const failure = await user.failure(args);
    expect(failure).toMatchObject({ exitCode: 2, code: 'USAGE' });
    expect(failure.message).toContain('no home directory');
    expect(failure.hint).toContain(hint);
  });
});

describe('a program without the native module of SQLite', () => {
  const root = temporaryDir();
  const dataDir = join(root, 'data');

  beforeAll(async () => {
    await copyProgram(root);
    await mkdir(dataDir);
    await rm(join(root, BINARY));
    await writeFile(join(dataDir, 'there.db'), 'a store');
  });

  const run = (args: readonly string[]) => failureOf(root, [...args, '--data-dir', dataDir]);

  it.each([
    { args: ['campaigns', 'create', '1', '--stock', '3'] },
    { args: ['broker', 'status'] },
    { args: ['broker', 'start', '--port', '0'] },
    { args: ['broker', 'run', '--port', '0'] },
    { args: ['consume', '--brokers', '127.0.0.1:1', '--store', join(dataDir, 'there.db')] },
  ])('names it, and how to build it where it is installed: $args', async ({ args }) => {
    const { exitCode, error } = await run(args);
    expect({ exitCode, ...error }).toMatchObject({ exitCode: 4, code: 'SQLITE_NOT_LOADED' });
    expect(error.message).toContain('missing or damaged');
    expect(error.hint).toContain(`npm rebuild better-sqlite3 --prefix ${root}`);
  });

  it('names a damaged one likewise', async () => {
    await writeFile(join(root, BINARY), 'not a module');
    const { error } = await run(['campaigns', 'create', '1', '--stock', '3']);
    expect(error).toMatchObject({ code: 'SQLITE_NOT_LOADED' });
  });
});

const BINARY = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

/** What is installed of the program, with a copy of better-sqlite3 and links to the other packages. */
async function copyProgram(to: string): Promise<void> {
  const from = fileURLToPath(new URL('../../..', import.meta.url));
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(join(from, part), join(to, part), { recursive: true });
  }
  const modules = join(to, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(join(from, 'node_modules'))) {
    if (name === 'better-sqlite3') continue;
    await symlink(join(from, 'node_modules', name), join(modules, name));
  }
  for (const part of ['package.json', 'lib', 'build/Release/better_sqlite3.node']) {
    const path = join('better-sqlite3', part);
    await cp(join(from, 'node_modules', path), join(modules, path), { recursive: true });
  }
}

interface Failed {
  readonly exitCode: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

async function failureOf(root: string, args: readonly string[]): Promise<Failed> {
  const command = [join(root, 'bin/coupons.js'), ...args, '-o', 'json'];
  try {
    await promisify(execFile)(process.execPath, command, { timeout: 30_000 });
  } catch (failure) {
    const { code, stdout } = failure as { readonly code: number; readonly stdout: string };
    return { exitCode: code, ...(JSON.parse(stdout) as Pick<Failed, 'error'>) };
  }
  throw new Error(`coupons ${args.join(' ')} succeeded without SQLite`);
}
