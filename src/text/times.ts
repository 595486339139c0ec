/** Times as people read them, in UTC. */

/** "2026-11-27 02:05:09" */
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
