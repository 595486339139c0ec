import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';

export interface AskedPorts {
  readonly admin: Pick<ClusterAdmin, 'offsetsAtTime' | 'describeTopics'>;
  readonly reader: Pick<LogReader, 'bounds'>;
  readonly now: () => number;
}

/** By partition. */
type Offsets = ReadonlyMap<number, bigint>;

const LOOK_UPS_AT_ONCE = 8;

/**
 * How many records of a topic are dated between each two of these boundaries, by their offsets: one look-up a
 * boundary. Null where records of that time may have been deleted. Throws CliError.
 */
export async function askedBetween(
  { admin, reader, now }: AskedPorts,
  topic: string,
  boundaries: readonly number[],
): Promise<readonly (number | null)[]> {
  const bounds = await reader.bounds(topic);
  const hasLostRecords = bounds.some(({ startOffset }) => startOffset > 0n);
  const keptSinceMs = hasLostRecords ? now() - (await retentionMsOf(admin, topic)) : -Infinity;
  const offsets: Offsets[] = [];
  for (let start = 0; start < boundaries.length; start += LOOK_UPS_AT_ONCE) {
    const times = boundaries.slice(start, start + LOOK_UPS_AT_ONCE);
    offsets.push(...(await Promise.all(times.map((ms) => admin.offsetsAtTime(topic, ms)))));
  }
  return offsets.slice(1).map((to, index) => {
    const isKept = (boundaries[index] ?? -Infinity) >= keptSinceMs;
    return recordsBetween(bounds, offsets[index] ?? new Map(), to, isKept);
  });
}

/** How long records are kept for sure; 0 where that is not known, or their size decides as well. */
async function retentionMsOf(admin: AskedPorts['admin'], topic: string): Promise<number> {
  const [description] = await admin.describeTopics([topic]);
  const config = description?.effectiveConfig ?? {};
  if (config['cleanup.policy'] !== 'delete' || config['retention.bytes'] !== '-1') return 0;
  const retentionMs = Number(config['retention.ms'] ?? 0);
  return retentionMs < 0 ? Infinity : retentionMs;
}

/**
 * `isKept`: retention deletes nothing of this time yet. Of another time, a log that begins above 0 may have lost
 * records where the first one at `from` is the first that is left.
 */
function recordsBetween(
  bounds: readonly PartitionBounds[],
  from: Offsets,
  to: Offsets,
  isKept: boolean,
): number | null {
  let records = 0n;
  for (const { partition, startOffset } of bounds) {
    const fromOffset = from.get(partition) ?? startOffset;
    const toOffset = to.get(partition) ?? fromOffset;
    if (!isKept && startOffset > 0n && fromOffset <= startOffset) return null;
    // Retention may delete between two look-ups.
    if (toOffset > fromOffset) records += toOffset - fromOffset;
  }
  return Number(records);
}
