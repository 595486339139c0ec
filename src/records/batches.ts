import type { Headers } from '../ports/log.js';
import type { OutgoingRecord } from '../ports/record-sink.js';

/** The header of a record batch and of a record, rounded up generously. */
export const BATCH_OVERHEAD_BYTES = 512;
const RECORD_OVERHEAD_BYTES = 64;
/** Two varint lengths. */
const HEADER_OVERHEAD_BYTES = 10;

export function headerBytes(headers: Headers): number {
  return Object.entries(headers).reduce((bytes, [name, value]) => {
    const values = Buffer.isBuffer(value) ? [value] : value;
    const size = Buffer.byteLength(name) + HEADER_OVERHEAD_BYTES;
    return bytes + values.reduce((sum, { length }) => sum + length + size, 0);
  }, 0);
}

/** What a record takes of a batch, rounded up. */
export function recordBytes({ key, value, headers }: OutgoingRecord): number {
  return RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers);
}

/** Groups records so that each group fits a record batch of `maxBytes`; one always goes alone. */
export function* inBatches<R extends OutgoingRecord>(
  records: readonly R[],
  maxBytes: number,
): Generator<readonly R[]> {
  let batch: R[] = [];
  let bytes = BATCH_OVERHEAD_BYTES;
  for (const record of records) {
    const size = recordBytes(record);
    if (batch.length > 0 && bytes + size > maxBytes) {
      yield batch;
      batch = [];
      bytes = BATCH_OVERHEAD_BYTES;
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
