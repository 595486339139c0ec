/** What `produce --file` names: a regular file, or a pipe or device that can be read only once. */
import { close, constants, createReadStream, createWriteStream, fstat, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadStream, isatty } from 'node:tty';
import { promisify } from 'node:util';

/** Bytes that can be read again and again, always from the first one. */
export interface FileContent {
  read(): Readable;
  close(): Promise<void>;
}

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);

/**
 * A blocking open or read of a FIFO occupies a thread, and Node waits for that thread before it exits:
 * ctrl-C would do nothing. Elsewhere than on Linux a FIFO that is opened without blocking seems to be
 * at its end as long as nothing has opened it for writing.
 */
const OPEN_FLAGS =
  process.platform === 'linux' ? constants.O_RDONLY | constants.O_NONBLOCK : constants.O_RDONLY;

/**
 * Opens a file. What is not a regular file (a FIFO, /dev/fd/3, a process substitution, a terminal) is
 * first copied, to its end, into a temporary file. Throws what the system says (ENOENT, EACCES, ...).
 */
export async function openContent(path: string): Promise<FileContent> {
  const descriptor = await openFile(path, OPEN_FLAGS);
  const stats = await statFile(descriptor);
  if (stats.isDirectory()) {
    await closeFile(descriptor);
    throw new Error('it is a directory');
  }
  if (stats.isFile()) return contentOf(descriptor);
  return copied(unseekable(descriptor, stats.isFIFO() || stats.isSocket()));
}

function contentOf(descriptor: number): FileContent {
  return {
    read: () => createReadStream('', { fd: descriptor, start: 0, autoClose: false }),
    close: () => closeFile(descriptor),
  };
}

/** Reads without a thread that could block, where the kernel can wake us. */
function unseekable(descriptor: number, isPipe: boolean): Readable {
  if (isatty(descriptor)) return new ReadStream(descriptor);
  if (isPipe) return new Socket({ fd: descriptor, readable: true, writable: false });
  return createReadStream('', { fd: descriptor });
}

/** The copy has no name, so that it goes with the process, however that ends. */
async function copied(input: Readable): Promise<FileContent> {
  const dir = await mkdtemp(join(tmpdir(), 'coupons-produce-'));
  try {
    const descriptor = await openFile(join(dir, 'requests'), 'wx+', 0o600);
    await rm(dir, { recursive: true });
    await pipeline(input, createWriteStream('', { fd: descriptor, autoClose: false }));
    return contentOf(descriptor);
  } catch (error) {
    input.destroy();
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}
