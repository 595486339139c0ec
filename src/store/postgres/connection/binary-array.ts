/**
 * Arrays in PostgreSQL's binary format, for unnest(): a column of a few hundred values is one parameter
 * that neither side has to spell out and parse. (src/backend/utils/adt/arrayfuncs.c, array_recv.)
 */

/** The object ids of the element types (pg_type.dat). */
const OIDS = { bytea: 17, int8: 20, int2: 21, int4: 23, text: 25 } as const;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

const TWO_TO_32 = 2 ** 32;

/** Throws RangeError for a bigint beyond 64 bits. A number is a safe integer. */
export function int8Array(values: readonly (number | bigint | null)[]): Buffer {
  return fixedWidth(OIDS.int8, 8, values, (buffer, value, at) => {
    if (typeof value === 'bigint') {
      buffer.writeBigInt64BE(value, at);
      return;
    }
    const high = Math.floor(value / TWO_TO_32);
    buffer.writeInt32BE(high, at);
    buffer.writeUInt32BE(value - high * TWO_TO_32, at + 4);
  });
}

export function int4Array(values: readonly (number | null)[]): Buffer {
  return fixedWidth(OIDS.int4, 4, values, (buffer, value, at) => {
    buffer.writeInt32BE(value, at);
  });
}

export function int2Array(values: readonly (number | null)[]): Buffer {
  return fixedWidth(OIDS.int2, 2, values, (buffer, value, at) => {
    buffer.writeInt16BE(value, at);
  });
}

export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  return anyWidth(OIDS.bytea, values);
}

export function textArray(values: readonly (string | null)[]): Buffer {
  const bytes = values.map((value) => (value === null ? null : Buffer.from(value)));
  return anyWidth(OIDS.text, bytes);
}

function fixedWidth<Value extends number | bigint>(
  oid: number,
  width: number,
  values: readonly (Value | null)[],
  write: (buffer: Buffer, value: Value, at: number) => void,
): Buffer {
  const buffer = withHeader(oid, values, values.length * (LENGTH_BYTES + width));
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? NULL_LENGTH : width, at);
    if (value === null) continue;
    write(buffer, value, at);
    at += width;
  }
  return buffer.subarray(0, at);
}

function anyWidth(oid: number, values: readonly (Uint8Array | null)[]): Buffer {
  const size = values.reduce((sum, value) => sum + LENGTH_BYTES + (value?.length ?? 0), 0);
  const buffer = withHeader(oid, values, size);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? NULL_LENGTH : value.length, at);
    if (value === null) continue;
    buffer.set(value, at);
    at += value.length;
  }
  return buffer;
}

/** Room for the values, behind the header of an array of one dimension whose first index is 1. */
function withHeader(oid: number, values: readonly unknown[], size: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
