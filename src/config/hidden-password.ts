/** Keeps the passwords of URLs that were typed out of what is printed. */
import { holdsPassword } from './store-location.js';

/**
 * `text`, such as an error that repeats an argument, without the passwords of the URLs among `words`: the command
 * line's, and the values of variables.
 */
export function withoutPasswords(text: string, words: readonly string[]): string {
  return words
    .flatMap(passwordsIn)
    .reduce((shown, { given, hidden }) => shown.replaceAll(given, hidden), text);
}

interface Password {
  /** With what is around it, so that no other word is taken for it. */
  readonly given: string;
  readonly hidden: string;
}

function passwordsIn(word: string): readonly Password[] {
  const url = /[a-z][a-z0-9+.-]*:\/\/[^]*/i.exec(word)?.[0] ?? '';
  if (!holdsPassword(url)) return [];
  const beforeHost = /:\/\/[^:/@]*(:[^]*@)/.exec(url)?.[1];
  const parameter = /[?&](password=[^&]*)/.exec(url)?.[1];
  return [
    ...(beforeHost === undefined ? [] : [{ given: beforeHost, hidden: ':***@' }]),
    ...(parameter === undefined ? [] : [{ given: parameter, hidden: 'password=***' }]),
  ];
}
