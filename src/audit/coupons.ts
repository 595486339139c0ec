import type { Campaign } from '../coupon/campaign.js';
import { groupBy } from '../group-by.js';
import type {
  CampaignVersion,
  IssuedCoupon,
  OutcomeRow,
  StoreSnapshot,
} from '../ports/coupon-store.js';
import type { Position } from '../ports/log.js';
import { spellPosition } from '../records/spell-position.js';
import type { HistoryProblem } from './finding.js';
import type { AuditFindings } from './findings.js';

/**
 * Compares issued coupons, ISSUED rows, stock and campaigns with each other. Needs no log: the
 * store's own tables must obey these rules.
 */
export function checkCoupons(snapshot: StoreSnapshot, findings: AuditFindings): void {
  pairWithRows(snapshot, findings);
  const issuedOf = groupBy(snapshot.issued, ({ couponId }) => couponId);
  const campaigns = new Map(snapshot.campaigns.map((campaign) => [campaign.couponId, campaign]));
  for (const [couponId, issued] of issuedOf) {
    checkHolders(issued, findings);
    checkSequences(couponId, issued, findings);
    if (!campaigns.has(couponId)) {
      const code = 'COUPON_WITHOUT_CAMPAIGN';
      findings.addOf({ code, couponId, position: null, issued: issued.length });
    }
  }
  const versionsOf = groupBy(snapshot.versions, ({ couponId }) => couponId);
  for (const campaign of snapshot.campaigns) {
    checkStock(campaign, issuedOf.get(campaign.couponId)?.length ?? 0, findings);
    checkHistory(campaign, versionsOf.get(campaign.couponId) ?? [], findings);
  }
}

/** One issued coupon for each ISSUED row and the other way round, numbered in the rows' order. */
function pairWithRows({ outcomes, issued }: StoreSnapshot, findings: AuditFindings): void {
  const unpaired = groupBy(issued, ({ position }) => spellPosition(position));
  const lastSequence = new Map<number, number>();
  for (const row of outcomes) {
    if (row.outcome !== 'ISSUED') continue;
    const coupon = unpaired.get(spellPosition(row.position))?.shift();
    if (coupon === undefined) {
      const { couponId, userId, position } = row;
      findings.addOf({ code: 'ISSUED_WITHOUT_COUPON', couponId, position, userId });
      continue;
    }
    checkPair(row, coupon, findings);
    const last = lastSequence.get(coupon.couponId) ?? 0;
    lastSequence.set(coupon.couponId, coupon.sequence);
    if (coupon.sequence > last) continue;
    const { sequence } = coupon;
    findings.addOf({ code: 'WRONG_SEQUENCE', ...placeOf(coupon), sequence, lastSequence: last });
  }
  for (const coupon of [...unpaired.values()].flat()) {
    findings.addOf({ code: 'COUPON_WITHOUT_OUTCOME', ...placeOf(coupon) });
  }
}

function checkPair(row: OutcomeRow, coupon: IssuedCoupon, findings: AuditFindings): void {
  const fields = ['couponId', 'userId', 'eventId'] as const;
  const different = fields.filter((field) => row[field] !== coupon[field]);
  if (different.length === 0) return;
  const inOutcome = different.map((field) => ({ field, value: row[field] }));
  findings.addOf({ code: 'COUPON_DOES_NOT_MATCH_OUTCOME', ...placeOf(coupon), inOutcome });
}

function checkHolders(issued: readonly IssuedCoupon[], findings: AuditFindings): void {
  const held = new Map<number, Position>();
  for (const coupon of issued) {
    const first = held.get(coupon.userId);
    if (first === undefined) {
      held.set(coupon.userId, coupon.position);
      continue;
    }
    findings.addOf({ code: 'HELD_TWICE', ...placeOf(coupon), first });
  }
}

/** Sequences are 1..issued. Only the first wrong one is a finding: the others follow from it. */
function checkSequences(
  couponId: number,
  issued: readonly IssuedCoupon[],
  findings: AuditFindings,
): void {
  const inOrder = issued.toSorted((a, b) => a.sequence - b.sequence);
  const wrong = inOrder.findIndex(({ sequence }, index) => sequence !== index + 1);
  const coupon = inOrder[wrong];
  if (coupon === undefined) return;
  findings.addOf({
    code: 'SEQUENCE_GAP',
    couponId,
    position: coupon.position,
    issued: issued.length,
    expected: wrong + 1,
    sequence: coupon.sequence,
  });
}

function checkStock(campaign: Campaign, issued: number, findings: AuditFindings): void {
  const { couponId, issuedQuantity, totalQuantity } = campaign;
  if (issued > totalQuantity) {
    findings.addOf({ code: 'OVERISSUED', couponId, position: null, issued, totalQuantity });
  }
  if (issued !== issuedQuantity) {
    findings.addOf({
      code: 'ISSUED_COUNT_WRONG',
      couponId,
      position: null,
      issuedQuantity,
      issued,
    });
  }
}

const TERMS = ['name', 'totalQuantity', 'status', 'validFromMs', 'validUntilMs'] as const;

/** A campaign is as the newest version of its history, and the history has no gap. */
function checkHistory(
  campaign: Campaign,
  versions: readonly CampaignVersion[],
  findings: AuditFindings,
): void {
  const { couponId } = campaign;
  const history = versions.toSorted((a, b) => a.version - b.version);
  const newest = history.at(-1);
  const differs = (problem: HistoryProblem): void => {
    const code = 'CAMPAIGN_DIFFERS_FROM_HISTORY';
    findings.addOf({ code, couponId, position: null, ...problem });
  };
  if (newest === undefined) {
    differs({ problem: 'NO_HISTORY' });
    return;
  }
  const fields = (['version', ...TERMS] as const).filter(
    (field) => campaign[field] !== newest[field],
  );
  if (fields.length > 0) differs({ problem: 'FIELDS_DIFFER', fields });
  const gap = history.findIndex(({ version }, index) => version !== index + 1);
  if (gap !== -1) differs({ problem: 'VERSION_MISSING', version: gap + 1 });
}

function placeOf({ couponId, userId, position }: IssuedCoupon) {
  return { couponId, userId, position };
}
