import { closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname, parse, join } from 'node:path';
import { UnreachableError, errorOf, withFullStop } from '../errors.js';
import { releaseLock, takeLock } from '../lock-file.js';
import { logLine, type LogEntry, type LogFields, type LogFormat } from './log-format.js';
import { systemWords } from '../system-words.js';

/** A log, a line an event. */
export interface LogFile {
  /** What it says is to be seen on stderr already. */
  readonly isOnStderr: boolean;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Resolves when everything is written that can be. */
  close(): Promise<void>;
}

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 5;
/** Lines beyond this are dropped while the disk does not answer. */
const MAX_WAITING_CHARACTERS = 1024 * 1024;

/** Without blocking: nothing could end a process that waits for the reader of a FIFO. */
const APPENDING =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** Failures of the disk, which pass; all others are a path that is wrong. */
const DISK_FAILURES = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG']);

export interface LogFileOptions {
  /** Who logs: "Kafka Consumer". */
  readonly logger: string;
  readonly format: LogFormat;
  /** Hears in the system's words why lines are lost, once. */
  readonly failed: (why: string) => void;
}

/**
 * Opens (and appends to) a log that is rotated by size: application.log, application1.log, ... Throws
 * UnreachableError LOG_NOT_WRITABLE. A full disk ends nothing, and the lines that are lost are counted in the
 * log as soon as it can be written again.
 */
export function openLogFile(path: string, options: LogFileOptions): LogFile {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (!isFifo(path)) closeSync(openSync(path, APPENDING));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!DISK_FAILURES.has(code)) {
      throw new UnreachableError(
        'LOG_NOT_WRITABLE',
        withFullStop(`Cannot write the log file ${path}: ${systemWords(errorOf(error))}`),
        'Give another --log-file or --data-dir.',
      );
    }
  }
  return new AppendedLog(path, options);
}

/** Its reader would take the first close for the end. */
function isFifo(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

class AppendedLog implements LogFile {
  readonly isOnStderr = false;
  readonly #file: RotatedFile;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #lostLines = 0;
  #hasFailed = false;
  /** Resolves when nothing waits any more; null while nothing does. */
  #writing: Promise<void> | null = null;

  constructor(
    path: string,
    private readonly options: LogFileOptions,
  ) {
    this.#file = new RotatedFile(path);
  }

  info(message: string, fields: LogFields = {}): void {
    this.#add(this.#line('info', message, fields));
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#add(this.#line('warn', message, fields));
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  #add(line: string): void {
    if (this.#waitingCharacters + line.length > MAX_WAITING_CHARACTERS) {
      this.#lostLines += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    this.#writing ??= this.#writeWaiting();
  }

  #line(level: LogEntry['level'], message: string, fields: LogFields): string {
    const { logger, format } = this.options;
    return logLine(format, { atMs: Date.now(), level, logger, message, fields });
  }

  /** Never rejects. */
  async #writeWaiting(): Promise<void> {
    // What is logged in the same turn is written at once.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.splice(0);
      this.#waitingCharacters = 0;
      const lost = this.#lostLines;
      const notice =
        lost === 0 ? [] : [this.#line('warn', `${String(lost)} lines are missing`, {})];
      try {
        await this.#file.append([...notice, ...lines].join(''));
        this.#lostLines -= lost;
      } catch (error) {
        this.#lostLines += lines.length;
        if (!this.#hasFailed) this.options.failed(systemWords(errorOf(error)));
        this.#hasFailed = true;
      }
    }
    this.#writing = null;
  }
}

/** Several processes may append to it, and rotate it. */
class RotatedFile {
  #handle: FileHandle | null = null;
  /** The last write ended within a line. */
  #isTorn = false;

  constructor(private readonly path: string) {}

  /** Throws what the system says; a part may have been written then. */
  async append(text: string): Promise<void> {
    const handle = await this.#opened();
    const bytes = Buffer.from(this.#isTorn ? `\n${text}` : text);
    for (let written = 0; written < bytes.length; this.#isTorn = written < bytes.length) {
      written += (await handle.write(bytes, written)).bytesWritten;
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** The file that has the name now: another process, or logrotate, may have moved the last one away. */
  async #opened(): Promise<FileHandle> {
    if (this.#handle !== null) {
      const [ours, named] = await Promise.all([
        this.#handle.stat(),
        stat(this.path).catch(() => null),
      ]);
      const isFull = ours.isFile() && ours.size >= MAX_FILE_BYTES;
      if (named?.ino === ours.ino && !isFull) return this.#handle;
      await this.close();
      if (named?.ino === ours.ino) await this.#rotate(ours.ino);
    }
    this.#handle = await open(this.path, APPENDING);
    return this.#handle;
  }

  /**
   * application.log becomes application1.log, that application2.log, and so on; the last is dropped. One process at a time:
   * two of them would move a full file over another one. `full`: the inode of the file to rotate.
   */
  async #rotate(full: number): Promise<void> {
    const lock = `${this.path}.lock`;
    await takeLock(lock);
    try {
      // Another process may have rotated it while this one waited.
      if ((await stat(this.path).catch(() => null))?.ino === full) await this.#moveAlong();
    } finally {
      releaseLock(lock);
    }
  }

  async #moveAlong(): Promise<void> {
    const { dir, name, ext } = parse(this.path);
    const numbered = (number: number) =>
      number === 0 ? this.path : join(dir, `${name}${String(number)}${ext}`);
    for (let number = MAX_FILES - 1; number > 0; number -= 1) {
      await rename(numbered(number - 1), numbered(number)).catch(() => undefined);
    }
  }
}
