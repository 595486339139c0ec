import { dirname } from 'node:path';
import { CONSUMER_GROUP } from '../../../coupon/topics.js';
import { isStoreUrl } from '../../../config/store-location.js';
import { wasHere } from '../../../doctor/store-checks.js';
import type { ServerFinding, StoreElsewhere, StoreFinding } from '../../../doctor/check.js';
import type { Failure } from '../../../errors.js';
import { groupBy } from '../../../group-by.js';
import { describePlace, isSameHost } from '../../../ports/group-store.js';
import type { ServerHealth, TablePrivilege } from '../../../ports/store-access.js';
import { byteSize } from '../../../text/byte-size.js';
import { count, duration } from '../../../text/figures.js';
import { shellWord } from '../../../text/shell-word.js';
import type { Words } from '../../in-words.js';
import { fine, type CheckText } from './text.js';

const FIRST_CAMPAIGN = 'coupons campaigns create 1 --stock 100';

export const STORE: Words<StoreFinding, CheckText> = {
  STORE_MISSING: (seen) => notThere(seen, `none at ${seen.path}`),
  STORE_EMPTY: (seen) => notThere(seen, `${seen.path} is a file with nothing in it`),
  STORE_LOCKED: ({ path }) => ({
    detail: `${path} cannot be written: another process keeps it locked`,
    fix: lockHolders(path),
  }),
  STORE_NOT_WRITABLE: ({ path, obstacle }) => ({
    detail: `${path} cannot be written: ${obstacle}`,
    fix: `ls -ld ${shellWord(dirname(path))} ${shellWord(path)}`,
  }),
  STORE_PRIVILEGES_MISSING: ({ path, missing }) => ({
    detail: `${path} is there, but the user lacks privileges: ${byTable(missing).join('; ')}`,
    fix: `as the owner of the tables, in psql: ${grants(missing)}`,
  }),
  STORE_FAILED: ({ path, failure }) => ({
    detail: failure.message,
    fix: isStoreUrl(path) ? failure.hint : fileFix(path, failure),
  }),
  STORE_DAMAGED: ({ path, damages }) => ({
    detail: `${path} is damaged: ${damages.join('; ')}`,
    fix: restore(path),
  }),
  STORE_OLD_SCHEMA: ({ path, schemaVersion, latestSchemaVersion, sizeBytes }) => ({
    detail: `${path} has schema ${String(schemaVersion)} of ${String(latestSchemaVersion)}, ${byteSize(sizeBytes)}; the next command that writes to it updates the schema`,
    fix: 'coupons store migrate',
  }),
  STORE_LOG_LARGE: ({ path, logBytes }) => ({
    detail: `the write-ahead log ${path}-wal has ${byteSize(logBytes)}: a process reads an old state of the store (an audit, an export, a transaction left open), so the log grows with each write and can't start again. Let that process end, or stop it`,
    fix: lockHolders(path),
  }),
  STORE_OK: ({ path, schemaVersion, sizeBytes }) => {
    const integrity = isStoreUrl(path) ? '' : 'integrity ok, ';
    return fine(`${path}: ${integrity}schema ${String(schemaVersion)}, ${byteSize(sizeBytes)}`);
  },
};

export const SERVER: Words<ServerFinding, CheckText> = {
  SERVER_TOO_OLD: ({ version, needed }) => ({
    detail: `PostgreSQL ${version} is older than ${String(needed)}`,
    fix: `upgrade the server to PostgreSQL ${String(needed)} or newer`,
  }),
  SERVER_IS_STANDBY: () => ({
    detail: 'the server is a standby, which takes no writes',
    fix: 'name the primary server with --store',
  }),
  SERVER_MAY_LOSE_COMMITS: ({ settings }) => ({
    detail: `${settings.join(' and ')} ${settings.length === 1 ? 'is' : 'are'} off: a crash of the server may lose issued coupons that were committed`,
    fix: `in psql: ${settings.map((each) => `ALTER SYSTEM SET ${each} = on;`).join(' ')} SELECT pg_reload_conf();`,
  }),
  SERVER_CONNECTIONS_FEW: ({ connections, connectionLimit }) => ({
    detail: `${count(connections)} of ${count(connectionLimit)} connections are in use`,
    fix: 'in psql: SELECT usename, application_name, count(*) FROM pg_stat_activity GROUP BY 1, 2;',
  }),
  SERVER_CLOCK_DIFFERS: ({ aheadMs }) => ({
    detail: `the clock of the server is ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} that of this machine`,
    fix: 'timedatectl status',
  }),
  SERVER_OK: ({ server }) => fine(describeServer(server)),
};

