const STEERING = '\\p{Control}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
const ANY = steering();
const ANY_BUT_COLOURS = steering('(?!\\p{Control}\\[[\\d;]*m)');
const REPLACEMENT = '�';

/** Finds what could steer a terminal or reorder its text, but where `but` looks ahead to. */
export function steering(but = ''): RegExp {
  return new RegExp(`${but}[${STEERING}]`, 'gu');
}

/** Without what could steer a terminal or reorder its text: for text that came from anywhere. */
export function printable(text: string): string {
  return text.replace(ANY, REPLACEMENT);
}

/** The same for people who look for it: each such character is spelt out, as `\u001b`. */
export function visible(text: string): string {
  return text.replace(ANY, escaped);
}

/** As JSON escapes it. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The same for text that is coloured already. */
export function printablePainted(text: string): string {
  return text.replace(ANY_BUT_COLOURS, REPLACEMENT);
}
