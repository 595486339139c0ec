/**
 * An eventId as bytes: a lower-case UUID is 16 bytes, other text is its UTF-8. Text of 16 bytes has a byte
 * before it that UTF-8 never has, so that it is not taken for a UUID. Bytes compare faster than text, whose
 * order depends on the locale, and may be any of the text that a request may have.
 */
import { packEventId, uuidOfHex } from '../../event-id.js';

const UUID_BYTES = 16;
const NOT_A_UUID = 0xff;

export function eventIdBytes(eventId: string): Uint8Array {
  const packed = packEventId(eventId);
  if (typeof packed !== 'string') return packed;
  const text = Buffer.from(packed);
  return text.length === UUID_BYTES ? Buffer.from([NOT_A_UUID, ...text]) : text;
}

/** `bytea`: as PostgreSQL writes it, \x and two digits a byte. */
export function eventIdOfBytea(bytea: string): string {
  const hex = bytea.slice(2);
  if (hex.length === 2 * UUID_BYTES) return uuidOfHex(hex);
  const bytes = Buffer.from(hex, 'hex');
  return (bytes[0] === NOT_A_UUID ? bytes.subarray(1) : bytes).toString();
}

/** SQL that gives an eventId as text. */
export function eventIdInSql(column: string): string {
  return `CASE
      WHEN octet_length(${column}) = ${UUID_BYTES} THEN encode(${column}, 'hex')::uuid::text
      WHEN get_byte(${column}, 0) = ${NOT_A_UUID} THEN convert_from(substr(${column}, 2), 'UTF8')
      ELSE convert_from(${column}, 'UTF8') END`;
}
