import type { Database } from 'better-sqlite3';
import { UnreachableError } from '../../../errors.js';
import { SCHEMA_VERSION } from '../migrations/migrations.js';

/** "CPNS": marks a database file as ours (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x43504e53;

/**
 * The schema version of a file, 0 where it is empty. Only reads. Throws UnreachableError where the
 * file belongs to another application or to a newer version of this one.
 */
export function schemaVersionOf(db: Database, path: string): number {
  const { applicationId, version, objects } = marksOf(db);
  if (applicationId !== APPLICATION_ID) {
    if (applicationId === 0 && version === 0 && objects === 0) return 0;
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

interface Marks {
  readonly applicationId: number;
  readonly version: number;
  /** How many tables, indexes and the like. */
  readonly objects: number;
}

/** Read by one statement, for another process may be making the store at this very moment. */
function marksOf(db: Database): Marks {
  const marks = db
    .prepare<[], Marks>(
      `SELECT application_id AS applicationId, user_version AS version,
         (SELECT count(*) FROM sqlite_schema) AS objects
       FROM pragma_application_id, pragma_user_version`,
    )
    .get();
  return marks ?? { applicationId: 0, version: 0, objects: 0 };
}
