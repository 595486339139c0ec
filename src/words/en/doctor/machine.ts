import type { MachineFinding } from '../../../doctor/check.js';
import { byteSize } from '../../../text/byte-size.js';
import { shellWord } from '../../../text/shell-word.js';
import type { Words } from '../../in-words.js';
import { fine, type CheckText } from './text.js';

export const MACHINE: Words<MachineFinding, CheckText> = {
  NODE_OK: ({ version, needed }) => fine(`Node ${version} (${needed} or newer is needed)`),
  NODE_TOO_OLD: ({ version, needed }) => ({
    detail: `Node ${version} is older than ${needed}`,
    fix: 'nvm install --lts',
  }),
  PACKAGES_OK: ({ ownVersion, sqliteVersion, packages }) =>
    fine(
      `coupons ${ownVersion}, SQLite ${sqliteVersion}; all ${String(packages.length)} packages are installed as package.json asks`,
    ),
  PACKAGES_MISSING: ({ missing, directory }) => ({
    detail: `not installed: ${missing.join(', ')}`,
    fix: install(directory),
  }),
  PACKAGES_NOT_AS_PINNED: ({ wrong, directory }) => ({
    detail: wrong
      .map(
        ({ name, wanted, version }) => `${name} is ${version ?? 'missing'}, and must be ${wanted}`,
      )
      .join(', '),
    fix: install(directory),
  }),
  SQLITE_DOES_NOT_LOAD: ({ failure }) => ({
    detail: failure.message,
    fix: failure.hint,
  }),
  DISK_OK: ({ directory, freeBytes }) => fine(free(directory, freeBytes)),
  DISK_LOW: ({ directory, freeBytes }) => ({
    detail: free(directory, freeBytes),
    fix: diskUsage(directory),
  }),
  DISK_FULL: ({ directory, freeBytes }) => ({
    detail: free(directory, freeBytes),
    fix: diskUsage(directory),
  }),
  DISK_UNKNOWN: ({ directory, failure }) => ({
    detail: failure.message,
    fix: diskUsage(directory),
  }),
  LOG_FILE_OK: ({ path }) => fine(`${path} can be written`),
  LOG_FILE_NOT_WRITABLE: ({ path, obstacle }) => ({
    detail: `${path} cannot be written: ${obstacle}`,
    fix: 'coupons consume --log-file ./application.log',
  }),
  KAFKA_UI_ABSENT: ({ url }) => fine(`not running at ${url}; \`docker compose up -d\` starts one`),
  KAFKA_UI_OK: ({ url }) => fine(`answers at ${url}`),
  KAFKA_UI_FAILS: ({ url, httpStatus }) => ({
    detail: `${url} answers with status ${String(httpStatus)}`,
    fix: 'docker compose restart kafka-ui',
  }),
};

/** By its lock file, where there is one. */
function install(directory: string): string {
  return `npm install --prefix ${shellWord(directory)}`;
}

function free(directory: string, freeBytes: number): string {
  return `${byteSize(freeBytes)} free at ${directory}`;
}

function diskUsage(directory: string): string {
  return `df -h ${shellWord(directory)}`;
}
