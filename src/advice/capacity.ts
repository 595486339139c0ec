/**
 * What one consumer host does, rounded down from docs/performance.md: 2 cores, Apache Kafka on the same
 * machine, ten campaigns, all of them issued. docs/capacity.md is the arithmetic over the same figures. Other
 * machines differ, so advice takes them for orders of magnitude and for ratios.
 */
export const RECORDS_PER_SECOND = {
  scheduler: 20,
  single: 5_000,
  /** Of 100 records. */
  batch: 35_000,
  /** Of LARGE_BATCH records: what one host reaches at most. */
  largeBatch: 50_000,
} as const;

/** In larger ones there is little more to gain: reading and decoding the log takes most of the time. */
export const LARGE_BATCH = 500;

/** More members in one process gain nothing: they share one thread and one store. */
export const MEMBERS_A_PROCESS = 12;
