/**
 * A quick way to decode what a broker answers to a Fetch. kafkajs makes a decoder, several lists and
 * several 64-bit integers for each record: a fifth of all that `consume` does from the socket to a parsed
 * request. Here each record is read where it lies, with numbers. The result is the same. Whatever is
 * unusual (another version of the request, the formats before Kafka 0.11, offsets beyond 2^53, damaged
 * bytes) is left to kafkajs, which decodes it or says what is wrong.
 *
 * https://kafka.apache.org/documentation/#recordbatch and https://kafka.apache.org/protocol#The_Messages_Fetch
 */
import kafkajs, { type Kafka } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import { changeBrokers, changeClusters } from './inside/clusters.js';

const FETCH = 1;
/** Of the request, as kafkajs sends it to every Kafka since 2.3. */
const VERSION = 11;

/** Decodes all fetches of this client the quick way. */
export function withQuickFetches(kafka: Kafka): Kafka {
  changeClusters(kafka, (cluster) => {
    changeBrokers(cluster, ({ connectionPool }) => {
      const send = connectionPool.send.bind(connectionPool);
      connectionPool.send = (protocol) => {
        const { request, response } = protocol;
        if (request.apiKey !== FETCH || request.apiVersion !== VERSION) return send(protocol);
        const decode = (answer: Buffer) =>
          decodeFetch(answer).catch(() => response.decode(answer)) as Promise<Buffer>;
        return send({ request, response: { ...response, decode } });
      };
    });
  });
  return kafka;
}

