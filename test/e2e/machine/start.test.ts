/** How bin/coupons.js starts: from the bundle, and from what V8 compiled of it at the build. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { executable } from '../../support/command-line/cli.js';

const require = createRequire(import.meta.url);
const { codeCache, compile } = require('../../../bin/program.js') as {
  readonly codeCache: string;
  readonly compile: (cachedData: Buffer) => Script;
};
const { version } = require('../../../package.json') as { readonly version: string };

/** What the program says its version is, started by this Node with these flags. */
async function versionSaid(
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const args = [...flags, executable, '--version'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...env },
  });
  return stdout.trim();
}

test('the build leaves compiled code that this Node accepts', () => {
  expect(compile(readFileSync(codeCache)).cachedDataRejected).toBe(false);
});

test('a Node that refuses the compiled code starts all the same', async () => {
  // V8 takes no code that was compiled under other flags.
  expect(await versionSaid(['--jitless'])).toBe(version);
});

test('with COUPONS_DEBUG it starts, with stack traces of the sources', async () => {
  expect(await versionSaid([], { COUPONS_DEBUG: '1' })).toBe(version);
});
