import type { Database } from 'better-sqlite3';
import type { Campaign, CampaignTerms } from '../../../coupon/campaign.js';
import type { CampaignChange, CampaignVersion } from '../../../ports/coupon-store.js';
import { creation, update, type PlannedChange } from '../../campaign-change.js';

export interface Campaigns {
  get(couponId: number): Campaign | null;
  all(): readonly Campaign[];
  versions(): readonly CampaignVersion[];
  /** The caller holds the write lock, here and below. */
  create(couponId: number, terms: CampaignTerms, changedBy: string | null): CampaignChange;
  update(couponId: number, terms: Partial<CampaignTerms>, changedBy: string | null): CampaignChange;
  setIssuedQuantity(couponId: number, issuedQuantity: number): void;
}

const TERMS = `name, total_quantity AS totalQuantity, status,
  valid_from_ms AS validFromMs, valid_until_ms AS validUntilMs`;

const SELECT = `
  SELECT coupon_id AS couponId, issued_quantity AS issuedQuantity, version, ${TERMS} FROM campaign`;

type WithTerms = CampaignTerms & { readonly couponId: number; readonly version: number };

/** `clock` dates the versions of the terms, in ms. */
export function prepareCampaigns(db: Database, clock: () => number): Campaigns {
  const one = db.prepare<[couponId: number], Campaign>(`${SELECT} WHERE coupon_id = ?`);
  const everything = db.prepare<[], Campaign>(`${SELECT} ORDER BY coupon_id`);
  const versions = db.prepare<[], CampaignVersion>(
    `SELECT coupon_id AS couponId, version, ${TERMS}, created_at_ms AS createdAtMs, changed_by AS changedBy
     FROM campaign_version ORDER BY coupon_id, version`,
  );
  const put = db.prepare<[WithTerms]>(
    `INSERT INTO campaign (coupon_id, version, name, total_quantity, status,
       valid_from_ms, valid_until_ms)
     VALUES (:couponId, :version, :name, :totalQuantity, :status, :validFromMs, :validUntilMs)
     ON CONFLICT (coupon_id) DO UPDATE SET version = excluded.version, name = excluded.name,
       total_quantity = excluded.total_quantity, status = excluded.status,
       valid_from_ms = excluded.valid_from_ms, valid_until_ms = excluded.valid_until_ms`,
  );
  const addVersion = db.prepare<[WithTerms & Pick<CampaignVersion, 'createdAtMs' | 'changedBy'>]>(
    `INSERT INTO campaign_version (coupon_id, version, name, total_quantity, status,
       valid_from_ms, valid_until_ms, created_at_ms, changed_by)
     VALUES (:couponId, :version, :name, :totalQuantity, :status,
       :validFromMs, :validUntilMs, :createdAtMs, :changedBy)`,
  );
  const setIssued = db.prepare<[issuedQuantity: number, couponId: number]>(
    'UPDATE campaign SET issued_quantity = ? WHERE coupon_id = ?',
  );
  const get = (couponId: number): Campaign | null => one.get(couponId) ?? null;

  function save({ change, changed }: PlannedChange, changedBy: string | null): CampaignChange {
    if (changed === null) return change;
    put.run(changed);
    addVersion.run({ ...changed, createdAtMs: clock(), changedBy });
    return change;
  }

  return {
    get,
    all: () => everything.all(),
    versions: () => versions.all(),
    create: (couponId, terms, changedBy) =>
      save(creation(get(couponId), couponId, terms), changedBy),
    update: (couponId, terms, changedBy) => save(update(get(couponId), terms), changedBy),
    setIssuedQuantity: (couponId, issuedQuantity) => setIssued.run(issuedQuantity, couponId),
  };
}
