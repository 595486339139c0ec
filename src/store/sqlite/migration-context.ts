/** How far a migration has come, in rows of the older schema. */
export interface MigrationProgress {
  readonly done: number;
  readonly total: number;
}

/** What a step of the schema needs beside the database. */
export interface MigrationContext {
  /** For messages. */
  readonly path: string;
  /** Called while rows are copied; between two calls nothing else runs on this thread. */
  readonly onProgress: (progress: MigrationProgress) => void;
}
