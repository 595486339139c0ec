/**
 * What one consumer host does, rounded down from docs/performance.md: 2 cores, Apache Kafka on the same
 * machine, ten campaigns, all of them issued. docs/capacity.md is the arithmetic over the same figures. Other
 * machines differ, so advice takes them for orders of magnitude and for ratios.
 */
export const RECORDS_PER_SECOND = {
  sqlite: {
    scheduler: 20,
    single: 30_000,
    /** What one host reaches at most. */
    batch: 90_000,
  },
  /** The server on the same machine, too. */
  postgres: { scheduler: 20, single: 30_000, batch: 60_000 },
} as const;

export type StoreKind = keyof typeof RECORDS_PER_SECOND;

/** Larger ones gain nothing where the disk is quick: reading and decoding the log takes most of the time. */
export const LARGE_BATCH = 500;

/** More members in one process gain nothing: they share one thread and one store. */
export const MEMBERS_A_PROCESS = 12;
