import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDir } from '../../support/temporary-dir.js';

const dir = temporaryDir();

function report(name: string, passed: number, failed: number, success = failed === 0): string {
  return written(name, { numPassedTests: passed, numFailedTests: failed, success });
}

function written(name: string, content: object): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

interface Sum {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly last: string | undefined;
}

function sum(...paths: readonly string[]): Sum {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/sum-tests.js', ...paths], {
    encoding: 'utf8',
  });
  const lines = stdout.trimEnd().split('\n');
  return { code: status, lines, last: lines.at(-1) };
}

test('adds up the counts of all reports', () => {
  expect(sum(report('a', 3, 0), report('b', 4, 0))).toMatchObject({
    code: 0,
    last: '7 passed, 0 failed',
  });
});

test('fails when a test failed', () => {
  expect(sum(report('a', 3, 2), report('b', 4, 0))).toMatchObject({
    code: 1,
    last: '7 passed, 2 failed',
  });
});

test('a file that could not be loaded counts as a failure', () => {
  expect(sum(report('a', 3, 0, false))).toMatchObject({ code: 1, last: '3 passed, 1 failed' });
});

test('a run that left no report counts as a failure', () => {
  expect(sum(report('a', 3, 0), join(dir, 'none'))).toMatchObject({
    code: 1,
    last: '3 passed, 1 failed',
  });
});

test('names what failed, above the counts', () => {
  const inTest = { fullName: 'lag is read', status: 'failed', failureMessages: ['Error: 7\n at'] };
  const lag = { name: join(process.cwd(), 'test/lag.test.ts'), status: 'failed', message: '' };
  const start = { name: join(process.cwd(), 'test/start.test.ts'), status: 'failed' };
  const path = written('named', {
    numPassedTests: 5,
    numFailedTests: 1,
    success: false,
    testResults: [
      { ...lag, assertionResults: [inTest, { fullName: 'other', status: 'passed' }] },
      { ...start, message: 'Cannot find module', assertionResults: [] },
    ],
  });
  expect(sum(path).lines).toEqual([
    'test/lag.test.ts: lag is read: Error: 7',
    'test/start.test.ts: Cannot find module',
    '5 passed, 1 failed',
  ]);
});
