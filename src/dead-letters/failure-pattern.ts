/**
 * One cause makes many failure messages, which differ in what they quote and count. Messages with the same words
 * around their values have one cause.
 */

import { clipped } from '../text/clipped.js';

/** In characters. Beyond this, messages are taken to be the same: a foreign one may be a megabyte long. */
const LONGEST_MESSAGE = 240;

/** What may differ between two messages of one cause. Group 1 is all of it, so that split() keeps it. */
const VALUE = new RegExp(
  `(${[
    // What V8 quotes of a text that is not JSON; quotes inside it are not escaped.
    String.raw`(?:\.{3})?"[^]*"(?:\.{3})?(?= is not valid JSON)`,
    // A quoted text, and how long it was before it was cut (coupon/request.ts).
    String.raw`"(?:[^"\\]|\\.)*(?:"|$)(?:\.{3} \(\d+ characters\))?`,
    String.raw`(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)`,
    String.raw`[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}`,
    // What Java prints of an object without a toString().
    String.raw`@[\da-f]{1,16}\b`,
    // A number, a time, an address: a sign only where no word is before it.
    String.raw`(?<!\w)-?\d+(?:[.,:T-]\d+)*Z?`,
    String.raw`\d+`,
  ].join('|')})`,
);

/** A message cut into words and values, by turns; it begins and ends with words, which may be empty. */
export type FailureParts = readonly (string | null)[];

export function failureParts(message: string): FailureParts {
  const short = clipped(message.replace(/\s+/g, ' '), LONGEST_MESSAGE);
  return short.split(VALUE);
}

/** The same for all messages of one cause. */
export function causeOf(parts: FailureParts): string {
  return parts.filter((_part, index) => index % 2 === 0).join('\0');
}

/** Of two messages of one cause: a value that differs is null. */
export function sharedParts(a: FailureParts, b: FailureParts): FailureParts {
  return a.map((part, index) => (part === b[index] ? part : null));
}

/** A message with `…` where values differ. */
export function failureText(parts: FailureParts): string {
  return parts.map((part) => part ?? '…').join('');
}
