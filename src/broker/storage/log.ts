/**
 * The records: batches appended to a partition, read by offset and found by time. Batches are
 * never unpacked, but where a time is looked up in one.
 * Methods that change something are called within a transaction (group-commit.ts).
 */
import { effectiveConfig, numericConfig, type ConfigOverrides } from '../topic-config.js';
import { ErrorCode, isRefusal, refusal, type Refusal } from '../wire/error-code.js';
import {
  checkBatch,
  firstAtOrAfter,
  setBaseOffset,
  setLogAppendTime,
  type BatchHeader,
  type TimestampedOffset,
} from '../wire/record-batch.js';
import type { Partition } from './catalog.js';
import type { SqliteDatabase } from './database.js';
import { ProducerSequences } from './producer-sequences.js';

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
      readSince: db.prepare<[bigint, bigint, bigint], { data: Buffer }>(
        `SELECT data ${where} AND last_offset >= ? AND max_timestamp >= ? ORDER BY last_offset`,
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
    const refusal = refuseByConfig(overrides, batch, header, nowMs);
    if (refusal !== null) return refusal;
    const logAppendTime =
      effectiveConfig(overrides, 'message.timestamp.type') === 'LogAppendTime'
        ? BigInt(nowMs)
        : null;
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
    const maxTimestamp = logAppendTime ?? header.maxTimestamp;
    this.#insert(partition, { ...header, maxTimestamp }, batch, BigInt(nowMs));
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
    for (const { data } of this.#statements.readSince.iterate(id, startOffset, timestampMs)) {
      const found = firstAtOrAfter(data, timestampMs);
      if (found !== null) {
        return found.offset < startOffset ? { ...found, offset: startOffset } : found;
      }
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

  #insert(partition: Partition, header: BatchHeader, batch: Buffer, appendTime: bigint): void {
    const baseOffset = partition.endOffset;
    const endOffset = baseOffset + BigInt(header.recordsCount);
    this.#statements.insert.run(
      partition.id,
      baseOffset,
      endOffset - 1n,
      appendTime,
      header.maxTimestamp,
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

/** Why the topic's configs do not let this batch in, or null. */
function refuseByConfig(
  overrides: ConfigOverrides,
  batch: Buffer,
  header: BatchHeader,
  nowMs: number,
): Refusal | null {
  const maxBytes = numericConfig(overrides, 'max.message.bytes');
  if (BigInt(batch.length) > maxBytes) {
    return refusal(
      ErrorCode.MESSAGE_TOO_LARGE,
      `The record batch is ${String(batch.length)} bytes, max.message.bytes is ${String(maxBytes)}.`,
    );
  }
  if (effectiveConfig(overrides, 'message.timestamp.type') === 'LogAppendTime') return null;
  const latest = BigInt(nowMs) + numericConfig(overrides, 'message.timestamp.after.max.ms');
  if (!header.logAppendTime && header.maxTimestamp <= latest) return null;
  return refusal(
    ErrorCode.INVALID_TIMESTAMP,
    header.logAppendTime
      ? 'A producer must not set the timestamp type to LogAppendTime.'
      : `Timestamp ${String(header.maxTimestamp)} is beyond message.timestamp.after.max.ms.`,
  );
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
