/** Instants in sentences: in UTC, for servers and operators may be anywhere. */

const LARGEST_MS = 8.64e15;

/** "2026-11-27 02:01:24.123 UTC"; without the milliseconds where there are none. */
export function utcTime(ms: number): string {
  // A producer may write any number for a time.
  if (Math.abs(ms) > LARGEST_MS) return `${String(ms)} ms`;
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date} ${time.replace(/(\.000)?Z$/, '')} UTC`;
}

/** To the second. */
export function utcSecond(ms: number): string {
  return utcTime(Math.floor(ms / 1000) * 1000);
}
