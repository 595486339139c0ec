/** A copy of a store's file, which any version of coupons that reads the store reads as well. */
export interface StoreBackup {
  /** Absolute paths: of the store, and of the copy. */
  readonly store: string;
  readonly file: string;
  readonly sizeBytes: number;
  readonly schemaVersion: number;
  readonly campaigns: number;
  readonly outcomes: number;
}

/** How far it is. */
export interface BackupProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface BackupOptions {
  /** Where a file is there already it is replaced; otherwise that is an error. */
  readonly replace: boolean;
  readonly onProgress: (progress: BackupProgress) => void;
}
