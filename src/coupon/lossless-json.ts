/** What JSON.parse would change in a text that another program wrote, and how to keep it. */
import { isLosslessNumber, isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** Few messages nest more than ten levels; the call stack ends at some thousands. */
const MAX_DEPTH = 100;

/**
 * The JSON object in a text, or null where it is none or where writing it again would not give the
 * same: a number that a double cannot hold (beyond 2^53, too many digits), a key that occurs twice
 * with different values, half of a surrogate pair (no UTF-8 can hold it, and jq refuses it), or
 * nesting that is deeper than JSON.stringify can surely follow.
 */
export function losslessObject(text: string): object | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  if (!isShallow(parsed)) return null;
  const written = JSON.stringify(parsed);
  // Most values are written as JSON.stringify writes them: that is much faster to see.
  if (written !== text && !isLossless(text)) return null;
  return SURROGATE.test(text) && SURROGATE.test(written) ? null : parsed;
}

/** JSON.stringify escapes halves only; at worst this finds a text about an escape. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** Whether a value nests no deeper than JSON.stringify can surely follow. */
export function isShallow(value: unknown, levels = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}

/** The library reads about 4 MB a second. A longer text is not worth the wait: it stays a text. */
const LONGEST_CHECKED = 256 * 1024;

function isLossless(text: string): boolean {
  if (text.length > LONGEST_CHECKED) return false;
  try {
    parse(text, null, {
      parseNumber: (digits) => {
        if (!isSafeNumber(digits)) throw new RangeError(`no double holds ${digits}`);
        return Number(digits);
      },
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * The JSON of a member of the JSON object in a text, written without white space and with the numbers
 * as they stand; null where there is none. Throws RangeError where the text nests too deep for the
 * call stack.
 */
export function memberText(text: string, name: string): string | null {
  return stringify(exactMember(text, name)) ?? null;
}

/**
 * The digits of a number in the JSON object in a text, as they stand there. Null where this member
 * is no number, or the text nests too deep for the call stack.
 */
export function numberText(text: string, name: string): string | null {
  try {
    const member = exactMember(text, name);
    return isLosslessNumber(member) ? member.value : null;
  } catch {
    return null;
  }
}

/** Of a name that occurs twice the last one counts, as in JSON.parse. */
function exactMember(text: string, name: string): unknown {
  const parsed: unknown = parse(text, null, { onDuplicateKey: ({ newValue }) => newValue });
  return Object.entries(parsed as object).find(([key]) => key === name)?.[1];
}

/**
 * What JSON.parse made of a text, but with the digits of numbers that a double can't hold: for
 * exactJson to write.
 */
export function withExactNumbers(parsed: unknown, text: string): unknown {
  if (JSON.stringify(parsed) === text) return parsed;
  return parse(text, null, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** The JSON of what withExactNumbers gave. */
export function exactJson(value: unknown): string {
  return stringify(value) ?? 'null';
}

/** An object, or a text that holds one, over several lines with its numbers as they stand. */
export function prettyJson(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  try {
    const parsed: unknown = parse(value);
    return typeof parsed === 'object' && parsed !== null
      ? (stringify(parsed, null, 2) ?? value)
      : value;
  } catch {
    return value;
  }
}
