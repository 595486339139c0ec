/** Which adapter a store has: chosen by what --store names, and loaded only then. */
import type { PostgresLocation, StoreLocation } from '../config/store-location.js';
import { storePasswordAt } from '../config/store-password.js';
import { UsageError } from '../errors.js';
import type { StoreAccess } from '../ports/store-access.js';
import type { BackupOptions, StoreBackup } from '../ports/store-backup.js';
import type { StoreCopyEnd } from '../ports/store-copy.js';
import type { GlobalOptions } from './settings/options.js';

/** The store of --store, not open yet. */
export async function accessTo(options: GlobalOptions): Promise<StoreAccess> {
  const { store } = options;
  if (store.kind === 'postgres') {
    const { PostgresAccess } = await import('../store/postgres/access.js');
    return new PostgresAccess(postgresTarget(store, options));
  }
  const { SqliteAccess } = await import('../store/sqlite/access.js');
  return new SqliteAccess(store.name, new URL('store-thread.cjs', import.meta.url));
}

/** A store that may be another one than that of --store, to be copied from or to. */
export async function copyEndAt(
  location: StoreLocation,
  options: GlobalOptions,
): Promise<StoreCopyEnd> {
  if (location.kind === 'postgres') {
    const { PostgresCopyEnd } = await import('../store/postgres/copy/copy-end.js');
    return new PostgresCopyEnd(postgresTarget(location, options));
  }
  const { SqliteCopyEnd } = await import('../store/sqlite/copy/copy-end.js');
  return new SqliteCopyEnd(location.name);
}

/** A database is not copied to a file as it is. Throws UsageError. */
export function refuseDatabase({ store: { kind, name } }: GlobalOptions): void {
  if (kind === 'postgres') {
    throw new UsageError(
      `coupons store backup copies a file, and the store is ${name}.`,
      'Back the database up as PostgreSQL does it (pg_dump, a base backup), or run `coupons store copy --to <file>`.',
    );
  }
}

/** Copies the file of --store. Throws CliError. */
export async function backUpStore(
  { store: { name } }: GlobalOptions,
  file: string,
  options: BackupOptions,
): Promise<StoreBackup> {
  const { backUp } = await import('../store/sqlite/copy/backup.js');
  return backUp(name, file, options);
}

/** With the password where the options say it is; in a file of many, that of this login. */
function postgresTarget(location: PostgresLocation, { storePassword }: GlobalOptions) {
  return { ...location, password: storePasswordAt(storePassword, location, process.env) };
}
