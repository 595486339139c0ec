import type { AuditFinding, FindingCode } from './finding.js';

/** In the order in which findings are listed: failures first, notes last. */
const LISTED_IN_ORDER: Readonly<Record<FindingCode, true>> = {
  // the log and the store's positions in it
  STORE_OF_ANOTHER_CLUSTER: true,
  OFFSETS_OF_ANOTHER_STORE: true,
  OFFSETS_AHEAD_OF_STORE: true,
  POSITION_BEYOND_LOG: true,
  POSITION_INCONSISTENT: true,
  LOG_REPLACED: true,
  RECORDS_DELETED_UNREAD: true,
  // records against outcome rows
  REQUEST_LOST: true,
  ROW_DOES_NOT_MATCH_RECORD: true,
  DEAD_LETTERED_TWICE: true,
  ROW_WITHOUT_RECORD: true,
  ROW_BEYOND_OFFSET: true,
  ROW_BEYOND_LOG: true,
  LETTER_MISSING: true,
  // outcome rows against the rules of issuing
  ROW_MALFORMED: true,
  ROWS_OUT_OF_ORDER: true,
  EVENT_DECIDED_TWICE: true,
  VERSION_UNKNOWN: true,
  VERSION_WENT_BACK: true,
  WRONG_WINNER: true,
  WRONG_OUTCOME: true,
  // issued coupons and campaigns
  COUPON_WITHOUT_CAMPAIGN: true,
  HELD_TWICE: true,
  WRONG_SEQUENCE: true,
  SEQUENCE_GAP: true,
  ISSUED_COUNT_WRONG: true,
  OVERISSUED: true,
  CAMPAIGN_DIFFERS_FROM_HISTORY: true,
  // notes
  NOTE_SPLIT_CAMPAIGN: true,
  NOTE_POSITION_FORGOTTEN: true,
  NOTE_OPEN_TRANSACTION: true,
  NOTE_LETTERS_NOT_VERIFIABLE: true,
};
const FINDING_CODES = Object.keys(LISTED_IN_ORDER) as readonly FindingCode[];

/** Findings that are not in the list because there are too many of their code. */
export interface UnlistedFindings {
  readonly code: FindingCode;
  readonly couponId: number | null;
  readonly position: null;
  readonly unlisted: number;
}

export type ListedFinding = AuditFinding | UnlistedFindings;

/** Whether a finding only informs. */
export function isNote({ code }: Pick<ListedFinding, 'code'>): boolean {
  return code.startsWith('NOTE_');
}

/** A store that is broken throughout must not print a million lines: so many of a code are listed. */
export const MAX_FINDINGS_OF_A_KIND = 20;

/** Collects findings: of one campaign where one was asked for, and so many of a code. */
export class AuditFindings {
  readonly #listed = new Map<FindingCode, AuditFinding[]>();
  readonly #unlisted = new Map<FindingCode, number>();
  readonly #onlyCouponId: number | null;

  constructor(onlyCouponId: number | null) {
    this.#onlyCouponId = onlyCouponId;
  }

  /** About the log or the store as a whole: listed whichever campaign was asked for. */
  addGeneral(finding: AuditFinding): void {
    this.#add(finding);
  }

  /** About one campaign's request, coupon or terms. */
  addOf(finding: AuditFinding): void {
    if (this.#onlyCouponId !== null && finding.couponId !== this.#onlyCouponId) return;
    this.#add(finding);
  }

  /** Failures first, notes last, in the order of LISTED_IN_ORDER. */
  list(): readonly ListedFinding[] {
    return FINDING_CODES.flatMap((code): readonly ListedFinding[] => {
      const listed = this.#listed.get(code) ?? [];
      const unlisted = this.#unlisted.get(code) ?? 0;
      if (unlisted === 0) return listed;
      return [...listed, { code, couponId: this.#onlyCouponId, position: null, unlisted }];
    });
  }

  #add(finding: AuditFinding): void {
    const listed = this.#listed.get(finding.code) ?? [];
    if (listed.length < MAX_FINDINGS_OF_A_KIND) {
      this.#listed.set(finding.code, [...listed, finding]);
    } else {
      this.#unlisted.set(finding.code, (this.#unlisted.get(finding.code) ?? 0) + 1);
    }
  }
}
