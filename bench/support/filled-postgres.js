/** Of each campaign: this many issued, refused as sold out, and dead-lettered. */
const ISSUED = 900;
const SOLD_OUT = 99;
const DEAD_LETTERED = 1;
export const ROWS_A_CAMPAIGN = ISSUED + SOLD_OUT + DEAD_LETTERED;

export const FILLED_TOPIC = 'bench-fill';
export const FILLED_PARTITIONS = 60;
/** What a campaign has left to issue. */
const LEFT = 1_000_000;
const CAMPAIGNS_A_STATEMENT = 1000;

/** SQL: distinct and in no order, as an odd factor permutes the 32-bit integers. */
const USER = '(n * 2654435761) % 4294967296 + 1';

const CAMPAIGNS = `
  WITH added AS (
    INSERT INTO campaign (coupon_id, total_quantity, issued_quantity, status, version)
    SELECT c, ${ISSUED + LEFT}, ${ISSUED}, 'ACTIVE', 1 FROM generate_series($1::bigint, $2::bigint) AS c
    RETURNING *
  )
  INSERT INTO campaign_version (coupon_id, version, total_quantity, status, created_at_ms)
  SELECT coupon_id, version, total_quantity, status, 0 FROM added`;

const LOGS = `
  INSERT INTO log (topic, partition)
  SELECT '${FILLED_TOPIC}', p FROM generate_series(0, ${FILLED_PARTITIONS - 1}) AS p
  ON CONFLICT DO NOTHING`;

/** \`n\` counts the records from 0, \`place\` those of a campaign. */
const RECORDS = `
  INSERT INTO applied_record (coupon_id, user_id, event_id, outcome, sequence, campaign_version,
    reason_code, log_id, "offset", timestamp_ms, issued_after_ms)
  SELECT coupon_id, user_id, uuid_send(gen_random_uuid()), outcome,
    CASE outcome WHEN 0 THEN place + 1 END, CASE WHEN outcome < 7 THEN 1 END,
    CASE outcome WHEN 7 THEN 'PROCESSING_FAILED' END, log_id, n, 1764000000000 + n,
    CASE outcome WHEN 0 THEN 3 END
  FROM generate_series($1::bigint, $2::bigint) AS n,
    LATERAL (SELECT n / ${ROWS_A_CAMPAIGN} + 1, n % ${ROWS_A_CAMPAIGN}, ${USER}) AS r (coupon_id, place, user_id),
    LATERAL (SELECT CASE WHEN place < ${ISSUED} THEN 0 WHEN place < ${ISSUED + SOLD_OUT} THEN 1 ELSE 7 END) AS o (outcome),
    log
  WHERE log.topic = '${FILLED_TOPIC}' AND log.partition = coupon_id % ${FILLED_PARTITIONS}
  ORDER BY n`;

/** Fills a store's tables by SQL from `from` records to `to`, campaign after campaign. `client` has their search_path. */
export async function fillPostgres(client, from, to) {
  await client.query(LOGS);
  const step = CAMPAIGNS_A_STATEMENT * ROWS_A_CAMPAIGN;
  for (let first = from; first < to; first += step) {
    const last = Math.min(first + step, to) - 1;
    await client.query(CAMPAIGNS, [campaignOf(first), campaignOf(last)]);
    await client.query(RECORDS, [first, last]);
  }
}

/** Of the n-th record, counted from 0. */
export function campaignOf(record) {
  return Math.floor(record / ROWS_A_CAMPAIGN) + 1;
}

/** Likewise. */
export function userOf(record) {
  return Number((BigInt(record) * 2654435761n) % 4294967296n) + 1;
}
