/** Checks of this machine: Node, packages, store, disk, log file, Kafka UI. */
import { dirname } from 'node:path';
import { byteSize } from '../text/byte-size.js';
import { shellWord } from '../text/shell-word.js';
import { fail, pass, warn, type Check, type Trouble } from './doctor.js';

/** package.json's "engines". */
const OLDEST_NODE = [20, 19] as const;

/** `version` as process.versions.node has it. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  const needed = OLDEST_NODE.join('.');
  return isOld
    ? fail('node', `Node ${version} is older than ${needed}`, 'nvm install --lts')
    : pass('node', `Node ${version} (${needed} or newer is needed)`);
}

export interface InstalledPackage {
  readonly name: string;
  /** The version or range that package.json asks for. */
  readonly wanted: string;
  /** Null: not installed. */
  readonly version: string | null;
}

/**
 * An exact version is pinned because we rely on what only that one does. `sqlite` is the version of
 * the SQLite that loads, or why it does not: a binary made for another Node is the usual reason.
 */
export function checkPackages(
  ownVersion: string,
  packages: readonly InstalledPackage[],
  sqlite: string | Trouble,
): Check {
  const name = 'packages';
  const missing = packages.filter(({ version }) => version === null);
  if (missing.length > 0) {
    const names = missing.map((each) => each.name).join(', ');
    return fail(name, `not installed: ${names}`, 'npm ci');
  }
  if (typeof sqlite !== 'string') {
    return fail(
      name,
      `better-sqlite3 does not load: ${sqlite.message}`,
      'npm rebuild better-sqlite3',
    );
  }
  const strayed = packages.filter(
    ({ wanted, version }) => /^\d/.test(wanted) && version !== wanted,
  );
  const versions = packages.map((each) => `${each.name} ${each.version ?? ''}`).join(', ');
  const detail = `coupons ${ownVersion}, SQLite ${sqlite}, ${versions}`;
  if (strayed.length === 0) return pass(name, detail);
  const pinned = strayed.map((each) => `${each.name} must be ${each.wanted}`).join(', ');
  return fail(name, `${pinned}: ${detail}`, 'npm ci');
}

export interface StoreObservation {
  readonly schemaVersion: number;
  readonly latestSchemaVersion: number;
  /** Empty: its integrity is fine. */
  readonly damages: readonly string[];
  /** Another process does not let go of it. */
  readonly isLocked: boolean;
  readonly sizeBytes: number;
}

/** `seen` is null where there is no store yet; `obstacle` says why it can't be written, null: it can. */
export function checkStore(
  path: string,
  seen: StoreObservation | Trouble | null,
  obstacle: string | null,
): Check {
  const name = 'store';
  const isThere = seen === null || !('message' in seen);
  if (isThere && obstacle !== null) {
    return fail(
      name,
      `${path} cannot be written: ${obstacle}`,
      `ls -ld ${shellWord(dirname(path))} ${shellWord(path)}`,
    );
  }
  if (seen === null) {
    return warn(name, `none yet at ${path}`, FIRST_CAMPAIGN);
  }
  if ('message' in seen) return fail(name, seen.message, storeFix(path, seen));
  if (seen.damages.length > 0) {
    return fail(name, `${path} is damaged: ${seen.damages.join('; ')}`, recover(path));
  }
  if (seen.isLocked) {
    return fail(name, `${path} cannot be written: another process keeps it locked`, holders(path));
  }
  if (seen.schemaVersion === 0) return warn(name, `${path} is empty`, FIRST_CAMPAIGN);
  const size = byteSize(seen.sizeBytes);
  if (seen.schemaVersion < seen.latestSchemaVersion) {
    return warn(
      name,
      `${path} has schema ${String(seen.schemaVersion)} of ${String(seen.latestSchemaVersion)}, ${size}; the next command that writes brings it up to date`,
      'coupons consume --until-drained',
    );
  }
  return pass(name, `${path}: integrity ok, schema ${String(seen.schemaVersion)}, ${size}`);
}

const FIRST_CAMPAIGN = 'coupons campaigns create 1 --stock 100';

/** Which processes have it open. */
function holders(path: string): string {
  return `lsof ${shellWord(path)}`;
}

function storeFix(path: string, { code }: Trouble): string {
  switch (code) {
    case 'STORE_CORRUPT':
      return recover(path);
    case 'STORE_BUSY':
      return holders(path);
    case 'STORE_NEWER_VERSION':
      return 'npm install --global coupons@latest';
    case 'STORE_NOT_A_DATABASE':
    case 'STORE_FOREIGN_DATABASE':
      return 'coupons doctor --store <path>';
    default:
      return `ls -l ${shellWord(path)}`;
  }
}

/** SQLite's own way (https://sqlite.org/recovery.html); nothing of the old file is touched. */
function recover(path: string): string {
  return `sqlite3 ${shellWord(path)} .recover | sqlite3 ${shellWord(`${path}.recovered`)}`;
}

const MIB = 1024 * 1024;

/** A million requests take about 300 MB of store. */
const LITTLE_SPACE_BYTES = 1024 * MIB;
const NO_SPACE_BYTES = 100 * MIB;

export function checkDisk(directory: string, freeBytes: number | Trouble): Check {
  const name = 'disk';
  const fix = `df -h ${shellWord(directory)}`;
  if (typeof freeBytes !== 'number') return warn(name, freeBytes.message, fix);
  const detail = `${byteSize(freeBytes)} free at ${directory}`;
  if (freeBytes < NO_SPACE_BYTES) return fail(name, detail, fix);
  return freeBytes < LITTLE_SPACE_BYTES ? warn(name, detail, fix) : pass(name, detail);
}

/** `obstacle` says why the log cannot be written, null where it can. */
export function checkLogFile(path: string, obstacle: string | null): Check {
  return obstacle === null
    ? pass('log-file', `${path} can be written`)
    : fail(
        'log-file',
        `${path} cannot be written: ${obstacle}`,
        'coupons consume --log-file ./application.log',
      );
}

/** `answer` is the HTTP status, null where nobody listens: nothing here needs Kafka UI. */
export function checkKafkaUi(url: string, answer: number | null): Check {
  const name = 'kafka-ui';
  if (answer === null) return pass(name, `none at ${url}; \`docker compose up -d\` brings one`);
  return answer < 500
    ? pass(name, `answers at ${url}`)
    : warn(name, `${url} answers with status ${String(answer)}`, 'docker compose restart kafka-ui');
}
