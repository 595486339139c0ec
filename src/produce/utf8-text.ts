/** The text of a file of requests: what is no UTF-8 text is refused at once, and not line by line. */
import { TextDecoder } from 'node:util';
import { CliError } from '../errors.js';

/**
 * Decodes a stream, without a byte order mark. Throws CliError BAD_LINES where it has a zero byte (a binary file, UTF-16)
 * or bytes that are not UTF-8, and what the stream throws.
 */
export async function* utf8Text(
  input: AsyncIterable<unknown>,
  name: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 0;
  for await (const chunk of input) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    const text = decoded(decoder, bytes);
    if (text === null || text.includes('\0')) throw notText(name, bytes, lines);
    lines += text.split('\n').length - 1;
    yield text;
  }
  if (decoded(decoder) === null) throw notText(name, NO_BYTES, lines);
}

const NO_BYTES = Buffer.alloc(0);

/** Without `bytes`, the end. Null where they are not UTF-8. */
function decoded(decoder: TextDecoder, bytes?: Buffer): string | null {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    return null;
  }
}

/** `lines`: how many end before these bytes. */
function notText(name: string, bytes: Buffer, lines: number): CliError {
  const known = lines === 0 ? FORMATS.find(({ magic }) => startsWith(bytes, magic)) : undefined;
  const place = lines === 0 ? 'Nothing was sent.' : `The first ${String(lines)} lines are.`;
  return new CliError(
    'BAD_LINES',
    `${name} is not text in UTF-8${known === undefined ? '' : `: it is ${known.is}`}. ${place}`,
    known?.fix ?? 'Save it as UTF-8: JSON lines, or CSV.',
  );
}

const UTF_16 = { is: 'UTF-16', fix: 'Save it as UTF-8 ("CSV UTF-8" in Excel).' };
const ZIP = { is: 'a ZIP archive or an Excel workbook', fix: 'Save it as CSV in UTF-8.' };

const FORMATS = [
  { magic: [0xff, 0xfe], ...UTF_16 },
  { magic: [0xfe, 0xff], ...UTF_16 },
  { magic: [0x50, 0x4b], ...ZIP },
  {
    magic: [0x1f, 0x8b],
    is: 'compressed',
    fix: 'Unpack it: `gunzip -c <file> | coupons produce --file -`.',
  },
] as const;

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return bytes.subarray(0, magic.length).equals(Buffer.from(magic));
}
