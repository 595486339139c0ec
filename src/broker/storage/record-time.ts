/**
 * When a record was written, for retention and for look-ups by time. A record says so itself, but
 * for timestamps that cannot be the time: -1 (none) and 0, seconds in place of milliseconds, or far
 * ahead of the broker. Such a record counts from its append time: Kafka does so for -1 alone, and
 * deletes the others unread, or never.
 */

/** 2001-09-09, before Kafka. A time in seconds is below it until the year 33658. */
const EARLIEST_MS = 1_000_000_000_000n;
/** How far a producer's clock may be ahead: Apache Kafka's default of message.timestamp.after.max.ms. */
const MOST_AHEAD_MS = 3_600_000n;

export function timeOf(timestamp: bigint, appendTimeMs: bigint): bigint {
  const isUsable = timestamp >= EARLIEST_MS && timestamp <= appendTimeMs + MOST_AHEAD_MS;
  return isUsable ? timestamp : appendTimeMs;
}
