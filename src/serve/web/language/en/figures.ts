import { duration } from '../../../../text/figures.js';

export const figures = {
  /** Milliseconds: "4 min 10 s". */
  duration,
  /** The coarse age of something: "12 s", "4 min", "2 h", "3 days". */
  age,
  /** A rate. */
  perSecond: (figure: string) => `${figure}/s`,
};

function age(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${String(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${String(hours)} h` : `${String(Math.floor(hours / 24))} days`;
}
