/** Few messages nest more than ten levels; the call stack ends at some thousands. */
const MAX_DEPTH = 100;

/**
 * The JSON object in a text, or null where it is none or where writing it again would not give the
 * same: a number that a double cannot hold (beyond 2^53, too many digits), a key that occurs twice,
 * half of a surrogate pair (no UTF-8 can hold it, and jq refuses it), or nesting that is deeper than
 * JSON.stringify can surely follow.
 */
export function losslessObject(text: string): object | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const keys = countKeysIn(text);
  if (keys === null || keys !== countKeys(parsed)) return null;
  return SURROGATE.test(text) && SURROGATE.test(JSON.stringify(parsed)) ? null : parsed;
}

/** JSON.stringify escapes halves only; at worst this finds a text about an escape. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/**
 * The text of a member of the JSON object in a text: of the last one of this name, as parsing takes
 * it; null where there is none.
 */
export function memberText(text: string, name: string): string | null {
  let found: string | null = null;
  let key: string | null = null;
  let valueStart = -1;
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    if (char === '"') {
      const end = endOfString(text, at);
      if (depth === 1) key ??= String(JSON.parse(text.slice(at, end)));
      at = end;
      continue;
    }
    if (char === ':' && depth === 1) valueStart = at + 1;
    if (depth === 1 && (char === ',' || char === '}')) {
      if (key === name) found = text.slice(valueStart, at).trim();
      key = null;
    }
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    at += 1;
  }
  return found;
}

/** Whether a parsed value nests no deeper than JSON.stringify can surely follow. */
export function isShallow(value: unknown, levels = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}

/** A longer number has more digits than a double keeps. */
const LONGEST_NUMBER = 40;

/**
 * How many keys a JSON text spells out, or null where it has a number or a depth that is not kept.
 * By hand: a regular expression overflows its stack on a string of some megabytes.
 */
function countKeysIn(text: string): number | null {
  let keys = 0;
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    if (char === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (NUMBER_START.test(char)) {
      const end = endOfNumber(text, at);
      if (end - at > LONGEST_NUMBER || !isExact(text.slice(at, end))) return null;
      at = end;
      continue;
    }
    if (char === ':') keys += 1;
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    if (depth > MAX_DEPTH) return null;
    at += 1;
  }
  return keys;
}

const NUMBER_START = /[-\d]/;
const NUMBER_PART = /[-+.\deE]/;

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function endOfNumber(text: string, start: number): number {
  let at = start;
  while (NUMBER_PART.test(text.charAt(at))) at += 1;
  return at;
}

function isExact(token: string): boolean {
  const value = Number(token);
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(value);
  return Number.isFinite(value) && decimal(token) === decimal(String(value));
}

/** One spelling for equal decimal numbers: 1.50, 15e-1 and 0.15e1 are all "15e-1". */
function decimal(token: string): string {
  const [mantissa = '', exponent = '0'] = token.split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  const scale = Number(exponent) - fraction.length + digits.length - kept.length;
  return `${kept}e${String(scale)}`;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + countKeys(child), own);
}
