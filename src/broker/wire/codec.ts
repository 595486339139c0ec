/**
 * The Kafka protocol's types, for its non-flexible versions. A message is declared once, as a
 * struct of fields with the versions they appear in; reading, writing and the TypeScript type all
 * follow from that declaration. Source: https://kafka.apache.org/protocol
 */
import { MAX_ARRAY_LENGTH } from '../limits.js';

/** The bytes are not what the protocol says they should be. */
export class MalformedRequestError extends Error {}

/** Reads a frame from front to back; throws MalformedRequestError beyond its end. */
export class Reader {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get remaining(): number {
    return this.#buffer.length - this.#position;
  }

  int8(): number {
    return this.#buffer.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#advance(4));
  }

  int64(): bigint {
    return this.#buffer.readBigInt64BE(this.#advance(8));
  }

  /** A view into the frame, not a copy. */
  bytes(length: number): Buffer {
    const start = this.#advance(length);
    return this.#buffer.subarray(start, start + length);
  }

  #advance(length: number): number {
    if (length < 0 || length > this.remaining) {
      throw new MalformedRequestError(
        `${String(length)} bytes wanted where ${String(this.remaining)} are left`,
      );
    }
    const start = this.#position;
    this.#position += length;
    return start;
  }
}

/** Below this, copying bytes is cheaper than another chunk. */
const COPY_BELOW_BYTES = 1024;

/** Collects a response; large byte strings are kept by reference, not copied. */
export class Writer {
  readonly #chunks: Buffer[] = [];
  #buffer = Buffer.allocUnsafe(512);
  #used = 0;

  int8(value: number): void {
    const at = this.#reserve(1);
    this.#buffer.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.#reserve(2);
    this.#buffer.writeInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeInt32BE(value, at);
  }

  int64(value: bigint): void {
    const at = this.#reserve(8);
    this.#buffer.writeBigInt64BE(value, at);
  }

  bytes(value: Buffer): void {
    if (value.length < COPY_BELOW_BYTES) {
      const at = this.#reserve(value.length);
      value.copy(this.#buffer, at);
      return;
    }
    this.#seal();
    this.#chunks.push(value);
  }

  /** All that was written, in order. */
  chunks(): readonly Buffer[] {
    this.#seal();
    return this.#chunks;
  }

  /** Returns where `length` bytes may be written. */
  #reserve(length: number): number {
    if (this.#used + length > this.#buffer.length) {
      this.#seal();
      if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(4096);
    }
    const at = this.#used;
    this.#used += length;
    return at;
  }

  #seal(): void {
    if (this.#used === 0) return;
    this.#chunks.push(this.#buffer.subarray(0, this.#used));
    this.#buffer = Buffer.allocUnsafe(4096);
    this.#used = 0;
  }
}

/** How one value looks on the wire, in each version. */
export interface Type<T> {
  read(reader: Reader, version: number): T;
  write(writer: Writer, value: T, version: number): void;
}

export type Infer<X> = X extends Type<infer T> ? T : never;

export const int8: Type<number> = {
  read: (reader) => reader.int8(),
  write: (writer, value) => writer.int8(value),
};

export const int16: Type<number> = {
  read: (reader) => reader.int16(),
  write: (writer, value) => writer.int16(value),
};

export const int32: Type<number> = {
  read: (reader) => reader.int32(),
  write: (writer, value) => writer.int32(value),
};

export const int64: Type<bigint> = {
  read: (reader) => reader.int64(),
  write: (writer, value) => writer.int64(value),
};

export const bool: Type<boolean> = {
  read: (reader) => reader.int8() !== 0,
  write: (writer, value) => writer.int8(value ? 1 : 0),
};

/** The length of a string is 16 bits. */
const MAX_STRING_BYTES = 32_767;

/**
 * What does not fit is cut off between two characters: a message that quotes a long name, and what
 * came as broken UTF-8, of which each byte has become three. Names and ids of our own are shorter.
 */
