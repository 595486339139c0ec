import type { Database } from 'better-sqlite3';
import { UnreachableError } from '../errors.js';
import { SCHEMA_VERSION } from './migrations.js';

/** "CPNS": marks a database file as ours (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x43504e53;

/**
 * The schema version of a file, 0 where it is empty. Only reads. Throws UnreachableError where the
 * file belongs to another application or to a newer version of this one.
 */
export function schemaVersionOf(db: Database, path: string): number {
  const applicationId = db.pragma('application_id', { simple: true });
  const version = Number(db.pragma('user_version', { simple: true }));
  if (applicationId !== APPLICATION_ID) {
    if (applicationId === 0 && version === 0 && isEmpty(db)) return 0;
    throw new UnreachableError(
      'STORE_FOREIGN_DATABASE',
      `Cannot open the store ${path}: it is the database of another application.`,
      'Name another file with --store. Nothing in this one was changed.',
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new UnreachableError(
      'STORE_NEWER_VERSION',
      `Cannot open the store ${path}: a newer version of coupons has written it ` +
        `(schema ${version}, this one knows ${SCHEMA_VERSION}).`,
      'Install that version, or name another file with --store. Nothing in this one was changed.',
    );
  }
  return version;
}

/** The caller holds the write lock. */
export function markAsOurs(db: Database): void {
  db.pragma(`application_id = ${APPLICATION_ID}`);
}

function isEmpty(db: Database): boolean {
  return db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
}
