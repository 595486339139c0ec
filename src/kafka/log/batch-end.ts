/**
 * Where the record batches end that a fetch from an offset brings. kafkajs gives the records of a
 * fetch and nothing of its batches, so that a batch without records can't be seen: compaction may
 * delete all records of a batch and keep the batch, which covers their offsets. This asks once more,
 * by Fetch in version 4 (Kafka 0.11 to 4), and reads the batches' headers only.
 * Sources: https://kafka.apache.org/protocol#The_Messages_Fetch,
 * https://kafka.apache.org/documentation/#recordbatch
 */
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { RawRequest } from '../client/raw-request.js';
import type { Position } from '../../ports/log.js';

/** Not a follower. */
const REPLICA_ID = -1;
/** A broker gives the first batch whole, however large it is; one without records has 61 bytes. */
const MAX_BYTES = 1024;

/** The offset behind the batches that a fetch from this position gives; null where it gives none. */
export function batchesEndAt(
  { topic, partition, offset }: Position,
  isolationLevel: number,
): RawRequest<bigint | null> {
  const asked = new Encoder()
    .writeInt32(partition)
    .writeInt64(offset.toString())
    .writeInt32(MAX_BYTES);
  return {
    apiKey: 1,
    apiVersion: 4,
    apiName: 'Fetch',
    isFlexible: false,
    body: new Encoder()
      .writeInt32(REPLICA_ID)
      .writeInt32(0) // There is something to read, so nothing is waited for.
      .writeInt32(1)
      .writeInt32(MAX_BYTES)
      .writeInt8(isolationLevel)
      .writeArray([new Encoder().writeString(topic).writeArray([asked])]),
    parse: readAnswer,
  };
}

function readAnswer(answer: Buffer): bigint | null {
  const decoder = new Decoder(answer);
  decoder.readInt32(); // Throttle time.
  const partitions = decoder.readArray(readTopic).flat();
  return endOfBatches(partitions[0] ?? Buffer.alloc(0));
}

function readTopic(decoder: Decoder): readonly Buffer[] {
  decoder.readString();
  return decoder.readArray(readPartition);
}

/** The bytes of a partition's batches: none where it has an error, which the next fetch reports. */
function readPartition(decoder: Decoder): Buffer {
  decoder.readInt32(); // Partition.
  decoder.readInt16(); // Error code.
  decoder.readInt64(); // High watermark.
  decoder.readInt64(); // Last stable offset.
  decoder.readArray((aborted) => [aborted.readInt64(), aborted.readInt64()]);
  const length = decoder.readInt32();
  return length <= 0 ? Buffer.alloc(0) : decoder.readBytes(length);
}

/** Where a batch's header has what, in bytes from its beginning. */
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const LAST_OFFSET_DELTA_AT = 23;
/** Base offset and length: what a batch's length does not count. */
const LENGTH_OVERHEAD_BYTES = 12;
/** The first format that keeps batches without records: those of older ones are their records. */
const MAGIC_WITH_BATCHES = 2;

/** The offset behind the last whole batch in these bytes; null where there is none. */
export function endOfBatches(bytes: Buffer): bigint | null {
  let end: bigint | null = null;
  for (let at = 0; at + LAST_OFFSET_DELTA_AT + 4 <= bytes.length;) {
    const next = at + LENGTH_OVERHEAD_BYTES + bytes.readInt32BE(at + LENGTH_AT);
    if (next > bytes.length || next <= at) break;
    const isBatch = bytes.readInt8(at + MAGIC_AT) >= MAGIC_WITH_BATCHES;
    const lastDelta = isBatch ? bytes.readInt32BE(at + LAST_OFFSET_DELTA_AT) : 0;
    end = bytes.readBigInt64BE(at) + BigInt(lastDelta) + 1n;
    at = next;
  }
  return end;
}
