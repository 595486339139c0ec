import type { Position } from '../ports/log.js';

/** What the audit found. A code that starts with NOTE_ informs and never fails the audit. */
const FINDING_CODES = [
  // the log and the store's positions in it
  'STORE_OF_ANOTHER_CLUSTER',
  'POSITION_BEYOND_LOG',
  'POSITION_INCONSISTENT',
  'LOG_REPLACED',
  'RECORDS_DELETED_UNREAD',
  // records against outcome rows
  'REQUEST_LOST',
  'ROW_DOES_NOT_MATCH_RECORD',
  'ROW_WITHOUT_RECORD',
  'ROW_BEYOND_OFFSET',
  'ROW_BEYOND_LOG',
  'LETTER_MISSING',
  // outcome rows against the rules of issuing
  'ROW_MALFORMED',
  'ROWS_OUT_OF_ORDER',
  'EVENT_DECIDED_TWICE',
  'VERSION_UNKNOWN',
  'VERSION_WENT_BACK',
  'WRONG_WINNER',
  'WRONG_OUTCOME',
  // issued coupons and campaigns
  'ISSUED_WITHOUT_COUPON',
  'COUPON_WITHOUT_OUTCOME',
  'COUPON_DOES_NOT_MATCH_OUTCOME',
  'COUPON_WITHOUT_CAMPAIGN',
  'HELD_TWICE',
  'WRONG_SEQUENCE',
  'SEQUENCE_GAP',
  'ISSUED_COUNT_WRONG',
  'OVERISSUED',
  'CAMPAIGN_DIFFERS_FROM_HISTORY',
  // notes
  'NOTE_SPLIT_CAMPAIGN',
  'NOTE_EVENT_ID_REUSED',
  'NOTE_POSITION_FORGOTTEN',
  'NOTE_LETTERS_NOT_VERIFIABLE',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

export interface AuditFinding {
  readonly code: FindingCode;
  /** Null where the finding is about the log or the store as a whole, or no campaign is known. */
  readonly couponId: number | null;
  /** One sentence: what is wrong, with coupon, user and position where there are any. */
  readonly message: string;
  readonly position: Position | null;
}

/** Whether a finding only informs. */
export function isNote(finding: AuditFinding): boolean {
  return finding.code.startsWith('NOTE_');
}

/** A store that is broken throughout must not print a million lines: so many of a kind are told. */
export const MAX_FINDINGS_OF_A_KIND = 20;

/** Collects findings: of one campaign where one was asked for, and no more than can be read. */
export class AuditFindings {
  readonly #told = new Map<FindingCode, AuditFinding[]>();
  readonly #untold = new Map<FindingCode, number>();
  readonly #onlyCouponId: number | null;

  constructor(onlyCouponId: number | null) {
    this.#onlyCouponId = onlyCouponId;
  }

  /** About the log or the store as a whole: told whichever campaign was asked for. */
  addGeneral(code: FindingCode, message: string, position: Position | null = null): void {
    this.#add({ code, couponId: null, message, position });
  }

  /** About one campaign's request, coupon or terms; null: of a campaign that can't be known. */
  addOf(
    couponId: number | null,
    code: FindingCode,
    message: string,
    position: Position | null = null,
  ): void {
    if (this.#onlyCouponId !== null && couponId !== this.#onlyCouponId) return;
    this.#add({ code, couponId, message, position });
  }

  /** Failures first, notes last, in the order of FINDING_CODES. */
  list(): readonly AuditFinding[] {
    return FINDING_CODES.flatMap((code) => {
      const told = this.#told.get(code) ?? [];
      const untold = this.#untold.get(code) ?? 0;
      if (untold === 0) return told;
      const message = `More findings of ${code}, not listed: ${untold}.`;
      return [...told, { code, couponId: this.#onlyCouponId, message, position: null }];
    });
  }

  #add(finding: AuditFinding): void {
    const told = this.#told.get(finding.code) ?? [];
    if (told.length < MAX_FINDINGS_OF_A_KIND) {
      this.#told.set(finding.code, [...told, finding]);
    } else {
      this.#untold.set(finding.code, (this.#untold.get(finding.code) ?? 0) + 1);
    }
  }
}
