/** Outcomes in bulk, for what reads all of them: page by page, so that memory stays flat. */
import type { RequestIdentity } from '../../../ports/coupon-store.js';
import type { AppliedOutcome } from '../../../ports/store-snapshot.js';
import { codeOf } from '../../outcome-code.js';
import {
  DEAD_LETTERED,
  OUTCOME_COLUMNS,
  toOutcome,
  type OutcomeColumns,
} from './applied-records.js';
import { byteaArray, int8Array } from '../connection/binary-array.js';
import { eventIdBytes } from './event-id-bytes.js';
import { command, statement, type Query } from '../connection/query.js';
import { claimOf } from '../schema/schema.js';

/** How many rows a page has. */
const PAGE_ROWS = 1000;

const ISSUED = codeOf('ISSUED');

type AppliedColumns = readonly [
  ...OutcomeColumns,
  sequence: number | null,
  heldBefore: boolean,
  decidedBefore: boolean,
];

/**
 * `held` is the row that holds the coupon: it alone can have come before. An ISSUED row is that row itself;
 * another row may have claimed its eventId before.
 */
export const readApplied = statement<[afterId: number | bigint], AppliedColumns>(
  'read_applied',
  `SELECT ${OUTCOME_COLUMNS}, r.sequence, coalesce(held.id < r.id, false),
     CASE r.outcome
       WHEN ${DEAD_LETTERED} THEN false
       WHEN ${ISSUED} THEN EXISTS (
         SELECT FROM applied_record same
         WHERE same.coupon_id = r.coupon_id AND same.user_id = r.user_id
           AND ${claimOf('same.')} = r.event_id AND same.id < r.id)
       ELSE coalesce(held.id < r.id AND held.event_id = r.event_id, false)
     END
   FROM applied_record r
     JOIN log USING (log_id)
     LEFT JOIN applied_record held ON r.outcome <> ${ISSUED}
       AND held.coupon_id = r.coupon_id AND held.user_id = r.user_id
       AND ${claimOf('held.')} = ''::bytea
   WHERE r.id > $1 ORDER BY r.id LIMIT ${PAGE_ROWS}`,
);

export function toApplied(row: AppliedColumns): AppliedOutcome {
  const [sequence, heldBefore, decidedBefore] = [row[11], row[12], row[13]];
  return Object.assign(toOutcome(row), { sequence, heldBefore, decidedBefore });
}

/**
 * Of one log, by offset and id. PostgreSQL sorts them, on disk where they are many, before it gives
 * the first.
 */
export function declareInLog(cursor: string, logId: number): readonly Query[] {
  return [
    // It may be the half of the table, and no index leads to it.
    command('SET LOCAL enable_seqscan = on'),
    command(
      `DECLARE ${cursor} NO SCROLL CURSOR FOR
       SELECT ${OUTCOME_COLUMNS} FROM applied_record r JOIN log USING (log_id)
       WHERE r.log_id = ${String(logId)} ORDER BY r."offset", r.id`,
    ),
    command('SET LOCAL enable_seqscan = off'),
  ];
}

export function fetchPage(cursor: string): Query<OutcomeColumns> {
  return command(`FETCH ${String(PAGE_ROWS)} FROM ${cursor}`);
}

/** In rising order. */
export const readPartitions = statement<[topic: string], readonly [partition: number]>(
  'read_partitions',
  `SELECT partition FROM log WHERE topic = $1
     AND EXISTS (SELECT FROM applied_record r WHERE r.log_id = log.log_id)
   ORDER BY partition`,
);

type DecisionColumns = readonly [...OutcomeColumns, ordinality: number];

const readDecisionsOf = statement<
  [couponIds: Buffer, userIds: Buffer, eventIds: Buffer],
  DecisionColumns
>(
  'read_decisions',
  `SELECT ${OUTCOME_COLUMNS}, q.ordinality
   FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) WITH ORDINALITY
       AS q (coupon_id, user_id, event_id, ordinality)
     JOIN applied_record r ON r.coupon_id = q.coupon_id AND r.user_id = q.user_id
       AND ${claimOf('r.')} = ANY (ARRAY[''::bytea, q.event_id]) AND r.event_id = q.event_id
     JOIN log USING (log_id)
   ORDER BY r.id DESC`,
);

/** The final outcomes of these requests, the first of each last; with the place of its request, from 1. */
export function readDecisions(requests: readonly RequestIdentity[]): Query<DecisionColumns> {
  return readDecisionsOf(
    int8Array(requests.map(({ couponId }) => couponId)),
    int8Array(requests.map(({ userId }) => userId)),
    byteaArray(requests.map(({ eventId }) => eventIdBytes(eventId))),
  );
}

/** The place of the request, from 0. */
export function placeOf(row: DecisionColumns): number {
  return row[11] - 1;
}
