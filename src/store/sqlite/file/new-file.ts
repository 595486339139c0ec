/** A store's file that comes into being whole: under another name first, which it then loses. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../../../errors.js';
import { storeExists } from '../../../ports/store-copy.js';

/** Less the umask. */
const NEW_FILE_MODE = 0o666;

/** SQLite's files beside a database. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** What is written meanwhile; the next attempt deletes what one that was killed has left. */
function unfinishedOf(file: string): string {
  return `${file}.unfinished`;
}

/** Whether a store is at this path, or a log that SQLite would take for that of a store put there. */
export function isTaken(file: string): boolean {
  return existsSync(file) || hasLog(file);
}

/**
 * `write` makes a database file at the path that it is given, and closes it. The file is then synced and put
 * at `file`, where there was none. Throws CliError, STORE_EXISTS among others, and what `write` throws.
 */
export async function writeNewFile<T>(
  file: string,
  write: (path: string) => Promise<T>,
): Promise<T> {
  if (isTaken(file)) throw storeExists(file);
  return writeUnfinished(file, write, moveToNewName);
}

/**
 * The same for a file that may be there, and is replaced; where it is a link, what that leads to. A store that
 * is in use is not replaced.
 */
export async function writeReplacedFile<T>(
  path: string,
  write: (path: string) => Promise<T>,
): Promise<T> {
  const file = existsSync(path) ? realpathSync(path) : path;
  if (hasLog(file)) throw inUse(file);
  return writeUnfinished(file, write, renameSync);
}

async function writeUnfinished<T>(
  file: string,
  write: (path: string) => Promise<T>,
  move: (from: string, to: string) => void,
): Promise<T> {
  const path = unfinishedOf(file);
  const remove = () => {
    removeDatabase(path);
  };
  mkdirSync(dirname(file), { recursive: true });
  remove();
  const fd = openSync(path, 'wx', NEW_FILE_MODE);
  // A signal ends the process without coming back here.
  process.once('exit', remove);
  try {
    const result = await write(path);
    fsyncSync(fd);
    // Another attempt that began meanwhile has deleted this file, and the one at the path is its own.
    if (statSync(path).ino !== fstatSync(fd).ino) throw overtaken(file);
    move(path, file);
    syncDirectory(dirname(file));
    return result;
  } finally {
    process.off('exit', remove);
    // Only now: closing it takes away the locks that SQLite has on the file in this process.
    closeSync(fd);
    remove();
  }
}

/** Unlike a rename, a link never replaces what is there. Some file systems have none (FAT). */
function moveToNewName(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (existsSync(to)) throw storeExists(to);
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
    renameSync(from, to);
    return;
  }
  unlinkSync(from);
}

function syncDirectory(dir: string): void {
  const fd = openSync(dir, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** A reader leaves an empty write-ahead log behind, which means nothing. */
function hasLog(file: string): boolean {
  return ['-wal', '-journal'].some((suffix) => {
    const stats = statSync(`${file}${suffix}`, { throwIfNoEntry: false });
    return stats !== undefined && stats.size > 0;
  });
}

function removeDatabase(path: string): void {
  for (const suffix of ['', ...COMPANIONS]) rmSync(`${path}${suffix}`, { force: true });
}

function inUse(file: string): CliError {
  return new CliError(
    'STORE_EXISTS',
    `${file} is a store in use: its write-ahead log is beside it. Nothing was changed.`,
    'Name another file.',
  );
}

function overtaken(file: string): CliError {
  return new CliError(
    'STORE_BUSY',
    `Another command has begun to write ${file} meanwhile, so this one stopped.`,
    'Run only one of them.',
  );
}
