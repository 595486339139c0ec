/** Checks of this machine: Node, packages, disk, log file, Kafka UI. */
import type { Failure } from '../errors.js';
import { fail, pass, warn, type Check, type InstalledPackage } from './check.js';

/** package.json's "engines". */
const OLDEST_NODE = [20, 19] as const;

/** `version` as process.versions.node has it. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  const needed = OLDEST_NODE.join('.');
  return isOld
    ? fail('node', { code: 'NODE_TOO_OLD', version, needed })
    : pass('node', { code: 'NODE_OK', version, needed });
}

/**
 * An exact version is pinned because we rely on what only that one does. `sqlite` is the version of
 * the SQLite that loads, or why none does: usually its binary was built for another version of Node. `directory`: where
 * coupons is installed.
 */
export function checkPackages(
  ownVersion: string,
  packages: readonly InstalledPackage[],
  sqlite: string | Failure,
  directory: string,
): Check {
  const name = 'packages';
  const missing = packages.filter(({ version }) => version === null).map((each) => each.name);
  if (missing.length > 0) return fail(name, { code: 'PACKAGES_MISSING', missing, directory });
  if (typeof sqlite !== 'string') {
    return fail(name, { code: 'SQLITE_DOES_NOT_LOAD', failure: sqlite });
  }
  const wrong = packages.filter(({ wanted, version }) => /^\d/.test(wanted) && version !== wanted);
  const installed = { ownVersion, sqliteVersion: sqlite, packages };
  return wrong.length === 0
    ? pass(name, { code: 'PACKAGES_OK', ...installed })
    : fail(name, { code: 'PACKAGES_NOT_AS_PINNED', wrong, directory, ...installed });
}

const MIB = 1024 * 1024;

/** A million requests take about 300 MB of store. */
const LITTLE_SPACE_BYTES = 1024 * MIB;
const NO_SPACE_BYTES = 100 * MIB;

export function checkDisk(directory: string, freeBytes: number | Failure): Check {
  const name = 'disk';
  if (typeof freeBytes !== 'number') {
    return warn(name, { code: 'DISK_UNKNOWN', directory, failure: freeBytes });
  }
  if (freeBytes < NO_SPACE_BYTES) return fail(name, { code: 'DISK_FULL', directory, freeBytes });
  return freeBytes < LITTLE_SPACE_BYTES
    ? warn(name, { code: 'DISK_LOW', directory, freeBytes })
    : pass(name, { code: 'DISK_OK', directory, freeBytes });
}

/** `obstacle`: why the log can't be written; null: it can. */
export function checkLogFile(path: string, obstacle: string | null): Check {
  return obstacle === null
    ? pass('log-file', { code: 'LOG_FILE_OK', path })
    : fail('log-file', { code: 'LOG_FILE_NOT_WRITABLE', path, obstacle });
}

/** `httpStatus`: null where nothing listens. Never fails: nothing here needs Kafka UI. */
export function checkKafkaUi(url: string, httpStatus: number | null): Check {
  const name = 'kafka-ui';
  if (httpStatus === null) return pass(name, { code: 'KAFKA_UI_ABSENT', url });
  return httpStatus < 500
    ? pass(name, { code: 'KAFKA_UI_OK', url })
    : warn(name, { code: 'KAFKA_UI_FAILS', url, httpStatus });
}
