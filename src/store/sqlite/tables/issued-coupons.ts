import type { Database } from 'better-sqlite3';
import type { IssuedCoupon, IssuedFilter } from '../../../ports/coupon-store.js';
import type { CampaignSequence } from '../../../ports/store-figures.js';
import { PAGE_SIZE, type PageStart } from '../../issued-pages.js';
import { issuedSinceSql } from '../../issued-since.js';
import { unpackEventId, type StoredEventId } from '../../event-id.js';

interface Row extends Omit<IssuedCoupon, 'eventId' | 'position'> {
  readonly eventId: StoredEventId;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface IssuedCoupons {
  /** How many were issued at `sinceMs` or later, as of StoreHistory. */
  since(couponId: number, sinceMs: number): number;
  /** The next coupons by (couponId, sequence), up to PAGE_SIZE of them. */
  page(filter: IssuedFilter, after?: PageStart): readonly IssuedCoupon[];
  count(filter: IssuedFilter): number;
  /** The coupon with this number; null where there is none. */
  numbered(coupon: CampaignSequence): IssuedCoupon | null;
}

const COLUMNS = `coupon_id AS couponId, user_id AS userId, sequence, event_id AS eventId,
  timestamp_ms + issued_after_ms AS issuedAtMs, topic, partition,
  CAST("offset" AS TEXT) AS "offset"`;

/**
 * Campaign by campaign (CROSS JOIN keeps that order), so that each is entered by an index, whether
 * by sequence or by user, and nothing is sorted.
 */
const FROM_CAMPAIGNS = `FROM campaign CROSS JOIN applied_record USING (coupon_id)
  CROSS JOIN log USING (log_id)
  WHERE coupon_id BETWEEN :fromCoupon AND :toCoupon`;

/** The row that holds the coupon has claim 0. */
const BY_USER = 'AND user_id = :userId AND claim = 0';

const BEHIND = `AND sequence > CASE coupon_id WHEN :afterCoupon THEN :afterSequence ELSE 0 END
  ORDER BY coupon_id, sequence LIMIT ${PAGE_SIZE}`;

export function prepareIssuedCoupons(db: Database): IssuedCoupons {
  const page = db.prepare<[object], Row>(`SELECT ${COLUMNS} ${FROM_CAMPAIGNS} ${BEHIND}`);
  const pageOfUser = db.prepare<[object], Row>(
    `SELECT ${COLUMNS} ${FROM_CAMPAIGNS} ${BY_USER} ${BEHIND}`,
  );
  // A campaign's row has the number, so that no coupon is counted.
  const count = db
    .prepare<[object], number>(
      `SELECT coalesce(sum(issued_quantity), 0) FROM campaign
       WHERE coupon_id BETWEEN :fromCoupon AND :toCoupon`,
    )
    .pluck();
  const countOfUser = db
    .prepare<[object], number>(`SELECT count(*) ${FROM_CAMPAIGNS} ${BY_USER}`)
    .pluck();
  const numbered = db.prepare<[couponId: number, sequence: number], Row>(
    `SELECT ${COLUMNS} FROM applied_record CROSS JOIN log USING (log_id)
     WHERE coupon_id = ? AND sequence = ?`,
  );

  const since = db
    .prepare<[{ couponId: number; sinceMs: number }], [couponId: number, issued: number]>(
      issuedSinceSql('coupon_id = :couponId', ':sinceMs'),
    )
    .raw();

  return {
    since: (couponId, sinceMs) => since.get({ couponId, sinceMs })?.[1] ?? 0,
    page: (filter, after) => {
      const { fromCoupon, toCoupon, ...user } = bounds(filter);
      return (filter.userId === undefined ? page : pageOfUser)
        .all({
          ...user,
          fromCoupon: Math.max(fromCoupon, after?.couponId ?? 0),
          toCoupon,
          afterCoupon: after?.couponId ?? 0,
          afterSequence: after?.sequence ?? 0,
        })
        .map(toIssued);
    },
    count: (filter) => (filter.userId === undefined ? count : countOfUser).get(bounds(filter)) ?? 0,
    numbered: ({ couponId, sequence }) => {
      const row = numbered.get(couponId, sequence);
      return row === undefined ? null : toIssued(row);
    },
  };
}

function bounds({ couponId, userId }: IssuedFilter) {
  return {
    fromCoupon: couponId ?? 0,
    toCoupon: couponId ?? Number.MAX_SAFE_INTEGER,
    ...(userId === undefined ? {} : { userId }),
  };
}

// Field by field: an export reads millions of rows, and spreading each costs as much as reading it.
function toIssued(row: Row): IssuedCoupon {
  return {
    couponId: row.couponId,
    userId: row.userId,
    sequence: row.sequence,
    eventId: unpackEventId(row.eventId),
    issuedAtMs: row.issuedAtMs,
    position: { topic: row.topic, partition: row.partition, offset: BigInt(row.offset) },
  };
}
