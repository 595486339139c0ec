/** Sentences of the server hold commands in backquotes. */
export interface Piece {
  readonly text: string;
  readonly isCode: boolean;
}

/** "Start `coupons consume`." → its text and its command, in order; a lone backquote is text. */
export function pieces(sentence: string): readonly Piece[] {
  return sentence
    .split(/(`[^`]+`)/)
    .filter((text) => text !== '')
    .map((text) =>
      /^`[^`]+`$/.test(text) ? { text: text.slice(1, -1), isCode: true } : { text, isCode: false },
    );
}
