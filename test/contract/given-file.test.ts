import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readGivenFile } from '../../src/given-file.js';
import { newFifo } from '../support/fifo.js';
import { temporaryDir } from '../support/temporary-dir.js';

const dir = temporaryDir();
const NONE = { withoutWriterMs: 0, withWriterMs: 0 };

it('is read to its end, however large within the limit', () => {
  const path = join(dir, 'file');
  for (const length of [0, 5, 1024 * 1024]) {
    writeFileSync(path, 'x'.repeat(length));
    expect(readGivenFile(path, NONE)).toHaveLength(length);
  }
});

it.each([
  ['a path without a file', () => join(dir, 'nowhere'), 'no such file or directory'],
  ['a directory', () => dir, 'it is a directory'],
  ['a file that is too large', () => largeFile(), 'it is larger than 1 MiB'],
  ['a device without an end', () => '/dev/zero', 'it is larger than 1 MiB'],
  ['a FIFO that nothing opens to write', () => newFifo(), 'nothing was written to it within 0 s'],
])('%s is an error in plain words', (_what, path, words) => {
  expect(() => readGivenFile(path(), NONE)).toThrow(words);
});

it('a device that is empty is an empty file', () => {
  expect(readGivenFile('/dev/null', NONE)).toHaveLength(0);
});

it('a FIFO is waited for until its writer has written and closed it', async () => {
  const fifo = newFifo();
  const writer = spawn('sh', ['-c', 'exec > "$0"; printf hun; printf ter2', fifo]);
  expect(readGivenFile(fifo).toString()).toBe('hunter2');
  await once(writer, 'exit');
  // The next connection needs the password again.
  expect(readGivenFile(fifo, NONE).toString()).toBe('hunter2');
});

it('a writer that writes nothing is no reason to wait for ever', async () => {
  const fifo = newFifo();
  const writer = spawn('sh', ['-c', 'exec 3<>"$0"; echo open; exec cat', fifo], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(writer.stdout, 'data');
  expect(() => readGivenFile(fifo, NONE)).toThrow('nothing was written to it within 0 s');
  writer.stdin.end();
  await once(writer, 'exit');
});

function largeFile(): string {
  const path = join(dir, 'large');
  writeFileSync(path, '');
  truncateSync(path, 1024 * 1024 + 1);
  return path;
}
