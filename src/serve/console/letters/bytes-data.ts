import type { BytesData } from '../wire/letters.js';

/** More of one value is of no use on a page; the terminal shows all of it. */
export const MOST_BYTES = 256 * 1024;

/** Control characters (C0, DEL, C1) other than tab, line feed and carriage return. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]/;

export function bytesDataOf(bytes: Buffer): BytesData {
  const isCut = bytes.length > MOST_BYTES;
  const sizeBytes = bytes.length;
  const kept = isCut ? bytes.subarray(0, MOST_BYTES) : bytes;
  const whole = isCut ? withoutHalfCharacter(kept) : kept;
  const text = whole.toString('utf8');
  return Buffer.from(text, 'utf8').equals(whole) && !CONTROL.test(text)
    ? { text, sizeBytes, isCut }
    : { base64: kept.toString('base64'), sizeBytes, isCut };
}

/** Without the beginning of a UTF-8 character at the end, whose other bytes were cut. */
function withoutHalfCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3; back += 1) {
    const byte = bytes.at(-back) ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, -back) : bytes;
  }
  return bytes;
}
