import stringWidth from 'string-width';

const PLAIN = /^[ -~]*$/;

/**
 * How many columns of a terminal a text of one line takes: colours none, wide characters two. By what
 * cli-table3 measures with, so that both agree.
 */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** A colour code, or else one character. */
const TOKEN = /(\p{Control}\[[\d;]*m)|[^]/gu;

/** The beginning of a text that is longer than `columns`, with an ellipsis; its colours still end. */
export function clip(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let clipped = '';
  let taken = 0;
  for (const [token, code] of text.matchAll(TOKEN)) {
    if (code !== undefined) clipped += code;
    else if (taken < columns) {
      const width = displayWidth(token);
      const fits = taken + width < columns;
      clipped += fits ? token : '…';
      taken = fits ? taken + width : columns;
    }
  }
  return clipped;
}

/** Breaks a plain text into lines of at most `columns`: at spaces, within a longer word where it can. */
export function fold(text: string, columns: number): readonly string[] {
  // A pipe has no width: measuring a megabyte word by word would take minutes.
  if (displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(' ').flatMap((word, index) => pieces(word, index, columns))) {
    if (line === '' || displayWidth(line + piece) <= columns) line += piece;
    else {
      lines.push(line);
      line = piece.trimStart();
    }
  }
  return [...lines, line];
}

/** A word that is too long breaks after punctuation, and a part of it that still is, anywhere. */
function pieces(word: string, index: number, columns: number): readonly string[] {
  const parts = displayWidth(word) <= columns ? [word] : (word.match(PART) ?? []);
  const [first = '', ...more] = parts.flatMap((part) => chunks(part, columns));
  return [index === 0 ? first : ` ${first}`, ...more];
}

const PART = /[^,./:_-]*[,./:_-]+|[^,./:_-]+$/g;

function chunks(word: string, columns: number): readonly string[] {
  if (displayWidth(word) <= columns) return [word];
  if (PLAIN.test(word)) return word.match(new RegExp(`.{1,${String(columns)}}`, 'g')) ?? [];
  const filled: string[] = [];
  let chunk = '';
  for (const character of word) {
    if (displayWidth(chunk + character) > columns) {
      filled.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...filled, chunk];
}