function clipped(utf8: Buffer): Buffer {
  if (utf8.length <= MAX_STRING_BYTES) return utf8;
  let end = MAX_STRING_BYTES;
  while (((utf8[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return utf8.subarray(0, end);
}

export const nullableString: Type<string | null> = {
  read(reader) {
    const length = reader.int16();
    return length === -1 ? null : reader.bytes(length).toString('utf8');
  },
  write(writer, value) {
    if (value === null) {
      writer.int16(-1);
      return;
    }
    const bytes = clipped(Buffer.from(value, 'utf8'));
    writer.int16(bytes.length);
    writer.bytes(bytes);
  },
};

export const string = required(nullableString);

export const nullableBytes: Type<Buffer | null> = {
  read(reader) {
    const length = reader.int32();
    return length === -1 ? null : reader.bytes(length);
  },
  write(writer, value) {
    writer.int32(value === null ? -1 : value.length);
    if (value !== null) writer.bytes(value);
  },
};

export const bytes = required(nullableBytes);

/** Record batches one after the other, as one byte string. */
export const batches: Type<readonly Buffer[]> = {
  read: (reader) => [reader.bytes(reader.int32())],
  write(writer, value) {
    writer.int32(value.reduce((sum, batch) => sum + batch.length, 0));
    for (const batch of value) writer.bytes(batch);
  },
};

export function nullableArray<T>(element: Type<T>): Type<readonly T[] | null> {
  return {
    read(reader, version) {
      const length = reader.int32();
      if (length === -1) return null;
      // Every element is at least a byte: a length beyond that is a lie, and not worth allocating.
      if (length < 0 || length > MAX_ARRAY_LENGTH || length > reader.remaining) {
        throw new MalformedRequestError(`an array of ${String(length)} elements`);
      }
      return Array.from({ length }, () => element.read(reader, version));
    },
    write(writer, value, version) {
      writer.int32(value === null ? -1 : value.length);
      for (const item of value ?? []) element.write(writer, item, version);
    },
  };
}

export function array<T>(element: Type<T>): Type<readonly T[]> {
  return required(nullableArray(element));
}

/** From this version on; before it, the field is not on the wire and reads as `absent`. */
export function since<T>(version: number, type: Type<T>, absent: T): Type<T> {
  return {
    read: (reader, at) => (at < version ? absent : type.read(reader, at)),
    write: (writer, value, at) => {
      if (at >= version) type.write(writer, value, at);
    },
  };
}

/** Up to and with this version; after it, as `since` before. */
export function until<T>(version: number, type: Type<T>, absent: T): Type<T> {
  return {
    read: (reader, at) => (at > version ? absent : type.read(reader, at)),
    write: (writer, value, at) => {
      if (at <= version) type.write(writer, value, at);
    },
  };
}

/** A field that always has this value in responses, and whose value in requests does not matter. */
export function fixed<T>(type: Type<T>, value: T, sinceVersion = 0): Type<undefined> {
  return {
    read: (reader, at) => {
      if (at >= sinceVersion) type.read(reader, at);
      return undefined;
    },
    write: (writer, _value, at) => {
      if (at >= sinceVersion) type.write(writer, value, at);
    },
  };
}

type Fields = Readonly<Record<string, Type<unknown>>>;

/** Fixed fields are left out: they carry nothing. */
type Struct<F extends Fields> = {
  readonly [K in keyof F as Infer<F[K]> extends undefined ? never : K]: Infer<F[K]>;
};

export function struct<F extends Fields>(fields: F): Type<Struct<F>> {
  const entries = Object.entries(fields);
  return {
    read(reader, version) {
      const value: Record<string, unknown> = {};
      for (const [name, type] of entries) value[name] = type.read(reader, version);
      return value as Struct<F>;
    },
    write(writer, value, version) {
      const values = value as Readonly<Record<string, unknown>>;
      for (const [name, type] of entries) type.write(writer, values[name], version);
    },
  };
}

/** This broker never throttles. */
export const throttleTimeMs = (sinceVersion = 0) => fixed(int32, 0, sinceVersion);

/** "Not known", for brokers without access control. */
export const authorizedOperations = (sinceVersion: number) =>
  fixed(int32, -2_147_483_648, sinceVersion);

function required<T>(type: Type<T | null>): Type<T> {
  return {
    read(reader, version) {
      const value = type.read(reader, version);
      if (value === null) throw new MalformedRequestError('null where a value is required');
      return value;
    },
    write: (writer, value, version) => type.write(writer, value, version),
  };
}
