import { createReadStream } from 'node:fs';
import { chmod, lstat, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { writeWhole } from '../../../src/output/whole-file.js';
import { newFifo } from '../../support/fifo.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const data = () => Readable.from(['one\n', 'two\n']);

it('a file that a link names is replaced where it is, and only its owner reads it as before', async () => {
  const dir = temporaryDir();
  const [file, link] = [join(dir, 'letters.jsonl'), join(dir, 'link')];
  await writeFile(file, 'old');
  await chmod(file, 0o600);
  await symlink(file, link);
  await writeWhole(link, data());
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(file, 'utf8')).toBe('one\ntwo\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dir)).toEqual(['letters.jsonl', 'link']);
});

it('a pipe is written into, and stays a pipe', async () => {
  const pipe = newFifo();
  const [read] = await Promise.all([text(createReadStream(pipe)), writeWhole(pipe, data())]);
  expect(read).toBe('one\ntwo\n');
  expect((await lstat(pipe)).isFIFO()).toBe(true);
});

it('a pipe that nothing reads is an error, and no wait without an end', async () => {
  await expect(writeWhole(newFifo(), data())).rejects.toThrow(
    /nothing has opened this FIFO to read/,
  );
}, 20_000);

it('a directory is refused before any of the data is read', async () => {
  const dir = temporaryDir();
  const unread = data();
  await expect(writeWhole(dir, unread)).rejects.toMatchObject({ code: 'CANNOT_WRITE_FILE' });
  expect(await readdir(dir)).toEqual([]);
});

it('nothing is left of an export whose source fails', async () => {
  const dir = temporaryDir();
  const failing = Readable.from(
    (function* () {
      yield 'one\n';
      throw new Error('the broker went away');
    })(),
  );
  await expect(writeWhole(join(dir, 'letters.jsonl'), failing)).rejects.toThrow('went away');
  expect(await readdir(dir)).toEqual([]);
});

it('nothing is left of an export that a signal ends', async () => {
  const dir = temporaryDir();
  const source = new Readable({ read: () => undefined });
  const writing = writeWhole(join(dir, 'letters.jsonl'), source);
  source.push('one\n');
  await expect.poll(() => readdir(dir)).toHaveLength(1);
  // A signal ends the program through process.exit.
  process.listeners('exit').at(-1)?.(130);
  expect(await readdir(dir)).toEqual([]);
  source.destroy(new Error('over'));
  await expect(writing).rejects.toThrow('over');
});