/** As kafkajs's decoder of that version. Rejects where that must decode it. */
export async function decodeFetch(answer: Buffer): Promise<object> {
  const decoder = new Decoder(answer);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const responses: object[] = [];
  for (let topics = counted(decoder.readInt32()); topics > 0; topics -= 1) {
    const topicName = decoder.readString();
    const partitions: object[] = [];
    for (let left = counted(decoder.readInt32()); left > 0; left -= 1) {
      partitions.push(await decodePartition(decoder));
    }
    responses.push({ topicName, partitions });
  }
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

async function decodePartition(decoder: Decoder): Promise<object> {
  return {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: decoder.readInt64().toString(),
    lastStableOffset: decoder.readInt64().toString(),
    lastStartOffset: decoder.readInt64().toString(),
    abortedTransactions: decoder.readArray(() => ({
      producerId: decoder.readInt64().toString(),
      firstOffset: decoder.readInt64().toString(),
    })),
    preferredReadReplica: decoder.readInt32(),
    messages: await decodeBatches(readRecords(decoder)),
  };
}

function readRecords(decoder: Decoder): Buffer {
  const size = Math.max(decoder.readInt32(), 0);
  if (!decoder.canReadBytes(size)) throw new RangeError('the answer is cut off');
  return decoder.readBytes(size);
}

/** Where a batch's fields are. */
const LENGTH = 8;
const LEADER_EPOCH = 12;
const MAGIC = 16;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const FIRST_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const PRODUCER_EPOCH = 51;
const FIRST_SEQUENCE = 53;
const RECORDS_COUNT = 57;
const RECORDS = 61;

/** The offset and the length, which the length does not count. */
const OVERHEAD_BYTES = 12;
/** kafkajs looks at nothing shorter. */
const SHORTEST_BYTES = 49;

const CODEC = 0b111;
const LOG_APPEND_TIME = 0b1000;
const TRANSACTIONAL = 0b1_0000;
const CONTROL = 0b10_0000;

/** A fetch cuts off what exceeds its size: the last batch may not be all there. */
async function decodeBatches(bytes: Buffer): Promise<readonly object[]> {
  const records: object[] = [];
  if (bytes.length > 0 && bytes.readInt8(MAGIC) !== 2) throw new RangeError('before Kafka 0.11');
  for (let at = 0; bytes.length - at >= SHORTEST_BYTES;) {
    const length = bytes.readInt32BE(at + LENGTH);
    const end = at + OVERHEAD_BYTES + length;
    if (end > bytes.length) break;
    await decodeBatch(bytes.subarray(at, end), records);
    at = end;
  }
  return records;
}

async function decodeBatch(batch: Buffer, records: object[]): Promise<void> {
  const magicByte = batch.readInt8(MAGIC);
  const attributes = batch.readInt16BE(ATTRIBUTES);
  const int64 = (at: number) => batch.readBigInt64BE(at).toString();
  const isLogAppendTime = (attributes & LOG_APPEND_TIME) !== 0;
  const batchContext = {
    firstOffset: int64(0),
    firstTimestamp: int64(FIRST_TIMESTAMP),
    partitionLeaderEpoch: batch.readInt32BE(LEADER_EPOCH),
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    isControlBatch: (attributes & CONTROL) !== 0,
    lastOffsetDelta: batch.readInt32BE(LAST_OFFSET_DELTA),
    producerId: int64(PRODUCER_ID),
    producerEpoch: batch.readInt16BE(PRODUCER_EPOCH),
    firstSequence: batch.readInt32BE(FIRST_SEQUENCE),
    maxTimestamp: int64(MAX_TIMESTAMP),
    timestampType: isLogAppendTime ? 1 : 0,
    magicByte,
  };
  const firstOffset = exact(Number(batchContext.firstOffset));
  const firstTimestamp = int64Of(batch.readBigInt64BE(FIRST_TIMESTAMP));
  const packed = batch.subarray(RECORDS);
  const cursor = new Cursor(await unpacked(attributes & CODEC, packed));
  for (let left = counted(batch.readInt32BE(RECORDS_COUNT)); left > 0; left -= 1) {
    const end = cursor.end(cursor.varint());
    const recordAttributes = cursor.int8();
    const timestampDelta = cursor.varlong();
    const offsetDelta = cursor.varint();
    records.push({
      magicByte,
      attributes: recordAttributes,
      timestamp: isLogAppendTime
        ? batchContext.maxTimestamp
        : timestampOf(firstTimestamp, timestampDelta),
      offset: String(exact(firstOffset + offsetDelta)),
      key: cursor.bytes(),
      value: cursor.bytes(),
      headers: decodeHeaders(cursor),
      isControlRecord: batchContext.isControlBatch,
      batchContext,
    });
    cursor.goOnAt(end);
  }
}

interface Codec {
  readonly decompress: (bytes: Buffer) => Promise<Buffer>;
}

/** By number, as kafkajs and ./codecs.ts have them: none for 0. */
const codecs = kafkajs.CompressionCodecs as unknown as Readonly<
  Record<number, (() => Codec) | undefined>
>;

function unpacked(codec: number, packed: Buffer): Buffer | Promise<Buffer> {
  return codecs[codec]?.().decompress(packed) ?? packed;
}

type DecodedHeaders = Record<string, unknown>;

/**
 * As kafkajs gathers them: ../log/record.ts says what is odd about it. But kafkajs copies all headers for
 * each one: of 10,000 in a record of 80 kB, which anybody may send, that takes longer than a session.
 */
function decodeHeaders(cursor: Cursor): DecodedHeaders {
  const headers: DecodedHeaders = {};
  for (let left = counted(cursor.varint()); left > 0; left -= 1) {
    const name = String(cursor.bytes());
    const value = cursor.bytes();
    const before = headers[name];
    if (Array.isArray(before)) before.push(value);
    else set(headers, name, before === undefined ? value : [before, value]);
  }
  return headers;
}

function set(headers: DecodedHeaders, name: string, value: unknown): void {
  if (name !== '__proto__') headers[name] = value;
  else Object.defineProperty(headers, name, { ...ORDINARY, value });
}

const ORDINARY = { configurable: true, enumerable: true, writable: true };

/** By its difference to the first of the batch. It wraps at 64 bits, as in Java; kafkajs's does not. */
function timestampOf(first: Int64, delta: Int64): string {
  const sum = typeof first === 'number' && typeof delta === 'number' ? first + delta : NaN;
  return Number.isSafeInteger(sum)
    ? String(sum)
    : BigInt.asIntN(64, BigInt(first) + BigInt(delta)).toString();
}

/** A number where that is exact: it is quicker. */
type Int64 = number | bigint;

function int64Of(value: bigint): Int64 {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Throws RangeError where a double may not hold it. */
function exact(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('a number beyond 2^53');
  return value;
}

/** How many there are of something; -1 is none. */
function counted(count: number): number {
  if (count < -1) throw new RangeError('fewer than none');
  return count;
}

/** Reads the fields of records one after the other; throws RangeError beyond the end. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    this.#at += 1;
    return this.#bytes.readInt8(this.#at - 1);
  }

  /** Zigzag, of 32 bits. */
  varint(): number {
    const value = this.varlong();
    if (typeof value !== 'number' || value !== (value | 0)) {
      throw new RangeError('a number beyond 32 bits');
    }
    return value;
  }

  /** Zigzag, of up to 64 bits. */
  varlong(): Int64 {
    const bytes = this.#bytes;
    let at = this.#at;
    let value = 0;
    let scale = 1;
    let byte: number | undefined;
    do {
      byte = bytes[at];
      if (byte === undefined) throw new RangeError('a number without an end');
      at += 1;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127 && scale < 2 ** 49);
    if (byte > 127) return this.#longVarlong();
    this.#at = at;
    return value % 2 === 0 ? value / 2 : (value + 1) / -2;
  }

  /** One of more than seven bytes. */
  #longVarlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte > 127) continue;
      if (value >= 2n ** 64n) break;
      return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
    }
    throw new RangeError('a number without an end');
  }

  /** Null where the length is -1. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length === -1) return null;
    const start = this.#at;
    this.#at = this.end(length);
    return this.#bytes.subarray(start, this.#at);
  }

  /** Where so many bytes from here end. */
  end(length: number): number {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError('a length beyond the end');
    return end;
  }

  /** Throws where more was read already. */
  goOnAt(position: number): void {
    if (this.#at > position) throw new RangeError('a record is longer than it says');
    this.#at = position;
  }
}
