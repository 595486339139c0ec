/** "3.3 s": a share of --timeout, as a third of 10 s, is no round number. */
export function inSeconds(ms: number): string {
  return `${String(ms < 1000 ? ms / 1000 : Math.round(ms / 100) / 10)} s`;
}
