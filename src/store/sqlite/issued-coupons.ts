import type { Database } from 'better-sqlite3';
import type { IssuedCoupon, IssuedFilter } from '../../ports/coupon-store.js';

interface Row extends Omit<IssuedCoupon, 'position'> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

type Values = [
  couponId: number,
  userId: number,
  sequence: number,
  eventId: string,
  issuedAtMs: number,
  topic: string,
  partition: number,
  offset: bigint,
];

/** Where a page starts: behind this coupon. */
export type PageStart = Pick<IssuedCoupon, 'couponId' | 'sequence'>;

export interface IssuedCoupons {
  add(issued: IssuedCoupon): boolean;
  isHeld(couponId: number, userId: number): boolean;
  /** The next coupons by (couponId, sequence), up to PAGE_SIZE of them. */
  page(filter: IssuedFilter, after?: PageStart): readonly IssuedCoupon[];
  count(filter: IssuedFilter): number;
  all(): readonly IssuedCoupon[];
}

export const PAGE_SIZE = 1000;

const COLUMNS = `coupon_id AS couponId, user_id AS userId, sequence, event_id AS eventId,
  issued_at_ms AS issuedAtMs, topic, partition, CAST("offset" AS TEXT) AS "offset"`;

/**
 * Campaign by campaign (CROSS JOIN keeps that order), so that each is entered by an index, whether
 * by sequence or by user, and nothing is sorted.
 */
const FROM_CAMPAIGNS = `FROM campaign CROSS JOIN issued_coupon USING (coupon_id)
  WHERE coupon_id BETWEEN :fromCoupon AND :toCoupon`;

const BY_USER = 'AND user_id = :userId';

const BEHIND = `AND sequence > CASE coupon_id WHEN :afterCoupon THEN :afterSequence ELSE 0 END
  ORDER BY coupon_id, sequence LIMIT ${PAGE_SIZE}`;

export function prepareIssuedCoupons(db: Database): IssuedCoupons {
  const insert = db.prepare<Values>(
    `INSERT INTO issued_coupon (coupon_id, user_id, sequence, event_id, issued_at_ms,
       topic, partition, "offset") VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const held = db.prepare<[couponId: number, userId: number], { held: 1 }>(
    'SELECT 1 AS held FROM issued_coupon WHERE coupon_id = ? AND user_id = ?',
  );
  const page = db.prepare<[object], Row>(`SELECT ${COLUMNS} ${FROM_CAMPAIGNS} ${BEHIND}`);
  const pageOfUser = db.prepare<[object], Row>(
    `SELECT ${COLUMNS} ${FROM_CAMPAIGNS} ${BY_USER} ${BEHIND}`,
  );
  const count = db.prepare<[object], number>(`SELECT count(*) ${FROM_CAMPAIGNS}`).pluck();
  const countOfUser = db
    .prepare<[object], number>(`SELECT count(*) ${FROM_CAMPAIGNS} ${BY_USER}`)
    .pluck();
  const everything = db.prepare<[], Row>(
    `SELECT ${COLUMNS} FROM issued_coupon ORDER BY coupon_id, sequence`,
  );

  return {
    add: ({ position, ...issued }) =>
      insert.run(
        issued.couponId,
        issued.userId,
        issued.sequence,
        issued.eventId,
        issued.issuedAtMs,
        position.topic,
        position.partition,
        position.offset,
      ).changes === 1,
    isHeld: (couponId, userId) => held.get(couponId, userId) !== undefined,
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
    all: () => everything.all().map(toIssued),
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
    eventId: row.eventId,
    issuedAtMs: row.issuedAtMs,
    position: { topic: row.topic, partition: row.partition, offset: BigInt(row.offset) },
  };
}
