/**
 * The record batch, format version ("magic") 2: a header of 61 bytes, then the records, which may
 * be compressed. Batches are kept as the bytes that came; only what the broker owns is written
 * into them. Source: https://kafka.apache.org/documentation/#recordbatch
 */
import { crc32c } from './crc32c.js';
import { ErrorCode, isRefusal, refusal, type Refusal } from './error-code.js';
import { timestampsOf } from './records.js';

/** Where the fields of the header are. */
const BATCH_LENGTH = 8;
const LEADER_EPOCH = 12;
const MAGIC = 16;
const CRC = 17;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const BASE_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const PRODUCER_EPOCH = 51;
const BASE_SEQUENCE = 53;
const RECORDS_COUNT = 57;
const HEADER_BYTES = 61;

/** Base offset and batch length, which the batch length itself does not count. */
const OVERHEAD_BYTES = 12;

const COMPRESSION = 0b111;
const LOG_APPEND_TIME = 0b1000;
const TRANSACTIONAL = 0b1_0000;
const CONTROL = 0b10_0000;

export interface BatchHeader {
  readonly recordsCount: number;
  /** What the producer says; what holds is in the records. */
  readonly maxTimestamp: bigint;
  /** Of the whole batch: does the producer claim that the broker set the timestamps? */
  readonly logAppendTime: boolean;
  /** -1 where the producer is not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** The header of what must be exactly one sound batch, as Kafka demands of a produce request. */
export function checkBatch(bytes: Buffer): BatchHeader | Refusal {
  if (bytes.length <= MAGIC) return corrupt(`A record batch of ${String(bytes.length)} bytes.`);
  const magic = bytes.readInt8(MAGIC);
  if (magic !== 2) {
    return refusal(
      ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT,
      `Message format ${String(magic)} is not supported, only 2 (Kafka 0.11).`,
    );
  }
  const length = bytes.length < HEADER_BYTES ? -1 : bytes.readInt32BE(BATCH_LENGTH);
  if (length < HEADER_BYTES - OVERHEAD_BYTES || length > bytes.length - OVERHEAD_BYTES) {
    return corrupt('The record batch is cut off, or its length is wrong.');
  }
  if (length < bytes.length - OVERHEAD_BYTES) {
    return invalid('A produce request holds exactly one record batch a partition.');
  }
  if (crc32c(bytes.subarray(ATTRIBUTES)) !== bytes.readUInt32BE(CRC)) {
    return corrupt('The CRC-32C of the record batch does not match.');
  }
  return checkHeader(bytes);
}

function checkHeader(bytes: Buffer): BatchHeader | Refusal {
  const recordsCount = bytes.readInt32BE(RECORDS_COUNT);
  if (recordsCount < 1 || bytes.readInt32BE(LAST_OFFSET_DELTA) !== recordsCount - 1) {
    return invalid('The count of records and the last offset delta do not agree.');
  }
  const attributes = bytes.readInt16BE(ATTRIBUTES);
  if ((attributes & (TRANSACTIONAL | CONTROL)) !== 0) {
    return invalid('The embedded broker has no transactions.');
  }
  const producerId = bytes.readBigInt64BE(PRODUCER_ID);
  const producerEpoch = bytes.readInt16BE(PRODUCER_EPOCH);
  const baseSequence = bytes.readInt32BE(BASE_SEQUENCE);
  if (producerId >= 0n && (producerEpoch < 0 || baseSequence < 0)) {
    return invalid('An idempotent batch needs a producer epoch and a base sequence.');
  }
  return {
    recordsCount,
    maxTimestamp: bytes.readBigInt64BE(MAX_TIMESTAMP),
    logAppendTime: (attributes & LOG_APPEND_TIME) !== 0,
    producerId,
    producerEpoch,
    baseSequence,
  };
}

/** Gives the batch its place in the log; both fields are outside the CRC. */
export function setBaseOffset(batch: Buffer, baseOffset: bigint, leaderEpoch: number): void {
  batch.writeBigInt64BE(baseOffset, 0);
  batch.writeInt32BE(leaderEpoch, LEADER_EPOCH);
}

/** Makes the broker's clock the timestamp of every record (message.timestamp.type). */
export function setLogAppendTime(batch: Buffer, timestampMs: bigint): void {
  batch.writeInt16BE(batch.readInt16BE(ATTRIBUTES) | LOG_APPEND_TIME, ATTRIBUTES);
  batch.writeBigInt64BE(timestampMs, MAX_TIMESTAMP);
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES)), CRC);
}

export interface RecordTimestamps {
  /** Of each record in order. */
  readonly timestamps: readonly bigint[];
  /**
   * False where the records cannot be unpacked here. The timestamps are then the two in the header:
   * the first record's, and what the producer takes for the highest.
   */
  readonly known: boolean;
}

/** Of a sound batch with the producer's timestamps; a refusal where its records are not sound. */
export function batchTimestamps(batch: Buffer): RecordTimestamps | Refusal {
  const baseTimestamp = batch.readBigInt64BE(BASE_TIMESTAMP);
  const timestamps = timestampsOf({
    compression: batch.readInt16BE(ATTRIBUTES) & COMPRESSION,
    recordsCount: batch.readInt32BE(RECORDS_COUNT),
    baseTimestamp,
    bytes: batch.subarray(HEADER_BYTES),
  });
  if (timestamps === null) {
    return { timestamps: [baseTimestamp, batch.readBigInt64BE(MAX_TIMESTAMP)], known: false };
  }
  return isRefusal(timestamps) ? timestamps : { timestamps, known: true };
}

export interface TimestampedOffset {
  readonly offset: bigint;
  readonly timestamp: bigint;
}

export interface TimeQuery {
  /** Records before this offset are deleted. */
  readonly from: bigint;
  /** Milliseconds since the epoch. */
  readonly since: bigint;
  /** When a record with this timestamp was written. */
  readonly timeOf: (timestamp: bigint) => bigint;
}

/**
 * The first record at or after a time, or null where the batch has none. In a batch that cannot be
 * unpacked here it is the first record of the batch, so that a client that reads from there misses none.
 */
export function firstAtOrAfter(batch: Buffer, query: TimeQuery): TimestampedOffset | null {
  const { from, since, timeOf } = query;
  const baseOffset = batch.readBigInt64BE(0);
  const first = baseOffset < from ? from : baseOffset;
  if ((batch.readInt16BE(ATTRIBUTES) & LOG_APPEND_TIME) !== 0) {
    const timestamp = batch.readBigInt64BE(MAX_TIMESTAMP);
    return timestamp < since ? null : { offset: first, timestamp };
  }
  const read = batchTimestamps(batch);
  if (isRefusal(read) || !read.known) {
    return { offset: first, timestamp: timeOf(batch.readBigInt64BE(BASE_TIMESTAMP)) };
  }
  for (let i = Number(first - baseOffset); i < read.timestamps.length; i++) {
    const timestamp = timeOf(read.timestamps[i] ?? 0n);
    if (timestamp >= since) return { offset: baseOffset + BigInt(i), timestamp };
  }
  return null;
}

function corrupt(errorMessage: string): Refusal {
  return refusal(ErrorCode.CORRUPT_MESSAGE, errorMessage);
}

function invalid(errorMessage: string): Refusal {
  return refusal(ErrorCode.INVALID_RECORD, errorMessage);
}
