import type { LogRecord } from '../ports/log.js';

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The record's timestamp in ms, as decisions and the store use it. A producer may write any 64-bit
 * value; one beyond ±(2^53 - 1) becomes that limit: it lies outside of every validity window either
 * way, and SQLite would refuse it as a float.
 */
export function timestampMsOf({ timestamp }: Pick<LogRecord, 'timestamp'>): number {
  if (timestamp > LARGEST) return Number.MAX_SAFE_INTEGER;
  return timestamp < -LARGEST ? -Number.MAX_SAFE_INTEGER : Number(timestamp);
}

/** 2001-09-09. Below it lie "no timestamp" (-1), 0, and counts of seconds. */
const FIRST_USABLE_MS = 1e12;
/** The year 33658. From here on lie counts of microseconds and nanoseconds. */
const USABLE_BEFORE_MS = 1e15;

/**
 * The instant, in ms since the epoch, that a timestamp means to a person: null where it can't be one.
 * For what is displayed and measured only; what is decided takes the timestamp as it is.
 */
export function usableInstantMs(timestampMs: number): number | null {
  return timestampMs >= FIRST_USABLE_MS && timestampMs < USABLE_BEFORE_MS ? timestampMs : null;
}

/**
 * Whether a time since a record's timestamp, in ms, can be one: since a timestamp that is no instant (usableInstantMs),
 * it is more than 31 years, or as much before it.
 */
export function isUsableWait(waitedMs: number): boolean {
  return Math.abs(waitedMs) < FIRST_USABLE_MS;
}

export type TimestampUnit = 'seconds' | 'microseconds' | 'nanoseconds';

/** The unit that a producer took for Kafka's milliseconds, where the number says so: 2001 to 2286. */
export function mistakenUnit(timestampMs: number): TimestampUnit | null {
  const units = { seconds: 1e9, microseconds: 1e15, nanoseconds: 1e18 } as const;
  for (const unit of ['seconds', 'microseconds', 'nanoseconds'] as const) {
    if (timestampMs >= units[unit] && timestampMs < units[unit] * 10) return unit;
  }
  return null;
}
