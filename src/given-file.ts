/** Reading a small file that the user names: a certificate, a password, a token, the contexts. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { errorOf } from './errors.js';
import { systemWords } from './system-words.js';

/** A file of certificates has some hundred KiB. */
const MOST_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const LOOK_MS = 20;

export interface FifoLimits {
  /** How long a FIFO may be without a writer. */
  readonly withoutWriterMs: number;
  /** How long a writer may take: a password manager may ask its user first. */
  readonly withWriterMs: number;
}

const LIMITS: FifoLimits = { withoutWriterMs: 5000, withWriterMs: 30_000 };

/** A FIFO gives its content once, and the next connection needs it again. */
const fromFifos = new Map<string, Buffer>();

/**
 * All of a file, a FIFO or a process substitution. Throws an Error in the system's words, whose `cause` is the system's
 * error; also for a directory, for more than 1 MiB, and for a FIFO that nothing is written to.
 */
export function readGivenFile(path: string, limits: FifoLimits = LIMITS): Buffer {
  const before = fromFifos.get(path);
  if (before !== undefined) return before;
  let fd: number | null = null;
  try {
    // Without blocking: nothing could end a process that waits for the writer of a FIFO.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    const whole = wholeOf(fd, stats, limits);
    if (stats.isFIFO()) fromFifos.set(path, whole);
    return whole;
  } catch (error) {
    throw new Error(systemWords(errorOf(error)), { cause: error });
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function wholeOf(fd: number, stats: Stats, limits: FifoLimits): Buffer {
  if (stats.isDirectory()) throw new Error('it is a directory');
  const chunks: Buffer[] = [];
  let bytes = 0;
  let waitedMs = 0;
  for (;;) {
    const read = chunkOf(fd);
    if (read !== null && read.length === 0 && (bytes > 0 || !stats.isFIFO())) break;
    if (read !== null && read.length > 0) {
      chunks.push(read);
      bytes += read.length;
      if (bytes > MOST_BYTES) throw new Error('it is larger than 1 MiB');
      continue;
    }
    const limitMs = read === null ? limits.withWriterMs : limits.withoutWriterMs;
    if (waitedMs >= limitMs) {
      throw new Error(`nothing was written to it within ${String(limitMs / 1000)} s`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
    waitedMs += LOOK_MS;
  }
  return Buffer.concat(chunks);
}

/** Null: a writer has it open, and has written nothing. Empty: the end, or a FIFO without a writer. */
function chunkOf(fd: number): Buffer | null {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  try {
    return chunk.subarray(0, readSync(fd, chunk));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw error;
  }
}
