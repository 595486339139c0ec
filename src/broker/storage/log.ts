/**
 * The records: batches appended to a partition, read by offset and found by time. Batches are kept
 * as they came; their records are looked into for the timestamps.
 * Methods that change something are called within a transaction (group-commit.ts).
 */
import { effectiveConfig, numericConfig, type ConfigOverrides } from '../topic-config.js';
import { ErrorCode, isRefusal, refusal, type Refusal } from '../wire/error-code.js';
import {
  batchTimestamps,
  checkBatch,
  firstAtOrAfter,
  setBaseOffset,
  setLogAppendTime,
  type BatchHeader,
  type RecordTimestamps,
  type TimestampedOffset,
} from '../wire/record-batch.js';
import type { Partition } from './catalog.js';
import type { SqliteDatabase } from './database.js';
import { ProducerSequences } from './producer-sequences.js';
import { timeOf } from './record-time.js';

/** A record without a timestamp; it is never out of range. */
const NO_TIMESTAMP = -1n;

/** There is one broker, so leadership never moves. */
export const LEADER_EPOCH = 0;

export interface Appended {
  readonly baseOffset: bigint;
  /** -1 where the records keep the producer's timestamps. */
  readonly logAppendTimeMs: bigint;
  /** 0 where the batch was there already. */
  readonly appendedBytes: number;
}

export class Log {
  readonly sequences: ProducerSequences;
  readonly #statements;

