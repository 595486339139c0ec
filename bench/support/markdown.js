/** A Markdown table; the first columns are text, one by default, the others are figures. */
export function table(titles, rows, texts = 1) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = titles.map((_, index) => (index < texts ? '---' : '---:'));
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}
