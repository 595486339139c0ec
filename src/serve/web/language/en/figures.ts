import { duration } from '../../../../text/figures.js';
import { ageIn } from '../../format/age.js';
import { axisDurationIn } from '../../format/axis-duration.js';

export const figures = {
  /** Milliseconds: "4 min 10 s". */
  duration,
  /** The coarse age of something: "12 s", "4 min", "2 h", "3 days". */
  age: (ms: number) => ageIn({ seconds: ' s', minutes: ' min', hours: ' h', days: ' days' }, ms),
  /** On an axis, where there is little room: "2.5 s", "40 s", "3 min". */
  axisDuration: (ms: number) => axisDurationIn({ ms: ' ms', seconds: ' s', minutes: ' min' }, ms),
  /** A rate. */
  perSecond: (figure: string) => `${figure}/s`,
};
