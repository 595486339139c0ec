/** Control characters, line and paragraph separators, and marks that reorder text (bidi). */
const STEERING = '\\p{Control}\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
/** Without a width: names that differ by one would look alike. */
const INVISIBLE = '\\u00ad\\u180e\\u200b\\u200c\\u2060-\\u2064\\ufeff\\u{e0000}-\\u{e007f}';
/** A joiner that does not make one emoji of two. */
const PICTURE = '\\p{Extended_Pictographic}';
const LONE_JOINER = `(?<![${PICTURE}\\p{Emoji_Modifier}\\ufe0f])\\u200d|\\u200d(?!${PICTURE})`;
const ANY = steering();
const ANY_BUT_COLOURS = steering('(?!\\p{Control}\\[[\\d;]*m)');
const REPLACEMENT = '�';

/** Finds what could steer a terminal, reorder its text or hide in it, but where `but` looks ahead to. */
export function steering(but = ''): RegExp {
  return new RegExp(`${but}(?:[${STEERING}${INVISIBLE}]|${LONE_JOINER})`, 'gu');
}

/**
 * Without what could steer a terminal, reorder its text or hide in it: for text that came from anywhere. Letters of several
 * parts are composed (NFC), as Hangul from a Mac is not: terminals and our tables count their columns differently.
 */
export function printable(text: string): string {
  return text.replace(ANY, REPLACEMENT).normalize('NFC');
}

/** The same for people who look for it: each such character is spelt out, as `\u001b`. */
export function visible(text: string): string {
  return text.replace(ANY, escaped).normalize('NFC');
}

/** Messages of other programs have line breaks. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** As JSON escapes it: its escapes are of UTF-16, and a character may have two. */
export function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_unused, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** The same for text that is coloured already. */
export function printablePainted(text: string): string {
  return text.replace(ANY_BUT_COLOURS, REPLACEMENT).normalize('NFC');
}
