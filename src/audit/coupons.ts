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
import type { AuditFindings } from './findings.js';

/**
 * Holds issued coupons, ISSUED rows, stock and campaigns against each other. Needs no log: these
 * are the laws that the store's own tables must obey.
 */
export function checkCoupons(snapshot: StoreSnapshot, findings: AuditFindings): void {
  pairWithRows(snapshot, findings);
  const issuedOf = groupBy(snapshot.issued, ({ couponId }) => couponId);
  const campaigns = new Map(snapshot.campaigns.map((campaign) => [campaign.couponId, campaign]));
  for (const [couponId, issued] of issuedOf) {
    checkHolders(issued, findings);
    checkSequences(couponId, issued, findings);
    if (!campaigns.has(couponId)) {
      const message = `${issued.length} coupons of ${couponId} were issued, but there is no such campaign.`;
      findings.addOf(couponId, 'COUPON_WITHOUT_CAMPAIGN', message);
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
      const message = `User ${row.userId ?? 'unknown'}'s request for coupon ${row.couponId ?? 'unknown'} at ${spellPosition(row.position)} was ISSUED, but there is no issued coupon of it.`;
      findings.addOf(row.couponId, 'ISSUED_WITHOUT_COUPON', message, row.position);
      continue;
    }
    checkPair(row, coupon, findings);
    const last = lastSequence.get(coupon.couponId) ?? 0;
    lastSequence.set(coupon.couponId, coupon.sequence);
    if (coupon.sequence > last) continue;
    const message = `${describe(coupon)} has sequence ${coupon.sequence}, but sequence ${last} was issued before it.`;
    findings.addOf(coupon.couponId, 'WRONG_SEQUENCE', message, coupon.position);
  }
  for (const coupon of [...unpaired.values()].flat()) {
    const message = `${describe(coupon)} has no ISSUED outcome.`;
    findings.addOf(coupon.couponId, 'COUPON_WITHOUT_OUTCOME', message, coupon.position);
  }
}

function checkPair(row: OutcomeRow, coupon: IssuedCoupon, findings: AuditFindings): void {
  const fields = ['couponId', 'userId', 'eventId'] as const;
  const different = fields.filter((field) => row[field] !== coupon[field]);
  if (different.length === 0) return;
  const said = different.map((field) => `${field} ${row[field] ?? 'none'}`).join(', ');
  const message = `${describe(coupon)} does not agree with its outcome, which says ${said}.`;
  findings.addOf(coupon.couponId, 'COUPON_DOES_NOT_MATCH_OUTCOME', message, coupon.position);
}

function checkHolders(issued: readonly IssuedCoupon[], findings: AuditFindings): void {
  const held = new Map<number, Position>();
  for (const coupon of issued) {
    const first = held.get(coupon.userId);
    if (first === undefined) {
      held.set(coupon.userId, coupon.position);
      continue;
    }
    const message = `${describe(coupon)} is a second one: this user holds it since ${spellPosition(first)}.`;
    findings.addOf(coupon.couponId, 'HELD_TWICE', message, coupon.position);
  }
}

/** Sequences are 1..issued; the first that is not is told, for the rest follow from it. */
function checkSequences(
  couponId: number,
  issued: readonly IssuedCoupon[],
  findings: AuditFindings,
): void {
  const inOrder = issued.toSorted((a, b) => a.sequence - b.sequence);
  const wrong = inOrder.findIndex(({ sequence }, index) => sequence !== index + 1);
  const coupon = inOrder[wrong];
  if (coupon === undefined) return;
  const message = `Coupon ${couponId} was issued ${issued.length} times, but number ${wrong + 1} has sequence ${coupon.sequence}.`;
  findings.addOf(couponId, 'SEQUENCE_GAP', message, coupon.position);
}

function checkStock(campaign: Campaign, issued: number, findings: AuditFindings): void {
  const { couponId, issuedQuantity, totalQuantity } = campaign;
  if (issued > totalQuantity) {
    const message = `Coupon ${couponId} was issued ${issued} times, but its stock is ${totalQuantity}.`;
    findings.addOf(couponId, 'OVERISSUED', message);
  }
  if (issued !== issuedQuantity) {
    const message = `Coupon ${couponId} says that ${issuedQuantity} were issued, but ${issued} were.`;
    findings.addOf(couponId, 'ISSUED_COUNT_WRONG', message);
  }
}

const TERMS = ['name', 'totalQuantity', 'status', 'validFromMs', 'validUntilMs'] as const;

/** A campaign stands as the newest version of its history says, and the history has no gap. */
function checkHistory(
  campaign: Campaign,
  versions: readonly CampaignVersion[],
  findings: AuditFindings,
): void {
  const { couponId } = campaign;
  const history = versions.toSorted((a, b) => a.version - b.version);
  const newest = history.at(-1);
  const tell = (what: string): void => {
    const message = `Coupon ${couponId} was changed past its history: ${what}.`;
    findings.addOf(couponId, 'CAMPAIGN_DIFFERS_FROM_HISTORY', message);
  };
  if (newest === undefined) {
    tell('it has none');
    return;
  }
  const fields = (['version', ...TERMS] as const).filter(
    (field) => campaign[field] !== newest[field],
  );
  if (fields.length > 0) tell(`${fields.join(', ')} differ from its newest version`);
  const gap = history.findIndex(({ version }, index) => version !== index + 1);
  if (gap !== -1) tell(`version ${gap + 1} is missing`);
}

function describe({ couponId, userId, position }: IssuedCoupon): string {
  return `User ${userId}'s coupon ${couponId} of ${spellPosition(position)}`;
}
