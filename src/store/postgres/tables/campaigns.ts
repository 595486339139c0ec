import type { Campaign, CampaignStatus } from '../../../coupon/campaign.js';
import type { CampaignVersion } from '../../../ports/coupon-store.js';
import { int8Array } from '../connection/binary-array.js';
import { command, statement, type Query } from '../connection/query.js';
import { WAS_SECOND } from '../schema/schema.js';

type Terms = readonly [
  name: string | null,
  totalQuantity: number,
  status: CampaignStatus,
  validFromMs: number | null,
  validUntilMs: number | null,
];
export type CampaignRow = readonly [
  couponId: number,
  version: number,
  ...Terms,
  issuedQuantity: number,
];
type VersionRow = readonly [
  couponId: number,
  version: number,
  ...Terms,
  createdAtMs: number,
  changedBy: string | null,
];

const TERMS = 'coupon_id, version, name, total_quantity, status, valid_from_ms, valid_until_ms';
const SELECT = `SELECT ${TERMS}, issued_quantity FROM campaign`;

/** In the order of their coupons, so that two transactions never wait for one another. */
const lock = statement<[couponIds: Buffer], CampaignRow>(
  'lock_campaigns',
  `${SELECT} WHERE coupon_id = ANY ($1::bigint[]) ORDER BY coupon_id FOR NO KEY UPDATE`,
);

/** The campaigns of these coupons, which no other transaction changes or issues from until this one ends. */
export function lockCampaigns(couponIds: readonly number[]): Query<CampaignRow> {
  return lock(int8Array(couponIds));
}

/**
 * Waits for the groups that are at work, and keeps new ones waiting until the transaction ends: so
 * a request of a campaign that a group finds missing comes before the campaign in the order of
 * applying, as no row is there to be locked. FOR NO KEY UPDATE, of lockCampaigns, holds this lock
 * off also where it finds no row; reading does not.
 */
export const lockCreation = command('LOCK TABLE campaign IN EXCLUSIVE MODE');

export const readCampaign = statement<[couponId: number], CampaignRow>(
  'read_campaign',
  `${SELECT} WHERE coupon_id = $1`,
);

export const readCampaigns = statement<[], CampaignRow>(
  'read_campaigns',
  `${SELECT} ORDER BY coupon_id`,
);

export const readVersions = statement<[], VersionRow>(
  'read_versions',
  `SELECT ${TERMS}, created_at_ms, changed_by FROM campaign_version ORDER BY coupon_id, version`,
);

const PARAMETERS = '$1::bigint, $2::bigint, $3, $4::bigint, $5, $6::bigint, $7::bigint';

const add = statement<[couponId: number, version: number, ...Terms]>(
  'add_campaign',
  `INSERT INTO campaign (${TERMS}) VALUES (${PARAMETERS})`,
);

const change = statement<[couponId: number, version: number, ...Terms]>(
  'change_campaign',
  `UPDATE campaign SET (${TERMS}) = ROW (${PARAMETERS}) WHERE coupon_id = $1`,
);

const addVersion = statement<[...VersionRow]>(
  'add_version',
  `INSERT INTO campaign_version (${TERMS}, created_at_ms, changed_by) VALUES (${PARAMETERS}, $8, $9)`,
);

/** Writes its terms, and that it has had them since `nowMs`, by whom. Version 1 is new. */
export function saveCampaign(
  campaign: Campaign,
  nowMs: number,
  changedBy: string | null,
): readonly Query[] {
  const { couponId, version, name, totalQuantity, status, validFromMs, validUntilMs } = campaign;
  const terms: Terms = [name, totalQuantity, status, validFromMs, validUntilMs];
  return [
    (version === 1 ? add : change)(couponId, version, ...terms),
    addVersion(couponId, version, ...terms, nowMs, changedBy),
  ];
}

const issueFrom = statement<[couponIds: Buffer, issued: Buffer, campaigns: number]>(
  'issue_from_campaigns',
  `WITH moved AS (
     UPDATE campaign SET issued_quantity = n.issued
     FROM unnest($1::bigint[], $2::bigint[]) AS n (coupon_id, issued)
     WHERE campaign.coupon_id = n.coupon_id RETURNING 1
   )
   SELECT expect_rows(count(*), $3, 'campaign', '${WAS_SECOND}') FROM moved`,
);

/** Moves the stock of campaigns that this transaction has locked. */
export function issueFromCampaigns(campaigns: readonly Campaign[]): Query {
  return issueFrom(
    int8Array(campaigns.map(({ couponId }) => couponId)),
    int8Array(campaigns.map(({ issuedQuantity }) => issuedQuantity)),
    campaigns.length,
  );
}

export function toCampaign(row: CampaignRow): Campaign {
  return { ...toTerms(row), issuedQuantity: row[7] };
}

export function toVersion(row: VersionRow): CampaignVersion {
  return { ...toTerms(row), createdAtMs: row[7], changedBy: row[8] };
}

function toTerms(row: CampaignRow | VersionRow) {
  return {
    couponId: row[0],
    version: row[1],
    name: row[2],
    totalQuantity: row[3],
    status: row[4],
    validFromMs: row[5],
    validUntilMs: row[6],
  };
}
