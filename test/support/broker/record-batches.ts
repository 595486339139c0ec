import { gzipSync } from 'node:zlib';
import { crc32c } from '../../../src/broker/wire/crc32c.js';

export interface BatchOptions {
  /** One record for each. */
  readonly timestamps?: readonly bigint[];
  readonly attributes?: number;
  /** In the header, where it is not that of the records. */
  readonly maxTimestamp?: bigint;
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly value?: Buffer | null;
  readonly baseOffset?: bigint;
  /** Of each record; none by default. */
  readonly key?: Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: Buffer | null])[];
  /** In place of the records, as they lie in the batch: compressed by another program. */
  readonly packed?: Buffer;
}

export const NOW = 1_700_000_000_000n;

/** A record batch as a producer would send it. */
export function batchOf(options: BatchOptions = {}): Buffer {
  const { timestamps = [NOW], attributes = 0 } = options;
  const [base = NOW] = timestamps;
  const records = Buffer.concat(timestamps.map((at, i) => recordOf(at - base, BigInt(i), options)));
  const body = options.packed ?? ((attributes & 7) === 1 ? gzipSync(records) : records);
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(options.baseOffset ?? 0n, 0);
  header.writeInt32BE(49 + body.length, 8);
  header.writeInt32BE(-1, 12);
  header.writeInt8(2, 16);
  header.writeInt16BE(attributes, 21);
  header.writeInt32BE(timestamps.length - 1, 23);
  header.writeBigInt64BE(base, 27);
  header.writeBigInt64BE(
    options.maxTimestamp ?? timestamps.reduce((a, b) => (a > b ? a : b), base),
    35,
  );
  header.writeBigInt64BE(options.producerId ?? -1n, 43);
  header.writeInt16BE(options.producerEpoch ?? -1, 51);
  header.writeInt32BE(options.baseSequence ?? -1, 53);
  header.writeInt32BE(timestamps.length, 57);
  const batch = Buffer.concat([header, body]);
  return withCrc(batch);
}

/** The batch with a checksum that matches whatever it holds now. */
export function withCrc(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

function recordOf(
  timestampDelta: bigint,
  offsetDelta: bigint,
  { key = null, value = Buffer.from('value'), headers = [] }: BatchOptions,
): Buffer {
  const body = Buffer.concat([
    Buffer.of(0),
    varint(timestampDelta),
    varint(offsetDelta),
    sized(key),
    sized(value),
    varint(BigInt(headers.length)),
    ...headers.flatMap(([name, text]) => [sized(Buffer.from(name)), sized(text)]),
  ]);
  return sized(body);
}

function sized(bytes: Buffer | null): Buffer {
  return bytes === null ? varint(-1n) : Buffer.concat([varint(BigInt(bytes.length)), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  const wrapped = BigInt.asIntN(64, value);
  let rest = BigInt.asUintN(64, (wrapped << 1n) ^ (wrapped >> 63n));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}
