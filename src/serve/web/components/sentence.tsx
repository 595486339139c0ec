import { pieces } from '../language/sentence.js';

/** A sentence whose commands, in backquotes, are set as code. */
export function Sentence({ text }: { readonly text: string }) {
  return (
    <>{pieces(text).map((piece) => (piece.isCode ? <code>{piece.text}</code> : piece.text))}</>
  );
}
