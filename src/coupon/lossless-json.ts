/**
 * The JSON object in a text, or null where it is none or where parsing would change it: a number
 * that a double cannot hold (beyond 2^53, too many digits), or a key that occurs twice.
 */
export function losslessObject(text: string): object | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  let keys = 0;
  for (const [token, string, colon, number] of text.matchAll(TOKEN)) {
    if (string !== undefined && colon !== undefined) keys += 1;
    if (number !== undefined && !isExact(token)) return null;
  }
  return keys === countKeys(parsed) ? parsed : null;
}

/** Strings (with the colon that makes them a key) and numbers; the text is JSON already. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)/g;

/** Digits that a double always keeps. */
const EXACT_DIGITS = 15;

function isExact(token: string): boolean {
  const value = Number(token);
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(value);
  const digits = token
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  return Number.isFinite(value) && digits.length <= EXACT_DIGITS;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + countKeys(child), own);
}
