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

/** 2001-09-09 in ms; in seconds it is the year 33658, so that no producer means both. */
const EARLIEST_INSTANT_MS = 1e12;
/** The most that a Date can hold. */
const LATEST_INSTANT_MS = 8.64e15;

/**
 * The instant that a timestamp stands for, in ms since the epoch: null where it stands for none (-1,
 * 0, seconds instead of milliseconds, beyond what a date can be). For what is shown and measured;
 * deciding takes the timestamp as it is.
 */
export function usableInstantMs(timestampMs: number): number | null {
  return timestampMs >= EARLIEST_INSTANT_MS && timestampMs <= LATEST_INSTANT_MS
    ? timestampMs
    : null;
}
