/** Times as people read them, in UTC. */

/** The latest instant that JavaScript has, in ms. */
const LARGEST_MS = 8.64e15;

/** "2026-11-27 02:01:24.123 UTC"; without the milliseconds where there are none. */
export function utcTime(ms: number): string {
  // A producer may write any number for a time.
  if (Math.abs(ms) > LARGEST_MS) return `${String(ms)} ms`;
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date} ${time.replace(/(\.000)?Z$/, '')} UTC`;
}

/** "2026-11-27 02:01:24 UTC", for sentences. */
export function utcTimeToSecond(ms: number): string {
  return utcTime(Math.floor(ms / 1000) * 1000);
}

/** "2026-11-27 02:05:09", for what says elsewhere that it is in UTC. */
export function utcSecond(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** "2026-11-27 02:05" */
export function utcMinute(ms: number): string {
  return utcSecond(ms).slice(0, 16);
}

/** "02:05:09" */
export function clockTime(ms: number): string {
  return utcSecond(ms).slice(11);
}

/** Whether two times are of one day. */
export function isSameDay(aMs: number, bMs: number): boolean {
  return utcSecond(aMs).slice(0, 10) === utcSecond(bMs).slice(0, 10);
}
