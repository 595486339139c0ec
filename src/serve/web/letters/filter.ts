/** Which dead letters the viewer wants: the fields as they are typed, and what they ask the server and the terminal for. */
import { shellWord } from '../../../text/shell-word.js';
import type { LetterFilterData } from '../../console/wire/letters.js';

const MINUTE_MS = 60_000;

/** How far back; the terminal's --since takes the same words. */
export const SPANS = {
  '10m': 10 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '1d': 1440 * MINUTE_MS,
  '7d': 10_080 * MINUTE_MS,
};
export type Span = keyof typeof SPANS;

export interface FilterFields {
  /** '' filters by nothing, here as in the others. */
  readonly reason: string;
  readonly coupon: string;
  readonly text: string;
  readonly span: Span | '';
}

export const NO_FILTER: FilterFields = { reason: '', coupon: '', text: '', span: '' };

export function isFiltered(fields: FilterFields): boolean {
  return Object.values(fields).some((value) => value !== '');
}

/** Null where what was typed is no coupon. */
export function filterOf(
  { reason, coupon, text, span }: FilterFields,
  nowMs: number,
): LetterFilterData | null {
  if (coupon !== '' && !isCoupon(coupon)) return null;
  return {
    ...(reason === '' ? {} : { reason }),
    ...(coupon === '' ? {} : { coupon: Number(coupon) }),
    ...(text === '' ? {} : { text }),
    ...(span === '' ? {} : { sinceMs: nowMs - SPANS[span] }),
  };
}

function isCoupon(text: string): boolean {
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text));
}

/** The options of `coupons dlq` that select the same letters. */
export function flagsOf({ reason, coupon, text, span }: FilterFields): string {
  const flags = [
    ['--reason', reason],
    ['--coupon', coupon],
    ['--text', text],
    ['--since', span],
  ] as const;
  return flags
    .filter(([, value]) => value !== '')
    .map(([flag, value]) => ` ${flag} ${shellWord(value)}`)
    .join('');
}
