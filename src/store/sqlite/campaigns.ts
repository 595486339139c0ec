import type { Database } from 'better-sqlite3';
import type { Campaign, CampaignTerms } from '../../coupon/campaign.js';
import type { CampaignChange, CampaignVersion } from '../../ports/coupon-store.js';

export interface Campaigns {
  get(couponId: number): Campaign | null;
  all(): readonly Campaign[];
  versions(): readonly CampaignVersion[];
  /** The caller holds the write lock, here and below. */
  create(couponId: number, terms: CampaignTerms): CampaignChange;
  update(couponId: number, terms: Partial<CampaignTerms>): CampaignChange;
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
    `SELECT coupon_id AS couponId, version, ${TERMS}, created_at_ms AS createdAtMs
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
  const addVersion = db.prepare<[WithTerms & { createdAtMs: number }]>(
    `INSERT INTO campaign_version (coupon_id, version, name, total_quantity, status,
       valid_from_ms, valid_until_ms, created_at_ms)
     VALUES (:couponId, :version, :name, :totalQuantity, :status,
       :validFromMs, :validUntilMs, :createdAtMs)`,
  );
  const setIssued = db.prepare<[issuedQuantity: number, couponId: number]>(
    'UPDATE campaign SET issued_quantity = ? WHERE coupon_id = ?',
  );
  const get = (couponId: number): Campaign | null => one.get(couponId) ?? null;

  function save(campaign: Campaign): CampaignChange {
    put.run(campaign);
    addVersion.run({ ...campaign, createdAtMs: clock() });
    return { kind: 'done', campaign };
  }

  return {
    get,
    all: () => everything.all(),
    versions: () => versions.all(),
    create: (couponId, terms) => {
      const existing = get(couponId);
      if (existing !== null) return { kind: 'exists', campaign: existing };
      if (isEmptyWindow(terms)) return { kind: 'empty-window', campaign: termsOf(terms) };
      return save({ ...terms, couponId, issuedQuantity: 0, version: 1 });
    },
    update: (couponId, terms) => {
      const before = get(couponId);
      if (before === null) return { kind: 'not-found' };
      const { issuedQuantity, version } = before;
      const after = { ...before, ...terms, couponId, issuedQuantity, version: version + 1 };
      if (after.totalQuantity < issuedQuantity) return { kind: 'below-issued', campaign: before };
      if (isEmptyWindow(after)) return { kind: 'empty-window', campaign: termsOf(after) };
      return haveSameTerms(before, after) ? { kind: 'done', campaign: before } : save(after);
    },
    setIssuedQuantity: (couponId, issuedQuantity) => setIssued.run(issuedQuantity, couponId),
  };
}

/** The terms alone, of what may hold more. */
function termsOf(campaign: CampaignTerms): CampaignTerms {
  const { name, totalQuantity, status, validFromMs, validUntilMs } = campaign;
  return { name, totalQuantity, status, validFromMs, validUntilMs };
}

/** Both ends belong to the window, so one instant is enough. */
function isEmptyWindow({ validFromMs, validUntilMs }: CampaignTerms): boolean {
  return validFromMs !== null && validUntilMs !== null && validFromMs > validUntilMs;
}

function haveSameTerms(a: CampaignTerms, b: CampaignTerms): boolean {
  return (
    a.name === b.name &&
    a.totalQuantity === b.totalQuantity &&
    a.status === b.status &&
    a.validFromMs === b.validFromMs &&
    a.validUntilMs === b.validUntilMs
  );
}
