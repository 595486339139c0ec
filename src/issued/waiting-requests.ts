/** The requests of one user that the log holds and the store has not read. */
import type { CouponRequest } from '../coupon/request.js';
import { REQUEST_TOPIC } from '../coupon/topics.js';
import { InterruptedError } from '../errors.js';
import type { OutcomeRow } from '../ports/coupon-store.js';
import { isSamePartition, type LogReader, type LogRecord, type Position } from '../ports/log.js';
import { requestOf } from '../records/request-of.js';
import { timestampMsOf } from '../records/timestamp.js';
import { unreadFrom, type PartitionLook } from './partition-look.js';

export interface WaitingRequest {
  readonly request: CouponRequest;
  readonly position: Position;
  readonly timestampMs: number;
  /** Records of its partition that are decided before it. */
  readonly recordsAhead: number;
  /** It can't be read until that transaction has ended, and is never decided if that is aborted. */
  readonly isBehindOpenTransaction: boolean;
}

export interface WaitingQuery {
  /** Null: for any coupon. */
  readonly couponId: number | null;
  readonly userId: number;
  readonly looks: readonly PartitionLook[];
  /** Told after each fetch how many records it had. */
  readonly onRead?: (records: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * What the log asks for, by partition and offset. Some of it may be decided by now: see stillWaiting. Throws
 * InterruptedError where the signal aborts.
 */
export async function unreadRequests(
  reader: Pick<LogReader, 'read' | 'readUncommitted'>,
  query: WaitingQuery,
): Promise<readonly WaitingRequest[]> {
  const found: WaitingRequest[] = [];
  for (const look of query.looks) {
    let recordsAhead = 0;
    for await (const { records, isBehindOpenTransaction } of fetches(reader, look)) {
      if (query.signal?.aborted === true) throw new InterruptedError();
      query.onRead?.(records.length);
      for (const record of records) {
        const request = requestOfUser(record, query);
        if (request !== null) {
          found.push({ ...placeOf(record), request, recordsAhead, isBehindOpenTransaction });
        }
        recordsAhead += 1;
      }
    }
  }
  return found;
}

/**
 * Without what has an outcome: the store has read on meanwhile, another group has read for it, or the request was
 * decided at an earlier position. `rows`: of the user, read after the store's positions.
 */
export function stillWaiting(
  requests: readonly WaitingRequest[],
  rows: readonly OutcomeRow[],
): readonly WaitingRequest[] {
  return requests.filter(
    (waiting) => !rows.some((row) => isDecisionOn(row, waiting) || isOf(row, waiting)),
  );
}

interface Fetch {
  readonly records: readonly LogRecord[];
  readonly isBehindOpenTransaction: boolean;
}

/** Also what waits behind an open transaction: it may still be decided. */
async function* fetches(
  reader: Pick<LogReader, 'read' | 'readUncommitted'>,
  look: PartitionLook,
): AsyncGenerator<Fetch> {
  const { partition, stableEndOffset, endOffset } = look.bound;
  const from = unreadFrom(look);
  for await (const records of reader.read(REQUEST_TOPIC, partition, from, stableEndOffset)) {
    yield { records, isBehindOpenTransaction: false };
  }
  const behind = from > stableEndOffset ? from : stableEndOffset;
  const uncommitted = reader.readUncommitted(REQUEST_TOPIC, partition, behind, endOffset);
  for await (const records of uncommitted) yield { records, isBehindOpenTransaction: true };
}

function requestOfUser(
  record: LogRecord,
  { couponId, userId }: WaitingQuery,
): CouponRequest | null {
  const parsed = requestOf(record);
  if (!parsed.ok || parsed.request.userId !== userId) return null;
  return couponId === null || parsed.request.couponId === couponId ? parsed.request : null;
}

function placeOf(record: LogRecord): Pick<WaitingRequest, 'position' | 'timestampMs'> {
  const { topic, partition, offset } = record;
  return { position: { topic, partition, offset }, timestampMs: timestampMsOf(record) };
}

/** The request has a final outcome: reading it again changes nothing. */
function isDecisionOn(row: OutcomeRow, { request }: WaitingRequest): boolean {
  const { couponId, eventId } = request;
  return row.outcome !== 'DEAD_LETTERED' && row.couponId === couponId && row.eventId === eventId;
}

function isOf(row: OutcomeRow, { position, timestampMs }: WaitingRequest): boolean {
  return (
    isSamePartition(row.position, position) &&
    row.position.offset === position.offset &&
    row.timestampMs === timestampMs
  );
}
