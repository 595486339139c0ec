/**
 * Waits after the first, second and third failure of one record; the fourth dead-letters it.
 * The Spring system's schedule: three retries, after 1, 2 and 3 seconds.
 */
export const RETRY_DELAYS_MS = [1000, 2000, 3000] as const;

/** Ms to wait after this many failures, or null when the record has had its last attempt. */
export function retryDelayMs(failures: number): number | null {
  return RETRY_DELAYS_MS[failures - 1] ?? null;
}

const OUTAGE_FIRST_MS = 500;
const OUTAGE_LONGEST_MS = 10_000;

/** Ms to the next attempt after so many failed ones, in an outage: doubled each time, up to a limit. */
export function outageDelayMs(attempt: number): number {
  return Math.min(OUTAGE_FIRST_MS * 2 ** (attempt - 1), OUTAGE_LONGEST_MS);
}
