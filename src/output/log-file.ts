import { accessSync, constants, mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { once } from 'node:events';
import { createLogger, format, transports } from 'winston';
import { UnreachableError, messageOf } from '../errors.js';
import { printable } from './printable.js';

/** A readable log, a line an event, rotated by size: application.log, application1.log, ... */
export interface LogFile {
  info(line: string): void;
  warn(line: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 5;

/**
 * Opens (and appends to) a log whose lines look like those of the system this tool takes over from:
 * `2026-11-22T10:00:00.000Z INFO [Kafka Consumer] ...`. Throws UnreachableError LOG_NOT_WRITABLE.
 */
export function openLogFile(path: string, tag: string): LogFile {
  try {
    mkdirSync(dirname(path), { recursive: true });
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new UnreachableError(
      'LOG_NOT_WRITABLE',
      `Cannot write the log file ${path}: ${messageOf(error)}`,
      'Give another --log-file or --data-dir.',
    );
  }
  const { combine, timestamp, printf } = format;
  const file = new transports.File({
    dirname: dirname(path),
    filename: basename(path),
    maxsize: MAX_FILE_BYTES,
    maxFiles: MAX_FILES,
    tailable: true,
  });
  const line = printf(
    (entry) =>
      `${String(entry['timestamp'])} ${entry.level.toUpperCase().padEnd(5)} [${tag}] ${oneLine(String(entry.message))}`,
  );
  // winston's types name the file transport by an interface, though it is a TransportStream.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const logger = createLogger({ format: combine(timestamp(), line) }).add(file);
  // A full disk must not end the consumer: the log falls silent, the work goes on.
  file.on('error', () => undefined);
  logger.on('error', () => undefined);
  return {
    info: (text) => logger.info(text),
    warn: (text) => logger.warn(text),
    close: async () => {
      const finished = once(file, 'finish');
      logger.end();
      await finished;
    },
  };
}

/** Reasons quote what anybody may have sent, and a log is read on a terminal. */
function oneLine(text: string): string {
  return printable(text.replaceAll('\n', ' '));
}
