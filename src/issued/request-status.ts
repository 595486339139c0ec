/** What became of a user's request for a coupon: from the store, or else from the log. */
import type { RequestStatus } from '../coupon/request-status.js';
import { CONSUMER_GROUP, REQUEST_TOPIC } from '../coupon/topics.js';
import { InterruptedError } from '../errors.js';
import type { CouponStore } from '../ports/coupon-store.js';
import type { LogReader, LogRecord, PartitionBounds } from '../ports/log.js';
import { requestOf } from '../records/request-of.js';

/** Who asks for what. */
export interface Asked {
  readonly couponId: number;
  readonly userId: number;
}

/** What the store knows: the coupon the user holds, else what became of the latest request; null: nothing. */
export async function decidedStatus(
  store: Pick<CouponStore, 'issued' | 'outcomesOf'>,
  { couponId, userId }: Asked,
): Promise<RequestStatus | null> {
  for await (const page of store.issued({ couponId, userId })) {
    const [held] = page;
    if (held === undefined) break;
    const { sequence, eventId } = held;
    const issuedAt = new Date(held.issuedAtMs).toISOString();
    return { couponId, userId, status: 'ISSUED', outcome: 'ISSUED', sequence, issuedAt, eventId };
  }
  const latest = (await store.outcomesOf(couponId, userId)).at(-1);
  if (latest === undefined) return null;
  const { outcome, eventId } = latest;
  return { couponId, userId, status: 'FAILED', outcome, sequence: null, issuedAt: null, eventId };
}

/**
 * Whether a request waits in the log, beyond what the store has read. Throws InterruptedError where the signal
 * aborts.
 */
export async function undecidedStatus(
  store: Pick<CouponStore, 'positions'>,
  reader: LogReader,
  { couponId, userId }: Asked,
  signal?: AbortSignal,
): Promise<RequestStatus> {
  const nothing = { couponId, userId, outcome: null, sequence: null, issuedAt: null };
  const clusterId = await reader.clusterId();
  // A store that has read another cluster says nothing of this log.
  const positions = (await store.positions(CONSUMER_GROUP, REQUEST_TOPIC)).filter(
    (position) => position.clusterId === clusterId,
  );
  for (const bound of await reader.bounds(REQUEST_TOPIC)) {
    const { partition, startOffset } = bound;
    const read = positions.find((position) => position.partition === partition)?.nextOffset ?? 0n;
    const from = read > startOffset ? read : startOffset;
    for await (const records of unread(reader, bound, from)) {
      if (signal?.aborted === true) throw new InterruptedError();
      for (const record of records) {
        const parsed = requestOf(record);
        if (!parsed.ok) continue;
        const { request } = parsed;
        if (request.couponId === couponId && request.userId === userId) {
          return { ...nothing, status: 'PENDING', eventId: request.eventId };
        }
      }
    }
  }
  return { ...nothing, status: 'NOT_REQUESTED', eventId: null };
}

/** Also what waits behind an open transaction: it may still be decided. */
async function* unread(
  reader: LogReader,
  { partition, stableEndOffset, endOffset }: PartitionBounds,
  from: bigint,
): AsyncGenerator<readonly LogRecord[]> {
  yield* reader.read(REQUEST_TOPIC, partition, from, stableEndOffset);
  const waiting = from > stableEndOffset ? from : stableEndOffset;
  yield* reader.readUncommitted(REQUEST_TOPIC, partition, waiting, endOffset);
}
