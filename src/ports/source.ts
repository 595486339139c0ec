/** Where a store stands in the logs that it reads. */

/** Whose progress: one group in one partition of one cluster. */
export interface Source {
  readonly clusterId: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** Tells one record from another at the same offset of another log. */
export interface Fingerprint {
  readonly offset: bigint;
  readonly timestampMs: number;
  /** CRC-32 of the key's bytes followed by the value's (records/fingerprint.ts). */
  readonly checksum: number;
}

/** How far the store has come in one partition, and the last record that it applied there. */
export interface StoredPosition extends Source {
  readonly nextOffset: bigint;
  readonly lastApplied: Fingerprint;
}

/** Tells a record from another one at the same offset of a recreated topic. */
export type RecordIdentity = Pick<Fingerprint, 'offset' | 'timestampMs'>;
