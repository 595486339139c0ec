/**
 * Idempotent producers: per producer and partition, batches are numbered, so that one sent again
 * is recognised and a gap is refused. The numbers are kept with the batches themselves; where those
 * are gone (retention), any sequence is taken, as Kafka does.
 */
import type { BatchHeader } from '../wire/record-batch.js';
import { ErrorCode, refusal, type Refusal } from '../wire/error-code.js';
import type { SqliteDatabase } from './database.js';

/** As many batches as Kafka remembers, and as a producer may have in flight. */
const REMEMBERED_BATCHES = 5;
/** Producers kept in memory; beyond it all are forgotten and read again as they come. */
const MAX_CACHED_PRODUCERS = 10_000;
/** Sequence numbers go from 0 to 2^31 - 1 and start again. */
const SEQUENCES = 2 ** 31;

export interface SequencedBatch {
  readonly epoch: number;
  readonly baseSequence: number;
  readonly recordsCount: number;
  readonly baseOffset: bigint;
  readonly appendTime: bigint;
}

interface SequenceRow {
  readonly producer_epoch: bigint;
  readonly base_sequence: bigint;
  readonly base_offset: bigint;
  readonly last_offset: bigint;
  readonly append_time: bigint;
}

export class ProducerSequences {
  readonly #lastBatches;
  /** Newest first. */
  readonly #cache = new Map<string, readonly SequencedBatch[]>();

  constructor(db: SqliteDatabase) {
    this.#lastBatches = db.prepare<[bigint, bigint, number], SequenceRow>(`
      SELECT producer_epoch, base_sequence, base_offset, last_offset, append_time FROM batch
      WHERE partition_id = ? AND producer_id = ? AND producer_id >= 0
      ORDER BY last_offset DESC LIMIT ?`);
  }

  forget(): void {
    this.#cache.clear();
  }

  /** 'next': to be appended; a batch: it is there already, and this is it. */
  check(partitionId: bigint, header: BatchHeader): 'next' | SequencedBatch | Refusal {
    const batches = this.#batches(partitionId, header.producerId);
    const last = batches[0];
    if (last === undefined) return 'next';
    if (header.producerEpoch < last.epoch) {
      return refusal(
        ErrorCode.INVALID_PRODUCER_EPOCH,
        `Producer epoch ${String(header.producerEpoch)} is older than ${String(last.epoch)}.`,
      );
    }
    const sameEpoch = header.producerEpoch === last.epoch;
    const duplicate = batches.find(
      (batch) =>
        batch.epoch === header.producerEpoch &&
        batch.baseSequence === header.baseSequence &&
        batch.recordsCount === header.recordsCount,
    );
    if (duplicate !== undefined) return duplicate;
    const expected = sameEpoch ? (last.baseSequence + last.recordsCount) % SEQUENCES : 0;
    if (header.baseSequence === expected) return 'next';
    return refusal(
      ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      `Sequence ${String(header.baseSequence)} came where ${String(expected)} was expected.`,
    );
  }

  appended(partitionId: bigint, producerId: bigint, batch: SequencedBatch): void {
    const batches = this.#batches(partitionId, producerId);
    this.#cache.set(
      `${String(partitionId)}:${String(producerId)}`,
      [batch, ...batches].slice(0, REMEMBERED_BATCHES),
    );
  }

  #batches(partitionId: bigint, producerId: bigint): readonly SequencedBatch[] {
    const key = `${String(partitionId)}:${String(producerId)}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    if (this.#cache.size >= MAX_CACHED_PRODUCERS) this.#cache.clear();
    const rows = this.#lastBatches.all(partitionId, producerId, REMEMBERED_BATCHES);
    const batches = rows.map((row) => ({
      epoch: Number(row.producer_epoch),
      baseSequence: Number(row.base_sequence),
      recordsCount: Number(row.last_offset - row.base_offset) + 1,
      baseOffset: row.base_offset,
      appendTime: row.append_time,
    }));
    this.#cache.set(key, batches);
    return batches;
  }
}
