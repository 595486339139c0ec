const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

/**
 * The partition of a key: positive murmur2 modulo count, as Kafka's Java producer does by default.
 * https://kafka.apache.org/documentation/#producerconfigs_partitioner.class
 */
export function partitionOf(key: Buffer | string, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key;
  return (murmur2(bytes) & 0x7fffffff) % partitions;
}

/**
 * All arithmetic is in 32-bit integers, as in Java's Utils.murmur2:
 * https://github.com/apache/kafka/blob/4.1.1/clients/src/main/java/org/apache/kafka/common/utils/Utils.java
 */
function murmur2(bytes: Buffer): number {
  const { length } = bytes;
  const tail = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < tail; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), MIX);
    word ^= word >>> 24;
    hash = Math.imul(hash, MIX) ^ Math.imul(word, MIX);
  }
  if (length > tail) hash = Math.imul(hash ^ bytes.readUIntLE(tail, length - tail), MIX);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MIX);
  return hash ^ (hash >>> 15);
}
