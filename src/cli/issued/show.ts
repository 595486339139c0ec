import type { Services } from '../services.js';
import type { Outcome } from '../../coupon/outcome.js';
import { CONSUMER_GROUP, REQUEST_TOPIC } from '../../coupon/topics.js';
import { isoTime } from '../../output/output.js';
import { pairs } from '../../output/table.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import type { LogReader, LogRecord, PartitionBounds } from '../../ports/log.js';
import { requestOf } from '../../records/request-of.js';
import { warnOfMismatch } from '../store-mismatch.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly coupon: number;
  readonly user: number;
}

/** docs/contract.md, "issued show". */
interface Shown {
  readonly couponId: number;
  readonly userId: number;
  readonly status: 'ISSUED' | 'PENDING' | 'FAILED' | 'NOT_REQUESTED';
  readonly outcome: Outcome | null;
  readonly sequence: number | null;
  readonly issuedAt: string | null;
  readonly eventId: string | null;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { coupon, user } = options;
  const store = await services.readableStore();
  const shown =
    (await decided(store, coupon, user)) ?? (await lookInLog(services, store, coupon, user));
  services.output.result(shown, () =>
    pairs(
      [
        ['coupon', shown.couponId],
        ['user', shown.userId],
        ['status', shown.status],
        ['outcome', shown.outcome],
        ['sequence', shown.sequence],
        ['issued at', shown.issuedAt],
        ['event', shown.eventId],
      ],
      services.output.columns,
    ),
  );
  return undefined;
}

/** What the store knows: the coupon the user holds, else what became of the latest request. */
async function decided(
  store: CouponStore,
  couponId: number,
  userId: number,
): Promise<Shown | null> {
  for await (const page of store.issued({ couponId, userId })) {
    const [held] = page;
    if (held === undefined) break;
    const { sequence, eventId } = held;
    const issuedAt = isoTime(held.issuedAtMs);
    return { couponId, userId, status: 'ISSUED', outcome: 'ISSUED', sequence, issuedAt, eventId };
  }
  const latest = (await store.outcomesOf(couponId, userId)).at(-1);
  if (latest === undefined) return null;
  const { outcome, eventId } = latest;
  return { couponId, userId, status: 'FAILED', outcome, sequence: null, issuedAt: null, eventId };
}

/** Says as well where the store does not belong to the log: then its silence means nothing. */
async function lookInLog(
  services: Services,
  store: CouponStore,
  couponId: number,
  userId: number,
): Promise<Shown> {
  await warnOfMismatch(services, store, CONSUMER_GROUP, REQUEST_TOPIC);
  return undecided(store, await services.reader(), couponId, userId);
}

/** Whether a request waits in the log, beyond what the store has read. */
async function undecided(
  store: CouponStore,
  reader: LogReader,
  couponId: number,
  userId: number,
): Promise<Shown> {
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
