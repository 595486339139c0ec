import { ageIn } from '../../format/age.js';
import type { Words } from '../en/words.js';

export const figures: Words['figures'] = {
  duration,
  age: (ms) => ageIn({ seconds: '초', minutes: '분', hours: '시간', days: '일' }, ms),
  perSecond: (figure) => `${figure}/초`,
};

/** As in English (text/figures.ts): "850 ms", "3.2초", "4분 10초", "2시간 5분", "7일 3시간". */
function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${String(Math.round(ms))} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}초`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))}분 ${String(seconds % 60)}초`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 48 * 60)
    return `${String(Math.floor(minutes / 60))}시간${rest(minutes % 60, '분')}`;
  const hours = Math.floor(minutes / 60);
  return `${String(Math.floor(hours / 24))}일${rest(hours % 24, '시간')}`;
}

function rest(value: number, unit: string): string {
  return value === 0 ? '' : ` ${String(value)}${unit}`;
}
