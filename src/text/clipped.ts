/** The beginning of a text that comes from outside, and … where there is more. Never half of a surrogate pair. */
export function clipped(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const end = isHighSurrogate(text.charCodeAt(maxCharacters - 1))
    ? maxCharacters - 1
    : maxCharacters;
  // Through bytes: a slice would keep the whole text in memory.
  return `${Buffer.from(text.slice(0, end), 'utf8').toString('utf8')}…`;
}

function isHighSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit < 0xdc00;
}
