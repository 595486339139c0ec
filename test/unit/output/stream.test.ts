import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputStream } from '../../../src/output/stream.js';
import { FakeStream, systemError } from '../../support/command-line/fake-stream.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const { ENOSPC, EPIPE, EIO } = constants.errno;

function opened(options = {}) {
  const stream = new FakeStream(options);
  return { stream, output: new OutputStream(stream, null) };
}

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield await Promise.resolve(text);
}

describe('what can not be written', () => {
  it('is a failure in the words of the system, and does not throw', () => {
    const { stream, output } = opened();
    stream.error = systemError('ENOSPC', -ENOSPC);
    output.write('lost');
    expect(output.failure).toBe('no space left on device');
    expect([output.unwritable.aborted, output.readerGone.aborted]).toEqual([true, false]);
  });

  it('is no failure where the reader has gone away: nothing more is written', () => {
    const { stream, output } = opened();
    stream.error = systemError('EPIPE', -EPIPE);
    output.write('unread');
    expect(output.failure).toBeNull();
    expect(output.readerGone.aborted).toBe(true);
    stream.error = null;
    output.write('more');
    expect(stream.text).toBe('');
  });

  it('is the same on a terminal that was closed, where the system calls it an I/O error', () => {
    const terminal = opened({ isTTY: true });
    terminal.stream.emit('error', systemError('EIO', -EIO));
    expect(terminal.output.readerGone.aborted).toBe(true);
    const file = opened();
    file.stream.emit('error', systemError('EIO', -EIO));
    expect(file.output.failure).toBe('i/o error');
  });
});

describe('a slow reader', () => {
  it('gets everything before it counts as written', async () => {
    const { stream, output } = opened();
    stream.isHeld = true;
    output.write('one ');
    output.write('two');
    const order: string[] = [];
    const flushed = output.flushed().then(() => order.push('flushed'));
    order.push('waiting');
    stream.release();
    await flushed;
    expect(order).toEqual(['waiting', 'flushed']);
    expect(stream.text).toBe('one two');
  });

  it('holds up what is read for it', async () => {
    const { stream, output } = opened();
    stream.isHeld = true;
    let read = 0;
    const source = async function* () {
      for await (const chunk of chunks('one ', 'two')) {
        read += 1;
        yield chunk;
      }
    };
    const written = output.writeAll(source());
    await Promise.resolve();
    expect(read).toBeLessThan(2);
    stream.release();
    await written;
    expect(stream.text).toBe('one two');
  });

  it('that goes away ends the reading', async () => {
    const { stream, output } = opened();
    stream.error = systemError('EPIPE', -EPIPE);
    const source = chunks('one', 'two', 'three');
    await output.writeAll(source);
    expect(await source.next()).toEqual({ value: undefined, done: true });
  });
});

describe('a file', () => {
  it('gets bytes and texts in their order', () => {
    const path = join(temporaryDir(), 'out');
    writeFileSync(path, '');
    const fd = openSync(path, 'a');
    const output = new OutputStream(new FakeStream(), fd);
    output.write('한글 ');
    output.write(Buffer.from('bytes'));
    closeSync(fd);
    expect(readFileSync(path, 'utf8')).toBe('한글 bytes');
    expect(output.unwritable.aborted).toBe(false);
  });

  it('on a full disk is a failure at every write', () => {
    const fd = openSync('/dev/full', 'w');
    const output = new OutputStream(new FakeStream(), fd);
    output.write('lost');
    output.write('lost too');
    closeSync(fd);
    expect(output.failure).toBe('no space left on device');
  });
});
