import type { Database } from 'better-sqlite3';
import type { Outcome } from '../../coupon/outcome.js';
import type { OutcomeRow, RecordIdentity } from '../../ports/coupon-store.js';

interface Row extends Omit<OutcomeRow, 'position'> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

type Values = [
  eventId: string | null,
  couponId: number | null,
  userId: number | null,
  outcome: Outcome,
  reasonCode: string | null,
  campaignVersion: number | null,
  topic: string,
  partition: number,
  offset: bigint,
  timestampMs: number,
];

export interface RequestOutcomes {
  /** False, and nothing written, if the eventId has a final outcome or this record a dead letter. */
  add(row: Omit<OutcomeRow, 'id'>): boolean;
  /** The final outcome of an eventId, if it has one. */
  finalOf(eventId: string): Outcome | undefined;
  /** Whether this record has a row which says DEAD_LETTERED. */
  isDeadLettered(topic: string, partition: number, record: RecordIdentity): boolean;
  /** In the order of applying. */
  of(couponId: number, userId: number): readonly OutcomeRow[];
  all(): readonly OutcomeRow[];
}

const SELECT = `
  SELECT id, event_id AS eventId, coupon_id AS couponId, user_id AS userId, outcome,
    reason_code AS reasonCode, campaign_version AS campaignVersion,
    topic, partition, CAST("offset" AS TEXT) AS "offset", timestamp_ms AS timestampMs
  FROM request_outcome`;

export function prepareRequestOutcomes(db: Database): RequestOutcomes {
  const insert = db.prepare<Values>(
    `INSERT INTO request_outcome (event_id, coupon_id, user_id, outcome, reason_code,
       campaign_version, topic, partition, "offset", timestamp_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (event_id) WHERE outcome <> 'DEAD_LETTERED' DO NOTHING
     ON CONFLICT (topic, partition, "offset", timestamp_ms)
       WHERE outcome = 'DEAD_LETTERED' DO NOTHING`,
  );
  const final = db.prepare<[eventId: string], { outcome: Outcome }>(
    `SELECT outcome FROM request_outcome WHERE event_id = ? AND outcome <> 'DEAD_LETTERED'`,
  );
  const deadLettered = db.prepare<
    [topic: string, partition: number, offset: bigint, timestampMs: number],
    { known: 1 }
  >(
    `SELECT 1 AS known FROM request_outcome
     WHERE topic = ? AND partition = ? AND "offset" = ? AND timestamp_ms = ?
       AND outcome = 'DEAD_LETTERED'`,
  );
  const ofUser = db.prepare<[couponId: number, userId: number], Row>(
    `${SELECT} WHERE coupon_id = ? AND user_id = ? ORDER BY id`,
  );
  const everything = db.prepare<[], Row>(`${SELECT} ORDER BY id`);

  return {
    add: ({ position, ...row }) =>
      insert.run(
        row.eventId,
        row.couponId,
        row.userId,
        row.outcome,
        row.reasonCode,
        row.campaignVersion,
        position.topic,
        position.partition,
        position.offset,
        row.timestampMs,
      ).changes === 1,
    finalOf: (eventId) => final.get(eventId)?.outcome,
    isDeadLettered: (topic, partition, { offset, timestampMs }) =>
      deadLettered.get(topic, partition, offset, timestampMs) !== undefined,
    of: (couponId, userId) => ofUser.all(couponId, userId).map(toOutcome),
    all: () => everything.all().map(toOutcome),
  };
}

// Field by field: an audit reads millions of rows, and spreading each costs as much as reading it.
function toOutcome(row: Row): OutcomeRow {
  return {
    id: row.id,
    eventId: row.eventId,
    couponId: row.couponId,
    userId: row.userId,
    outcome: row.outcome,
    reasonCode: row.reasonCode,
    campaignVersion: row.campaignVersion,
    position: { topic: row.topic, partition: row.partition, offset: BigInt(row.offset) },
    timestampMs: row.timestampMs,
  };
}
