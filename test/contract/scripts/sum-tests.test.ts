import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDir } from '../../support/temporary-dir.js';

const dir = temporaryDir();

function report(name: string, passed: number, failed: number, success = failed === 0): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, success }));
  return path;
}

function sum(...paths: readonly string[]): { readonly code: number | null; readonly last: string } {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/sum-tests.js', ...paths], {
    encoding: 'utf8',
  });
  return { code: status, last: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

test('adds up the counts of all reports', () => {
  expect(sum(report('a', 3, 0), report('b', 4, 0))).toEqual({
    code: 0,
    last: '7 passed, 0 failed',
  });
});

test('fails when a test failed', () => {
  expect(sum(report('a', 3, 2), report('b', 4, 0))).toEqual({
    code: 1,
    last: '7 passed, 2 failed',
  });
});

test('a file that could not be loaded counts as a failure', () => {
  expect(sum(report('a', 3, 0, false))).toEqual({ code: 1, last: '3 passed, 1 failed' });
});

test('a run that left no report counts as a failure', () => {
  expect(sum(report('a', 3, 0), join(dir, 'none'))).toEqual({
    code: 1,
    last: '3 passed, 1 failed',
  });
});
