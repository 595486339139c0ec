import { idIn } from '../coupon/request.js';
import { couponIdIn } from './original-value.js';
import type { DeadLetter } from './read.js';
import { isReason } from './reason-codes.js';

/** Which dead letters; what is given must all hold. */
export interface LetterFilter {
  /** In any spelling (reason-codes.ts): an exception's own name finds its code as well. */
  readonly reasonCode?: string;
  readonly couponId?: number;
  readonly partition?: number;
  /** By the letter's own timestamp: from this instant on. */
  readonly sinceMs?: number;
  /** Before this instant. */
  readonly untilMs?: number;
  /** Anywhere in key, original, reason, stack trace or headers, whatever its case. */
  readonly text?: string;
}

export function matchesFilter(letter: DeadLetter, filter: LetterFilter): boolean {
  const { reasonCode, couponId, partition, sinceMs, untilMs, text } = filter;
  const { timestampMs } = letter;
  return (
    (partition === undefined || letter.partition === partition) &&
    (sinceMs === undefined || (timestampMs !== null && timestampMs >= sinceMs)) &&
    (untilMs === undefined || (timestampMs !== null && timestampMs < untilMs)) &&
    (reasonCode === undefined || isReason(letter.reasonCode, reasonCode)) &&
    (couponId === undefined || couponIdOf(letter) === couponId) &&
    (text === undefined || textsOf(letter).some((part) => folded(part).includes(folded(text))))
  );
}

/** The coupon that the original asks for, else the one that its key names; null for neither. */
export function couponIdOf(letter: DeadLetter): number | null {
  return couponIdIn(letter) ?? idIn(letter.key);
}

function textsOf(letter: DeadLetter): readonly string[] {
  const { key, originalEvent, failureReason, stackTrace, headers } = letter;
  const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    key === null ? '' : written(key),
    written(originalEvent),
    failureReason ?? '',
    stackTrace ?? '',
    JSON.stringify(headers),
  ];
}

function folded(text: string): string {
  return text.toLowerCase();
}