  constructor(db: SqliteDatabase) {
    this.sequences = new ProducerSequences(db);
    const where = 'FROM batch WHERE partition_id = ?';
    this.#statements = {
      insert: db.prepare(`INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      read: db.prepare<[bigint, bigint], { data: Buffer }>(
        `SELECT data ${where} AND last_offset >= ? ORDER BY last_offset`,
      ),
      readSince: db.prepare<[bigint, bigint, bigint], { data: Buffer; append_time: bigint }>(
        `SELECT data, append_time ${where} AND last_offset >= ? AND max_timestamp >= ? ORDER BY last_offset`,
      ),
      firstSince: db
        .prepare<[bigint, bigint], bigint>(
          `SELECT base_offset ${where} AND max_timestamp >= ? ORDER BY last_offset LIMIT 1`,
        )
        .pluck(),
      newestFirst: db.prepare<[bigint], { last_offset: bigint; size_bytes: bigint }>(
        `SELECT last_offset, size_bytes ${where} ORDER BY last_offset DESC`,
      ),
      size: db.prepare<[bigint], bigint | null>(`SELECT sum(size_bytes) ${where}`).pluck(),
      deleteBefore: db.prepare<[bigint, bigint]>(`DELETE ${where} AND last_offset < ?`),
      setStart: db.prepare<[bigint, bigint]>('UPDATE partition SET start_offset = ? WHERE id = ?'),
    };
  }

  /** Appends one record batch; `batch` is changed in place. */
  append(
    partition: Partition,
    overrides: ConfigOverrides,
    batch: Buffer,
    nowMs: number,
  ): Appended | Refusal {
    const header = checkBatch(batch);
    if (isRefusal(header)) return header;
    const now = BigInt(nowMs);
    const tooLarge = refuseBySize(overrides, batch);
    if (tooLarge !== null) return tooLarge;
    const read = batchTimestamps(batch);
    if (isRefusal(read)) return read;
    const isLogAppendTime =
      effectiveConfig(overrides, 'message.timestamp.type') === 'LogAppendTime';
    if (!isLogAppendTime) {
      const refusal = refuseByTimestamps(overrides, header, read, now);
      if (refusal !== null) return refusal;
    }
    const logAppendTime = isLogAppendTime ? now : null;
    if (header.producerId >= 0n) {
      const checked = this.sequences.check(partition.id, header);
      if (checked !== 'next') {
        if (isRefusal(checked)) return checked;
        const { baseOffset, appendTime } = checked;
        const logAppendTimeMs = logAppendTime === null ? -1n : appendTime;
        return { baseOffset, logAppendTimeMs, appendedBytes: 0 };
      }
    }
    if (logAppendTime !== null) setLogAppendTime(batch, logAppendTime);
    const baseOffset = partition.endOffset;
    setBaseOffset(batch, baseOffset, LEADER_EPOCH);
    this.#insert(partition, header, batch, now, logAppendTime ?? newestTime(read, now));
    return { baseOffset, logAppendTimeMs: logAppendTime ?? -1n, appendedBytes: batch.length };
  }

  /**
   * Whole batches from the one that holds `offset` on, up to `maxBytes`; the first one is given
   * even where it is larger, if `atLeastOne`.
   */
  read(partition: Partition, offset: bigint, maxBytes: number, atLeastOne: boolean): Buffer[] {
    const batches: Buffer[] = [];
    let size = 0;
    for (const { data } of this.#statements.read.iterate(partition.id, offset)) {
      size += data.length;
      if (size > maxBytes && !(atLeastOne && batches.length === 0)) break;
      batches.push(data);
      if (size >= maxBytes) break;
    }
    return batches;
  }

  /** The first record at or after this time, or null. */
  findByTime(partition: Partition, timestampMs: bigint): TimestampedOffset | null {
    const { id, startOffset } = partition;
    const rows = this.#statements.readSince.iterate(id, startOffset, timestampMs);
    for (const { data, append_time: appendTime } of rows) {
      const found = firstAtOrAfter(data, {
        from: startOffset,
        since: timestampMs,
        timeOf: (timestamp) => timeOf(timestamp, appendTime),
      });
      if (found !== null) return found;
    }
    return null;
  }

  /** Bytes of its batches, as they came over the wire. Looks at every batch. */
  sizeOf(partition: Partition): bigint {
    return this.#statements.size.get(partition.id) ?? 0n;
  }

  /** Forgets the records before this offset, which must be within the log. */
  deleteBefore(partition: Partition, offset: bigint): void {
    if (offset <= partition.startOffset) return;
    this.#statements.setStart.run(offset, partition.id);
    this.#statements.deleteBefore.run(partition.id, offset);
    partition.startOffset = offset;
  }

  /**
   * The offset that records of this partition are to be kept from, by retention.ms and
   * retention.bytes. By the batch, where Kafka goes by the segment.
   */
  retainedFrom(partition: Partition, overrides: ConfigOverrides, nowMs: number): bigint {
    let from = partition.startOffset;
    if (!effectiveConfig(overrides, 'cleanup.policy').includes('delete')) return from;
    const retentionMs = numericConfig(overrides, 'retention.ms');
    if (retentionMs >= 0n && from < partition.endOffset) {
      const kept = this.#statements.firstSince.get(partition.id, BigInt(nowMs) - retentionMs);
      from = maxOf(from, kept ?? partition.endOffset);
    }
    const retentionBytes = numericConfig(overrides, 'retention.bytes');
    if (retentionBytes >= 0n) {
      let size = 0n;
      for (const batch of this.#statements.newestFirst.iterate(partition.id)) {
        if (size >= retentionBytes) return maxOf(from, batch.last_offset + 1n);
        size += batch.size_bytes;
      }
    }
    return from;
  }

  #insert(
    partition: Partition,
    header: BatchHeader,
    batch: Buffer,
    appendTime: bigint,
    maxTime: bigint,
  ): void {
    const baseOffset = partition.endOffset;
    const endOffset = baseOffset + BigInt(header.recordsCount);
    this.#statements.insert.run(
      partition.id,
      baseOffset,
      endOffset - 1n,
      appendTime,
      maxTime,
      header.producerId,
      header.producerEpoch,
      header.baseSequence,
      batch.length,
      batch,
    );
    partition.endOffset = endOffset;
    if (header.producerId >= 0n) {
      const { producerEpoch: epoch, baseSequence, recordsCount } = header;
      const sequenced = { epoch, baseSequence, recordsCount, baseOffset, appendTime };
      this.sequences.appended(partition.id, header.producerId, sequenced);
    }
  }
}

/** When the newest record of a batch was written, for retention and look-ups by time. */
function newestTime({ timestamps, known }: RecordTimestamps, appendTime: bigint): bigint {
  const times = timestamps.map((timestamp) => timeOf(timestamp, appendTime));
  // Where the records cannot be seen, one of them may have no timestamp: it counts from now.
  return times.reduce(maxOf, known ? 0n : appendTime);
}

function refuseBySize(overrides: ConfigOverrides, batch: Buffer): Refusal | null {
  const maxBytes = numericConfig(overrides, 'max.message.bytes');
  if (BigInt(batch.length) <= maxBytes) return null;
  return refusal(
    ErrorCode.MESSAGE_TOO_LARGE,
    `The record batch is ${String(batch.length)} bytes, max.message.bytes is ${String(maxBytes)}.`,
  );
}

/** Why timestamps of the producer do not let this batch in, or null. As Kafka's LogValidator. */
function refuseByTimestamps(
  overrides: ConfigOverrides,
  header: BatchHeader,
  { timestamps }: RecordTimestamps,
  now: bigint,
): Refusal | null {
  if (header.logAppendTime) {
    return refusal(
      ErrorCode.INVALID_TIMESTAMP,
      'A producer must not set the timestamp type to LogAppendTime.',
    );
  }
  const beforeMax = numericConfig(overrides, 'message.timestamp.before.max.ms');
  const afterMax = numericConfig(overrides, 'message.timestamp.after.max.ms');
  const refused = timestamps.find((timestamp) => {
    // 64 bits as in Kafka, where the lowest timestamps therefore count as far ahead.
    const age = BigInt.asIntN(64, now - timestamp);
    return timestamp !== NO_TIMESTAMP && (age > beforeMax || -age > afterMax);
  });
  if (refused === undefined) return null;
  return refusal(
    ErrorCode.INVALID_TIMESTAMP,
    `Timestamp ${String(refused)} is out of range: the broker's time is ${String(now)}, and ` +
      `message.timestamp.before.max.ms ${String(beforeMax)}, ` +
      `message.timestamp.after.max.ms ${String(afterMax)}.`,
  );
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
