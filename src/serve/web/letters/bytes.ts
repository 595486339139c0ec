import type { BytesData } from '../../console/wire/letters.js';

export type Encoding = 'text' | 'base64';

/** In this encoding; null where it is not text. */
export function shownAs(bytes: BytesData, encoding: Encoding): string | null {
  if (encoding === 'text') return 'text' in bytes ? bytes.text : null;
  return 'text' in bytes ? base64Of(bytes.text) : bytes.base64;
}

/** Of its UTF-8 bytes. */
function base64Of(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join(''));
}
