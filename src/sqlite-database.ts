/** Opens SQLite databases. All of them are opened here, so that a missing native module is one error everywhere. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { messageOf, UnreachableError } from './errors.js';
import { packageFile } from './package-file.js';
import { shellWord } from './text/shell-word.js';

/**
 * As `new Database(...)` of better-sqlite3, whose errors it passes on. Throws UnreachableError SQLITE_NOT_LOADED where its
 * native module is missing, damaged, or built for another version of Node: no file is to blame then.
 */
export function openSqlite(path: string, options: Database.Options = {}): Database.Database {
  try {
    return new Database(path, options);
  } catch (error) {
    throw isNotLoaded(error) ? notLoaded(error) : error;
  }
}

/** The codes of Node for a native module that is not there, or that it can't load. */
const NOT_LOADED = ['MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'];

function isNotLoaded(error: unknown): boolean {
  return NOT_LOADED.includes((error as NodeJS.ErrnoException).code ?? '');
}

function notLoaded(error: unknown): UnreachableError {
  const [reason = ''] = messageOf(error).split('\n');
  const builtFor = /NODE_MODULE_VERSION (\d+)/.exec(messageOf(error))?.[1];
  const isOfAnotherNode = builtFor !== undefined && builtFor !== process.versions.modules;
  return new UnreachableError(
    'SQLITE_NOT_LOADED',
    isOfAnotherNode
      ? `SQLite cannot be loaded: better-sqlite3 was built for another version of Node than this one (${process.version}).`
      : `SQLite cannot be loaded: the native module of better-sqlite3 is missing or damaged (${reason}).`,
    `Run \`${rebuildCommand()}\`; it needs a C++ compiler where no prebuilt module can be downloaded.`,
    { cause: error },
  );
}

/** For where this program is installed: a clone, another package's node_modules, or npm's global directory. */
function rebuildCommand(): string {
  const root = rootOfModules(dirname(packageFile('package.json')));
  return root === null
    ? `npm install --prefix ${shellWord(dirname(packageFile('package.json')))}`
    : `npm rebuild better-sqlite3 --prefix ${shellWord(root)}`;
}

/** The directory above this one, or this one, whose node_modules has better-sqlite3. */
function rootOfModules(directory: string): string | null {
  if (existsSync(join(directory, 'node_modules', 'better-sqlite3'))) return directory;
  const parent = dirname(directory);
  return parent === directory ? null : rootOfModules(parent);
}
