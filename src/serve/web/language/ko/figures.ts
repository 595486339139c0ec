import { duration } from '../../../../words/ko/figures.js';
import { ageIn } from '../../format/age.js';
import { axisDurationIn } from '../../format/axis-duration.js';
import type { Words } from '../en/words.js';

export const figures: Words['figures'] = {
  duration,
  age: (ms) => ageIn({ seconds: '초', minutes: '분', hours: '시간', days: '일' }, ms),
  axisDuration: (ms) => axisDurationIn({ ms: 'ms', seconds: '초', minutes: '분' }, ms),
  perSecond: (figure) => `${figure}/초`,
};
