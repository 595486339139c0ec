/** Checks of the store, and of the database server that has it. */
import type { Failure } from '../errors.js';
import { LARGE_LOG_BYTES, type ServerHealth, type StoreHealth } from '../ports/store-access.js';
import { isSameHost } from '../ports/group-store.js';
import { fail, pass, warn, type Check, type StoreElsewhere, type StoreOfGroup } from './check.js';

/** Four times what is due to be copied into the file, and twice what SQLite keeps of a log that has been larger. */

/**
 * `path`: the file, or the database's URL. `seen`: null where there is no store yet. `obstacle`: why the file can't be
 * written; null: it can, or it is none.
 */
export function checkStore(
  path: string,
  seen: StoreHealth | Failure | null,
  obstacle: string | null,
): Check {
  const name = 'store';
  const isReadable = seen === null || !('message' in seen);
  if (isReadable && obstacle !== null) {
    return fail(name, { code: 'STORE_NOT_WRITABLE', path, obstacle });
  }
  if (seen === null) return warn(name, { code: 'STORE_MISSING', path, elsewhere: null });
  if ('message' in seen) return fail(name, { code: 'STORE_FAILED', path, failure: seen });
  const { damages, schemaVersion, latestSchemaVersion, sizeBytes, server } = seen;
  if (damages.length > 0) return fail(name, { code: 'STORE_DAMAGED', path, damages });
  if (seen.isLocked) return fail(name, { code: 'STORE_LOCKED', path });
  if (schemaVersion === 0) return warn(name, { code: 'STORE_EMPTY', path, elsewhere: null });
  const missing = server?.missingPrivileges ?? [];
  if (missing.length > 0) return fail(name, { code: 'STORE_PRIVILEGES_MISSING', path, missing });
  const { writeAheadLogBytes: logBytes } = seen;
  if (logBytes > LARGE_LOG_BYTES) return warn(name, { code: 'STORE_LOG_LARGE', path, logBytes });
  return schemaVersion < latestSchemaVersion
    ? warn(name, { code: 'STORE_OLD_SCHEMA', path, schemaVersion, latestSchemaVersion, sizeBytes })
    : pass(name, { code: 'STORE_OK', path, schemaVersion, sizeBytes });
}

/**
 * Where the group uses a store elsewhere, that one is missing here, and a new one would be the wrong fix. It is a
 * failure where the group's store was at this very path: it is lost, or was moved.
 */
export function besideStoreOfGroup(checks: readonly Check[]): readonly Check[] {
  const compared = checks.find((check) => check.code === 'NO_STORE_TO_COMPARE');
  const elsewhere = compared === undefined ? 'unknown' : elsewhereOf(compared);
  return checks.map((check) => {
    // The check of the store has the fix.
    if (check.code === 'STORE_NOT_COMPARED' && checks.some(({ code }) => code === 'STORE_FAILED')) {
      return { ...check, failure: { ...check.failure, hint: null } };
    }
    if (check.code !== 'STORE_MISSING' && check.code !== 'STORE_EMPTY') return check;
    const { name, status, code, path } = check;
    return { name, status: wasHere(path, elsewhere) ? 'fail' : status, code, path, elsewhere };
  });
}

function elsewhereOf({ group, host, used }: NoStore): StoreElsewhere | null {
  return used === null ? null : { group, host, used };
}

type NoStore = Extract<StoreOfGroup, { readonly code: 'NO_STORE_TO_COMPARE' }>;

/** Whether the store that the group uses was at this path of this host. */
export function wasHere(path: string, elsewhere: StoreElsewhere | 'unknown' | null): boolean {
  if (elsewhere === null || elsewhere === 'unknown') return false;
  return isSameHost(elsewhere.used, elsewhere) && elsewhere.used.path === path;
}

const OLDEST_POSTGRES = 13;
/** A consumer takes three, and other programs want some, too. */
const FEW_CONNECTIONS = 10;
/** More than what clocks that are kept by NTP differ by. */
const CLOCK_TOLERANCE_MS = 2000;

/** What the server is worth as the home of a store. */
export function checkStoreServer(server: ServerHealth): Check {
  const name = 'store-server';
  const { version, majorVersion, unsafeSettings, connections, connectionLimit } = server;
  if (majorVersion < OLDEST_POSTGRES) {
    return fail(name, { code: 'SERVER_TOO_OLD', version, needed: OLDEST_POSTGRES });
  }
  if (server.isStandby) return fail(name, { code: 'SERVER_IS_STANDBY' });
  if (unsafeSettings.length > 0) {
    return warn(name, { code: 'SERVER_MAY_LOSE_COMMITS', settings: unsafeSettings });
  }
  if (connectionLimit - connections < FEW_CONNECTIONS) {
    return warn(name, { code: 'SERVER_CONNECTIONS_FEW', connections, connectionLimit });
  }
  if (Math.abs(server.clockAheadMs) > CLOCK_TOLERANCE_MS) {
    return warn(name, { code: 'SERVER_CLOCK_DIFFERS', aheadMs: server.clockAheadMs });
  }
  return pass(name, { code: 'SERVER_OK', server });
}
