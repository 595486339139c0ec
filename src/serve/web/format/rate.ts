import { count } from '../../../text/figures.js';
import type { Words } from '../language/en/words.js';

/** "9.5/s", "1,200/s"; "–" where it is not known. */
export function rateOf(perSecond: number | null, figures: Words['figures']): string {
  if (perSecond === null) return '–';
  if (perSecond === 0) return figures.perSecond('0');
  return figures.perSecond(perSecond < 100 ? perSecond.toFixed(1) : count(perSecond));
}
