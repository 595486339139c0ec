import type { MalformedCode } from '../coupon/request.js';
import type { OutcomeRow, RequestIdentity } from '../ports/coupon-store.js';
import type { LogRecord, Position } from '../ports/log.js';
import { requestOf } from '../records/request-of.js';
import { timestampMsOf } from '../records/timestamp.js';
import type { FieldDifference } from './finding.js';

/** What a record says of itself, however the store sees it. */
export interface RecordFacts {
  readonly position: Position;
  readonly timestampMs: number;
  /** Of the request, or of the key where the value could not be parsed. */
  readonly couponId: number | null;
  /** Null where the record could not be parsed. */
  readonly request: RequestIdentity | null;
  readonly malformedCode: MalformedCode | null;
}

export function factsOf(record: LogRecord): RecordFacts {
  const { topic, partition, offset } = record;
  const position = { topic, partition, offset };
  const timestampMs = timestampMsOf(record);
  const parsed = requestOf(record);
  if (!parsed.ok) {
    const { code: malformedCode } = parsed.malformed;
    const couponId = couponIdOfKey(record.key);
    return { position, timestampMs, couponId, request: null, malformedCode };
  }
  const { request } = parsed;
  return { position, timestampMs, couponId: request.couponId, request, malformedCode: null };
}

/** The key is the couponId as a string (docs/contract.md). */
function couponIdOfKey(key: Buffer | null): number | null {
  const text = key?.toString('utf8') ?? '';
  const couponId = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(couponId) ? couponId : null;
}

/** The fields in which a row differs from its record. */
export function differences(
  row: OutcomeRow,
  { request, timestampMs }: RecordFacts,
): readonly FieldDifference[] {
  const pairs = [
    ['eventId', row.eventId, request?.eventId ?? null],
    ['couponId', row.couponId, request?.couponId ?? null],
    ['userId', row.userId, request?.userId ?? null],
    ['timestamp', row.timestampMs, timestampMs],
  ] as const;
  return pairs.flatMap(([field, inRow, inRecord]) =>
    inRow === inRecord ? [] : [{ field, inRecord, inRow }],
  );
}
