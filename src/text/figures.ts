/** Figures as people read them. */

/**
 * 12345.6 → "12,346": whole numbers for people. Not by toLocaleString, whose first call loads the
 * locales: a tenth of what `lag` takes.
 */
export function count(value: number | bigint): string {
  const whole = typeof value === 'bigint' ? value : Math.round(value);
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** An offset beside counts, in a table. Commands take it without the commas. */
export function grouped(offset: bigint | null): string | null {
  return offset === null ? null : count(offset);
}

/** "1 member", "12 members". */
export function counted(number: number, unit: string): string {
  return `${count(number)} ${unit}${number === 1 ? '' : 's'}`;
}

/** How many a second; 0 where no time has passed, or a clock was set back. */
export function rate(number: number, elapsedMs: number): number {
  return elapsedMs > 0 ? (number / elapsedMs) * 1000 : 0;
}

/** "9.5/s", "1,200/s"; "-" where it is not known. */
export function perSecond(rate: number | null): string {
  if (rate === null) return '-';
  return `${rate < 100 ? rate.toFixed(1) : count(rate)}/s`;
}

/** Milliseconds for people: "850 ms", "3.2 s", "4 min 10 s", "2 h 5 min", "7 days". */
export function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${String(Math.round(ms))} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 48 * 60) return `${String(Math.floor(minutes / 60))} h${rest(minutes % 60, 'min')}`;
  const hours = Math.floor(minutes / 60);
  return `${String(Math.floor(hours / 24))} days${rest(hours % 24, 'h')}`;
}

/** As duration, but in whole seconds, for what goes on: "3 s", "1 min 1 s". */
export function wholeSeconds(ms: number): string {
  return ms < 60_000 ? `${String(Math.floor(ms / 1000))} s` : duration(ms);
}

function rest(value: number, unit: string): string {
  return value === 0 ? '' : ` ${String(value)} ${unit}`;
}
