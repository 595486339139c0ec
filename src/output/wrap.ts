/**
 * Breaks plain text at spaces into lines of at most `width`; a longer word has a line to itself.
 * Every line but the first begins with `indent`.
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}

/** A sentence on as many lines as it needs, with a hanging indent. */
export function wrapped(text: string, columns: number): string {
  return wrap(text, columns, '  ').join('\n');
}
