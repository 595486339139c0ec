import type { StoredPosition } from '../../ports/coupon-store.js';
import type { LogReader, PartitionBounds } from '../../ports/log.js';
import { requestOf } from '../../records/request-of.js';

/** More records than this are not read: they count for every campaign then. */
const MOST_READ = 100_000;

/** Records that the group has yet to read: it decides them before whatever a replay appends behind them. */
export class WaitingRequests {
  readonly #byCoupon = new Map<number, number>();
  /** Which campaigns they ask for is not known. */
  readonly #unread: number;

  constructor(byCoupon: ReadonlyMap<number, number>, unread: number) {
    this.#byCoupon = new Map(byCoupon);
    this.#unread = unread;
  }

  /** How many may take this campaign's stock; at most, where there are too many to read them all. */
  ahead(couponId: number): number {
    return (this.#byCoupon.get(couponId) ?? 0) + this.#unread;
  }
}

export interface WaitingQuery {
  readonly topic: string;
  readonly clusterId: string;
  /** Where the group goes on, by the store. */
  readonly positions: readonly StoredPosition[];
  /** Only requests of these are counted by campaign, so that memory does not grow with what is asked for. */
  readonly couponIds: ReadonlySet<number>;
}

/** Counts what waits by campaign. `maxRead`: how many records are read for it. */
export async function waitingRequests(
  reader: Pick<LogReader, 'bounds' | 'read'>,
  { topic, clusterId, positions, couponIds }: WaitingQuery,
  maxRead = MOST_READ,
): Promise<WaitingRequests> {
  const byCoupon = new Map<number, number>();
  let unread = 0;
  let left = BigInt(maxRead);
  for (const bounds of await reader.bounds(topic)) {
    const from = nextOffsetOf(bounds, clusterId, positions);
    const most = from + left;
    const to = most < bounds.stableEndOffset ? most : bounds.stableEndOffset;
    unread += countOffsets(from > to ? from : to, bounds.endOffset);
    if (from >= to) continue;
    left -= to - from;
    for await (const records of reader.read(topic, bounds.partition, from, to)) {
      for (const record of records) {
        const parsed = requestOf(record);
        if (!parsed.ok || !couponIds.has(parsed.request.couponId)) continue;
        const { couponId } = parsed.request;
        byCoupon.set(couponId, (byCoupon.get(couponId) ?? 0) + 1);
      }
    }
  }
  return new WaitingRequests(byCoupon, unread);
}

/** The next record that the group reads; the partition's first one where it has read none of it. */
function nextOffsetOf(
  { partition, startOffset }: PartitionBounds,
  clusterId: string,
  positions: readonly StoredPosition[],
): bigint {
  const position = positions.find(
    (each) => each.clusterId === clusterId && each.partition === partition,
  );
  const next = position?.nextOffset ?? startOffset;
  return next > startOffset ? next : startOffset;
}

function countOffsets(from: bigint, to: bigint): number {
  return to > from ? Number(to - from) : 0;
}
