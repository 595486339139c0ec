/**
 * The records within a batch of format version 2: what is needed of them is their timestamps, and
 * that they are sound. Source: https://kafka.apache.org/documentation/#record
 */
import { gunzipSync } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from '../limits.js';
import { ErrorCode, refusal, type Refusal } from './error-code.js';

const GZIP = 1;
const INT64_BITS = 64;

export interface PackedRecords {
  /** As in the batch's attributes: 0 for none, 1 for gzip, ... */
  readonly compression: number;
  readonly recordsCount: number;
  readonly baseTimestamp: bigint;
  readonly bytes: Buffer;
}

/**
 * The timestamp of each record in order, or null where they cannot be unpacked here: a compression
 * other than gzip, or more than MAX_UNPACKED_BYTES. A refusal where these are no sound records;
 * Kafka, too, refuses such a batch, which would end every consumer that comes to it.
 */
export function timestampsOf(packed: PackedRecords): readonly bigint[] | null | Refusal {
  const bytes = unpack(packed);
  if (bytes === null || !Buffer.isBuffer(bytes)) return bytes;
  const timestamps: bigint[] = [];
  const cursor = new Cursor(bytes);
  while (timestamps.length < packed.recordsCount) {
    const delta = readRecord(cursor, timestamps.length);
    if (delta === null) return invalid(`Record ${String(timestamps.length)} is malformed.`);
    timestamps.push(BigInt.asIntN(INT64_BITS, packed.baseTimestamp + delta));
  }
  if (cursor.position === bytes.length) return timestamps;
  return invalid('The record batch holds more than the records that it counts.');
}

function unpack({ bytes, compression }: PackedRecords): Buffer | null | Refusal {
  if (compression === 0) return bytes;
  if (compression !== GZIP) return null;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null;
    return invalid('The records are not gzip, though the batch says so.');
  }
}

/** The timestamp's difference to the base timestamp; null where this is not the record of `index`. */
function readRecord(cursor: Cursor, index: number): bigint | null {
  const length = cursor.varint();
  const end = cursor.position + length;
  if (length < 0 || end > cursor.length) return null;
  cursor.skip(1); // the record's attributes, which mean nothing
  const timestampDelta = cursor.varlong();
  const offsetDelta = cursor.varint();
  if (offsetDelta !== index) return null;
  cursor.skip(Math.max(cursor.varint(), 0)); // key; -1 is null
  cursor.skip(Math.max(cursor.varint(), 0)); // value
  const headers = cursor.varint();
  for (let i = 0; i < headers; i++) {
    if (cursor.position >= end) return null;
    cursor.skip(cursor.varint());
    cursor.skip(Math.max(cursor.varint(), 0));
  }
  return headers >= 0 && cursor.position === end ? timestampDelta : null;
}

/** Reads numbers one after the other; beyond the end they are zeros, and the position shows it. */
class Cursor {
  readonly #bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** A negative or absurd length leads beyond the end, where no record can be. */
  skip(length: number): void {
    this.position += length < 0 ? this.length + 1 : length;
  }

  /** Zigzag, of up to 5 bytes. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.position++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** Zigzag, of up to 10 bytes. */
  varlong(): bigint {
    const first = this.#bytes[this.position] ?? 0;
    if (first < 128) return BigInt(this.varint());
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.position++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
    }
    return (value >> 1n) ^ -(value & 1n);
  }
}

function invalid(errorMessage: string): Refusal {
  return refusal(ErrorCode.INVALID_RECORD, errorMessage);
}
