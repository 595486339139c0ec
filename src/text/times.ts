/**
 * Times as people read them, in UTC. A sentence has them whole, for it is pasted and read elsewhere; on a screen or in a
 * table they are as short as the reader's own date allows (`timesAt`).
 */

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
  return new Date(ms).toISOString().slice(0, -5).replace('T', ' ');
}

/** "2026-11-27 02:05" */
export function utcMinute(ms: number): string {
  return utcSecond(ms).slice(0, -3);
}

/** "02:05:09" */
export function clockTime(ms: number, spell = utcSecond): string {
  return spell(ms).split(' ')[1] ?? '';
}

const YEAR_COLUMNS = '2026-'.length;
const DATE_COLUMNS = '2026-11-27 '.length;

/**
 * How the times of one column are written for one who reads them at `nowMs`, all of them alike: "02:05:09"; with the day
 * where one of them is not of today ("11-26 02:05:09"); with the year where one is not of this year. Null: it is not
 * known when they are read; they are whole. `spell` writes a whole time.
 */
export function timesAt(
  nowMs: number | null,
  times: Iterable<number>,
  spell = utcSecond,
): (ms: number) => string {
  if (nowMs === null) return spell;
  const now = utcSecond(nowMs);
  const whole = [...times].map(utcSecond);
  const areAlike = (columns: number) =>
    whole.every((time) => time.slice(0, columns) === now.slice(0, columns));
  const cut = [DATE_COLUMNS, YEAR_COLUMNS].find(areAlike) ?? 0;
  return (ms) => spell(ms).slice(cut);
}

/** One time that stands by itself, by the rule of `timesAt`. */
export function timeAt(nowMs: number, ms: number): string {
  return timesAt(nowMs, [ms])(ms);
}

/** Whether two times are of one day. */
export function isSameDay(aMs: number, bMs: number): boolean {
  return utcSecond(aMs).slice(0, DATE_COLUMNS) === utcSecond(bMs).slice(0, DATE_COLUMNS);
}
