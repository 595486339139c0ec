/**
 * The process's stdout and stderr. All that is written goes through here, so that no failure is
 * missed: Node's own streams lose what a full disk takes half of, and a closed pipe ends the process.
 */
import { fstatSync, writeSync } from 'node:fs';
import { systemWords } from '../system-words.js';

/** As much of process.stdout as is needed here. */
export interface NodeStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(data: string | Uint8Array, done: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Writes all of it and calls `done`; false: better wait for that before writing more. */
type Write = (data: string | Uint8Array, done: (error?: Error | null) => void) => boolean;

export class OutputStream {
  readonly #stream: NodeStream;
  readonly #write: Write;
  readonly #readerGone = new AbortController();
  readonly #unwritable = new AbortController();
  /** Writes that are not done yet, and who waits until none is left. */
  #unwritten = 0;
  #waiting: (() => void)[] = [];
  #failure: string | null = null;

  /** `fd` is the stream's file descriptor where it may be a file or a device. */
  constructor(stream: NodeStream, fd: number | null) {
    this.#stream = stream;
    this.#write =
      fd !== null && isFile(stream, fd) ? fileWriter(fd) : (data, done) => stream.write(data, done);
    // Also for what others write to it: a live line, a prompt.
    stream.on('error', (error) => {
      this.#failed(error);
    });
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  /** 0 where it is not known. */
  get columns(): number {
    return this.#stream.columns ?? 0;
  }

  /** Aborts when its reader is gone: a closed pipe, a closed terminal. */
  get readerGone(): AbortSignal {
    return this.#readerGone.signal;
  }

  /** Aborts when something could not be written, for whatever reason. */
  get unwritable(): AbortSignal {
    return this.#unwritable.signal;
  }

  /** Why something could not be written, in the system's words; null also where the reader is gone. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Never throws. False: more than the reader has taken yet is waiting; see `flushed`. */
  write(data: string | Uint8Array): boolean {
    if (this.readerGone.aborted) return true;
    this.#unwritten += 1;
    return this.#write(data, (error) => {
      if (error != null) this.#failed(error);
      this.#unwritten -= 1;
      if (this.#unwritten > 0) return;
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  /** Writes as fast as the reader reads, up to the end or to the first failure. */
  async writeAll(chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
    for await (const chunk of chunks) {
      if (!this.write(chunk)) await this.flushed();
      if (this.unwritable.aborted) return;
    }
  }

  /** Resolves when all that was written is out, or has failed. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#unwritten === 0) resolve();
      else this.#waiting.push(resolve);
    });
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (isReaderGone(error, this.isTTY)) this.#readerGone.abort();
    else this.#failure ??= systemWords(error);
    this.#unwritable.abort();
  }
}

/** A terminal that was closed gives EIO. */
function isReaderGone({ code = '' }: NodeJS.ErrnoException, isTTY: boolean): boolean {
  return READER_GONE.has(code) || (isTTY && code === 'EIO');
}

const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** A file, or a device that is no terminal. */
function isFile({ isTTY }: NodeStream, fd: number): boolean {
  if (isTTY === true) return false;
  const stats = fstatSync(fd);
  return stats.isFile() || stats.isCharacterDevice() || stats.isBlockDevice();
}

/**
 * A disk that fills up takes the first part of a write and says so by its length alone, which Node's
 * stream for files ignores. After a part was written, the next write begins on a line of its own.
 */
function fileWriter(fd: number): Write {
  let isTorn = false;
  return (data, done) => {
    const wanted = typeof data === 'string' ? Buffer.from(data) : data;
    const bytes = isTorn ? Buffer.concat([Buffer.from('\n'), wanted]) : wanted;
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(fd, bytes, written);
      isTorn = false;
      done();
    } catch (error) {
      isTorn ||= written > 0;
      done(error instanceof Error ? error : new Error(String(error)));
    }
    return true;
  };
}
