import type { MigrationProgress } from '../../../ports/store-access.js';

/** What a step of the schema needs beside the database. */
export interface MigrationContext {
  /** For messages. */
  readonly path: string;
  /** Called while rows are copied; between two calls nothing else runs on this thread. */
  readonly onProgress: (progress: MigrationProgress) => void;
}
