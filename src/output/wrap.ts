/** Breaks plain text at spaces into lines of at most `width`; a longer word has a line to itself. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

const INDENT = '  ';

/** A sentence on as many lines as it needs; every line but the first is indented. */
export function wrapped(text: string, columns: number): string {
  return wrap(text, columns - INDENT.length).join(`\n${INDENT}`);
}
