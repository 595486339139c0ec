import stringWidth from 'string-width';

const PLAIN = /^[ -~]*$/;

/**
 * How many columns of a terminal a text of one line takes: colours none, wide characters two. By what
 * cli-table3 measures with, so that both agree.
 */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text.normalize('NFC'));
}

const COLOUR_CODE = /(\p{Control}\[[\d;]*m)/u;

/** What a reader takes for one character: a letter with its accents, an emoji of several. */
function graphemes(text: string): readonly string[] {
  return [...SEGMENTER.segment(text)].map(({ segment }) => segment);
}

const SEGMENTER = new Intl.Segmenter();

/** The beginning of a text that is longer than `columns`, with an ellipsis; its colours still end. */
export function clip(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let clipped = '';
  let taken = 0;
  for (const [index, part] of text.split(COLOUR_CODE).entries()) {
    // Each second part is what split() was told to split at.
    if (index % 2 === 1) clipped += part;
    else {
      for (const character of graphemes(part)) {
        if (taken >= columns) break;
        const width = displayWidth(character);
        const fits = taken + width < columns;
        clipped += fits ? character : '…';
        taken = fits ? taken + width : columns;
      }
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
  for (const character of graphemes(word)) {
    if (displayWidth(chunk + character) > columns) {
      filled.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...filled, chunk];
}
