import { constants, createWriteStream, openSync, rmSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import { realpath, rename, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, errorOf, withFullStop } from '../errors.js';
import { systemWords } from '../system-words.js';

/** How messages name the file, and the option that gave it. */
interface WrittenFile {
  readonly what: string;
  readonly option: string;
}

const EXPORT: WrittenFile = { what: 'export', option: '--file' };

/**
 * Writes a file whole or not at all: under another name first, so that an export that breaks off
 * leaves no half file behind and a file that was there before as it was. A device or a pipe is
 * written as it is. Throws CliError CANNOT_WRITE_FILE; an error of the data's own source passes where
 * it is a CliError.
 */
export async function writeWhole(
  file: string,
  data: Readable,
  { what, option }: WrittenFile = EXPORT,
): Promise<void> {
  try {
    const there = await found(file);
    if (there === null) await replace(file, data, NEW_FILE_MODE);
    else if (there.isFile()) await replace(await realpath(file), data, there.mode);
    else if (there.isFIFO()) await pipeline(data, await openFifo(file));
    else await pipeline(data, createWriteStream(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      'CANNOT_WRITE_FILE',
      withFullStop(`Cannot write the ${what} to ${file}: ${systemWords(errorOf(error))}`),
      `Give a ${option} in a directory that exists and can be written, with room on its disk.`,
      { cause: error },
    );
  }
}

const READER_LIMIT_MS = 5000;
const LOOK_MS = 50;

/**
 * Without blocking: nothing could end a process that waits for the reader of a FIFO. Throws an Error where there is
 * none within 5 s.
 */
async function openFifo(path: string): Promise<Socket> {
  for (let waitedMs = 0; waitedMs <= READER_LIMIT_MS; waitedMs += LOOK_MS) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await sleep(LOOK_MS);
    }
  }
  throw new Error(
    `nothing has opened this FIFO to read it within ${String(READER_LIMIT_MS / 1000)} s`,
  );
}

/** Less the umask. */
const NEW_FILE_MODE = 0o666;

/** What is there already, links followed, or null. */
async function found(file: string): Promise<Stats | null> {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function replace(file: string, data: Readable, mode: number): Promise<void> {
  const unfinished = `${file}.${String(process.pid)}.tmp`;
  const remove = () => {
    rmSync(unfinished, { force: true });
  };
  // A signal ends the process without coming back here.
  process.once('exit', remove);
  try {
    // What counts as exported may be purged next: it has to be on the disk.
    await pipeline(data, createWriteStream(unfinished, { mode, flush: true }));
    await rename(unfinished, file);
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off('exit', remove);
  }
}
