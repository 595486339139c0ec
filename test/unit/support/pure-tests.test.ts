import { exec, execFileSync, fork, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';

it.each([
  ['start a process', () => spawn('true')],
  ['start a process', () => exec('true')],
  ['start a process', () => fork('true.js')],
  ['start a process', () => execFileSync('true')],
  ['listen on a socket', () => createServer().listen(0)],
  ['connect to anything', () => connect(1)],
])('a unit test may not %s: %s', (what, attempt) => {
  expect(attempt).toThrow(`A unit test may not ${what}.`);
});
