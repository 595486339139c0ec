import type { Campaign } from '../coupon/campaign.js';
import { groupBy } from '../group-by.js';
import type { CampaignVersion } from '../ports/coupon-store.js';
import type { AppliedOutcome, StoreSnapshot } from '../ports/store-snapshot.js';
import type { Position } from '../ports/log.js';
import type { HistoryProblem } from './finding.js';
import type { AuditFindings } from './findings.js';

export interface CouponCheckInput {
  readonly snapshot: StoreSnapshot;
  readonly campaigns: readonly Campaign[];
  readonly versions: readonly CampaignVersion[];
  readonly findings: AuditFindings;
}

/** What was issued of one coupon so far. */
interface IssuedSoFar {
  issued: number;
  lastSequence: number;
  highestSequence: number;
  /** The first coupon whose sequence is not the next one. */
  firstJump: {
    readonly position: Position;
    readonly expected: number;
    readonly sequence: number;
  } | null;
}

/**
 * Compares issued coupons, stock and campaigns with each other. Needs no log: the store's own tables
 * must obey these rules.
 */
export class CouponCheck {
  readonly #input: CouponCheckInput;
  readonly #issuedOf = new Map<number, IssuedSoFar>();

  constructor(input: CouponCheckInput) {
    this.#input = input;
  }

  /** Rows in the order of applying. */
  async add(row: AppliedOutcome): Promise<void> {
    const { couponId, userId, outcome, position, sequence } = row;
    if (outcome !== 'ISSUED' || couponId === null || userId === null || sequence === null) return;
    const coupon = { couponId, userId, sequence, position };
    this.#checkSequence(coupon);
    if (row.heldBefore) await this.#heldTwice(coupon);
  }

  /** After the last row. */
  finish(): void {
    const { campaigns, versions, findings } = this.#input;
    const known = new Set(campaigns.map(({ couponId }) => couponId));
    for (const [couponId, issued] of this.#issuedOf) {
      checkGap(couponId, issued, findings);
      if (known.has(couponId)) continue;
      const code = 'COUPON_WITHOUT_CAMPAIGN';
      findings.addOf({ code, couponId, position: null, issued: issued.issued });
    }
    const versionsOf = groupBy(versions, ({ couponId }) => couponId);
    for (const campaign of campaigns) {
      checkStock(campaign, this.#issuedOf.get(campaign.couponId)?.issued ?? 0, findings);
      checkHistory(campaign, versionsOf.get(campaign.couponId) ?? [], findings);
    }
  }

  #checkSequence({ couponId, userId, sequence, position }: Coupon): void {
    const soFar = this.#issuedOf.get(couponId) ?? nothingIssued();
    this.#issuedOf.set(couponId, soFar);
    const { lastSequence } = soFar;
    const expected = lastSequence + 1;
    if (sequence <= lastSequence) {
      const code = 'WRONG_SEQUENCE';
      this.#input.findings.addOf({ code, couponId, userId, position, sequence, lastSequence });
    } else if (sequence > expected) {
      soFar.firstJump ??= { position, expected, sequence };
    }
    soFar.issued += 1;
    soFar.lastSequence = sequence;
    soFar.highestSequence = Math.max(soFar.highestSequence, sequence);
  }

  async #heldTwice({ couponId, userId, position }: Coupon): Promise<void> {
    const rows = await this.#input.snapshot.outcomesOf(couponId, userId);
    const first = rows.find(({ outcome }) => outcome === 'ISSUED')?.position;
    if (first === undefined) return;
    this.#input.findings.addOf({ code: 'HELD_TWICE', couponId, userId, position, first });
  }
}

interface Coupon {
  readonly couponId: number;
  readonly userId: number;
  readonly sequence: number;
  readonly position: Position;
}

function nothingIssued(): IssuedSoFar {
  return { issued: 0, lastSequence: 0, highestSequence: 0, firstJump: null };
}

/** Sequences are 1..issued. Only the first wrong one is a finding: the others follow from it. */
function checkGap(
  couponId: number,
  { issued, highestSequence, firstJump }: IssuedSoFar,
  findings: AuditFindings,
): void {
  if (highestSequence <= issued || firstJump === null) return;
  findings.addOf({ code: 'SEQUENCE_GAP', couponId, issued, ...firstJump });
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
