/** Writing rows as they were in another store, by the page. */
import { randomUUID } from 'node:crypto';
import type { Campaign } from '../../../coupon/campaign.js';
import type { CampaignVersion, StoredPosition } from '../../../ports/coupon-store.js';
import type { StoredEvent } from '../../../ports/store-history.js';
import type {
  LogMinute,
  ReplayedLetter,
  StoredRecord,
  StoreHead,
} from '../../../ports/store-copy.js';
import { minuteKey } from '../../outcome-minute.js';
import { codeOf } from '../../outcome-code.js';
import {
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  textArray,
} from '../connection/binary-array.js';
import { EVENT_COLUMNS, eventArrays } from '../tables/events.js';
import { eventIdBytes } from '../tables/event-id-bytes.js';
import { moveSources } from '../tables/partition-offsets.js';
import { LETTER_KEY, letterKeys } from '../tables/replayed-letters.js';
import { command, statement, type Query } from '../connection/query.js';

const setIdentity = statement<[id: string, lastIdOf01: number, countedSinceMs: number]>(
  'set_identity',
  'UPDATE store_identity SET id = $1, last_id_of_0_1 = $2, counted_since_ms = $3',
);

/** All that the head says, in the order that its foreign keys need. */
export function putHead(head: StoreHead): readonly Query[] {
  return [
    setIdentity(head.id, head.lastIdOf01, head.countedSinceMs),
    copyCampaigns(head.campaigns),
    copyVersions(head.versions),
    ...copyPositions(head.positions),
  ];
}

const TERMS = 'coupon_id, version, name, total_quantity, status, valid_from_ms, valid_until_ms';
const TERM_ARRAYS = `$1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[],
    $6::bigint[], $7::bigint[]`;

const addCampaigns = statement<Buffer[]>(
  'copy_campaigns',
  `INSERT INTO campaign (${TERMS}, issued_quantity)
   SELECT * FROM unnest(${TERM_ARRAYS}, $8::bigint[])`,
);

const addVersions = statement<Buffer[]>(
  'copy_versions',
  `INSERT INTO campaign_version (${TERMS}, created_at_ms, changed_by)
   SELECT * FROM unnest(${TERM_ARRAYS}, $8::bigint[], $9::text[])`,
);

function copyCampaigns(campaigns: readonly Campaign[]): Query {
  return addCampaigns(
    ...termColumns(campaigns),
    int8Array(campaigns.map(({ issuedQuantity }) => issuedQuantity)),
  );
}

function copyVersions(versions: readonly CampaignVersion[]): Query {
  return addVersions(
    ...termColumns(versions),
    int8Array(versions.map(({ createdAtMs }) => createdAtMs)),
    textArray(versions.map(({ changedBy }) => changedBy)),
  );
}

function termColumns(terms: readonly (Campaign | CampaignVersion)[]): readonly Buffer[] {
  return [
    int8Array(terms.map(({ couponId }) => couponId)),
    int8Array(terms.map(({ version }) => version)),
    textArray(terms.map(({ name }) => name)),
    int8Array(terms.map(({ totalQuantity }) => totalQuantity)),
    textArray(terms.map(({ status }) => status)),
    int8Array(terms.map(({ validFromMs }) => validFromMs)),
    int8Array(terms.map(({ validUntilMs }) => validUntilMs)),
  ];
}

function copyPositions(positions: readonly StoredPosition[]): readonly Query[] {
  const moves = positions.map((position) => ({ expectedOffset: null, position }));
  return moveSources(moves, randomUUID());
}

const addRecords = statement<Buffer[]>(
  'copy_records',
  `INSERT INTO applied_record (id, coupon_id, user_id, event_id, outcome, sequence, campaign_version,
     reason_code, log_id, "offset", timestamp_ms, issued_after_ms)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::smallint[],
     $6::bigint[], $7::bigint[], $8::text[], $9::integer[], $10::bigint[], $11::bigint[], $12::bigint[])`,
);

/** `logIds`: of each record. */
export function copyRecords(records: readonly StoredRecord[], logIds: readonly number[]): Query {
  return addRecords(
    int8Array(records.map(({ id }) => id)),
    int8Array(records.map(({ couponId }) => couponId)),
    int8Array(records.map(({ userId }) => userId)),
    byteaArray(records.map(({ eventId }) => (eventId === null ? null : eventIdBytes(eventId)))),
    int2Array(records.map(({ outcome }) => codeOf(outcome))),
    int8Array(records.map(({ sequence }) => sequence)),
    int8Array(records.map(({ campaignVersion }) => campaignVersion)),
    textArray(records.map(({ reasonCode }) => reasonCode)),
    int4Array(logIds),
    int8Array(records.map(({ position }) => position.offset)),
    int8Array(records.map(({ timestampMs }) => timestampMs)),
    int8Array(
      records.map(({ issuedAtMs, timestampMs }) =>
        issuedAtMs === null ? null : issuedAtMs - timestampMs,
      ),
    ),
  );
}

const addLetters = statement<Buffer[]>(
  'copy_letters',
  `INSERT INTO replayed_letter (${LETTER_KEY}, replayed_at_ms)
   SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[],
     $6::bigint[], $7::bigint[])`,
);

export function copyLetters(letters: readonly ReplayedLetter[]): Query {
  return addLetters(
    ...letterKeys(letters),
    int8Array(letters.map(({ replayedAtMs }) => replayedAtMs)),
  );
}

const addEvents = statement<Buffer[]>(
  'copy_events',
  `INSERT INTO event (${EVENT_COLUMNS})
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
     $7::bigint[])`,
);

export function copyEvents(events: readonly StoredEvent[]): Query {
  return addEvents(int8Array(events.map(({ id }) => id)), ...eventArrays(events));
}

const addMinutes = statement<Buffer[]>(
  'copy_minutes',
  `INSERT INTO outcome_minute (minute_ms, log_id, coupon_id, outcome, reason_code, rows)
   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::smallint[], $5::text[], $6::bigint[])`,
);

/** `logIds`: of each minute. */
export function copyMinutes(minutes: readonly LogMinute[], logIds: readonly number[]): Query {
  const keys = minutes.map(minuteKey);
  return addMinutes(
    int8Array(minutes.map(({ minuteMs }) => minuteMs)),
    int4Array(logIds),
    int8Array(keys.map(({ couponId }) => couponId)),
    int2Array(keys.map(({ outcome }) => outcome)),
    textArray(keys.map(({ reasonCode }) => reasonCode)),
    int8Array(minutes.map(({ rows }) => rows)),
  );
}

/** The ids that are drawn next are behind those that were copied. */
export const drawIdsBehind: readonly Query[] = ['applied_record', 'event'].map((table) =>
  command(
    `SELECT setval(pg_get_serial_sequence('${table}', 'id'), max(id))
     FROM ${table} HAVING max(id) IS NOT NULL`,
  ),
);