function describeServer({ version, tls, connections, connectionLimit }: ServerHealth): string {
  return `PostgreSQL ${version}, ${tls ?? 'no TLS'}, ${count(connections)} of ${count(connectionLimit)} connections in use`;
}

type NotThere = Extract<StoreFinding, { readonly elsewhere: unknown }>;

/** `here`: what is at the path. A store that the group uses elsewhere is never to be replaced by a new one. */
function notThere({ code, path, elsewhere }: NotThere, here: string): CheckText {
  if (elsewhere === 'unknown') {
    return {
      detail: `${here}; whether the group has a store elsewhere is not known`,
      fix: 'run coupons doctor again when the cluster answers',
    };
  }
  if (elsewhere === null) {
    return {
      detail: `${here}; if the group has a store elsewhere, name that one with --store`,
      fix: FIRST_CAMPAIGN,
    };
  }
  const { group, used } = elsewhere;
  const uses = wasHere(path, elsewhere)
    ? `had its store there`
    : `uses the store ${describePlace(used)}`;
  return {
    detail: `${here}; ${group} ${uses}`,
    fix: fixOfMissing(path, code === 'STORE_EMPTY', elsewhere),
  };
}

/**
 * The way to the group's store: where it can be opened from here, a look at it. Where it was here, a backup takes its place;
 * where it is on another host, it can be moved (docs/moving.md). `isFile`: an empty file is in the way.
 */
function fixOfMissing(path: string, isFile: boolean, elsewhere: StoreElsewhere): string {
  const { group, host, used } = elsewhere;
  const to = `--to ${shellWord(path)}`;
  const first = isFile ? `\`rm ${shellWord(path)}\`, then ` : '';
  const ofGroup = group === CONSUMER_GROUP ? '' : ` --group ${shellWord(group)}`;
  if (!isSameHost(used, { host })) {
    const from = `coupons store copy --from ${shellWord(used.path)} --to move.db`;
    return `use it on ${used.host}; or move it here: stop its consumers, there \`${from}\`, here ${first}\`coupons store copy --from move.db ${to}\``;
  }
  return wasHere(path, elsewhere)
    ? `if it was renamed or moved, put it back; else ${first}\`coupons store copy --from <newest backup> ${to}\` and \`coupons store take-over${ofGroup}\``
    : `coupons doctor${ofGroup} --store ${shellWord(used.path)}`;
}

/** "INSERT, UPDATE ON coupons.campaign" */
function byTable(
  missing: readonly TablePrivilege[],
  nameOf = ({ table }: TablePrivilege) => table,
): readonly string[] {
  return [...groupBy(missing, nameOf)].map(
    ([name, each]) => `${each.map(({ privilege }) => privilege).join(', ')} ON ${name}`,
  );
}

function grants(missing: readonly TablePrivilege[]): string {
  return byTable(missing, ({ table, user }) => `${table} TO ${user}`)
    .map((each) => `GRANT ${each};`)
    .join(' ');
}

/** Shows which processes have the file open. */
function lockHolders(path: string): string {
  return `lsof ${shellWord(path)}`;
}

function fileFix(path: string, { code }: Failure): string {
  switch (code) {
    case 'STORE_CORRUPT':
      return restore(path);
    case 'STORE_BUSY':
      return lockHolders(path);
    case 'STORE_NEWER_VERSION':
      return 'use the version of coupons that has written it, or name another store with --store';
    case 'STORE_NOT_A_DATABASE':
    case 'STORE_FOREIGN_DATABASE':
      return 'name another file with --store; this one was not changed';
    default:
      return `ls -ld ${shellWord(path)}`;
  }
}

/** The log has what a backup lacks. (The .recover of sqlite3 3.40 makes an empty file of a damaged one.) */
function restore(path: string): string {
  const files = ['', '-wal', '-shm'].map((suffix) => shellWord(`${path}${suffix}`)).join(' ');
  return `stop the consumers and move ${files} away, then \`coupons store copy --from <newest backup> --to ${shellWord(path)}\` and \`coupons store take-over\``;
}
