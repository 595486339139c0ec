/** Figures as Korean text has them; `count` and `byteSize` are those of English. */
import { count } from '../../text/figures.js';

/** "레코드 1,234건" */
export function records(number: number): string {
  return `레코드 ${count(number)}건`;
}

/** "초당 9.5건", "초당 1,200건" */
export function perSecond(rate: number | null): string {
  if (rate === null) return '알 수 없음';
  return `초당 ${rate < 100 ? rate.toFixed(1) : count(rate)}건`;
}

/** Milliseconds for people: "850ms", "3.2초", "4분 10초", "2시간 5분", "7일". */
export function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${String(Math.round(ms))}ms`;
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

/** "15초" */
export function seconds(ms: number): string {
  return `${String(Math.round(ms / 1000))}초`;
}

const NAMED = 5;

/** "a, b, c, d, e 외 3개" */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` 외 ${count(more)}개` : '');
}
