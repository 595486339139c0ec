import type { MalformedCode } from '../coupon/request.js';
import type { Decision, Outcome } from '../coupon/outcome.js';
import type { OffsetsMismatch } from '../ports/group-store.js';
import type { Position } from '../ports/log.js';

/**
 * What the audit found: a code, and what its sentence is made of. src/words/en/audit-findings.ts has
 * the words, docs/audit.md what each code means. A code that starts with NOTE_ informs and never
 * fails the audit.
 */
export type AuditFinding = LogFinding | RecordFinding | RuleFinding | CouponFinding | AuditNote;

export type FindingCode = AuditFinding['code'];

/** About the log or the store as a whole. */
interface General {
  readonly couponId: null;
}

/** About one campaign; null: the record names none that can be read. */
interface OfCampaign {
  readonly couponId: number | null;
}

interface OfCoupon {
  readonly couponId: number;
}

interface At {
  readonly position: Position;
}

interface Nowhere {
  readonly position: null;
}

/** The log, and the store's positions in it. `position.offset` is the store's next offset. */
export type LogFinding =
  | (General &
      Nowhere & {
        readonly code: 'STORE_OF_ANOTHER_CLUSTER';
        readonly storeClusterId: string;
        readonly logClusterId: string;
      })
  | (General & Nowhere & OffsetsMismatch & { readonly group: string })
  /** `endOffset`: null where there is no such partition. */
  | (General & At & { readonly code: 'POSITION_BEYOND_LOG'; readonly endOffset: bigint | null })
  | (General & At & { readonly code: 'POSITION_INCONSISTENT'; readonly lastAppliedOffset: bigint })
  | (General & At & { readonly code: 'RECORDS_DELETED_UNREAD'; readonly startOffset: bigint })
  /** `position`: of the record that the store applied last. */
  | (General & At & { readonly code: 'LOG_REPLACED' });

/** Records against outcome rows. */
export type RecordFinding =
  | (OfCampaign &
      At & {
        readonly code: 'REQUEST_LOST';
        /** Null: the record can't be parsed. */
        readonly request: { readonly userId: number; readonly eventId: string } | null;
        readonly malformedCode: MalformedCode | null;
        /** Version 0.1 has written into this store: it may have skipped the request for its eventId. */
        readonly maybeSkippedBy01: boolean;
      })
  | (OfCampaign &
      At & {
        readonly code: 'ROW_DOES_NOT_MATCH_RECORD';
        readonly differences: readonly FieldDifference[];
      })
  /** One record has so many rows that say DEAD_LETTERED. */
  | (OfCampaign & At & { readonly code: 'DEAD_LETTERED_TWICE'; readonly rows: number })
  | (OfCampaign & At & { readonly code: 'ROW_WITHOUT_RECORD' })
  /** `nextOffset`: the store's position in that partition. */
  | (OfCampaign & At & { readonly code: 'ROW_BEYOND_OFFSET'; readonly nextOffset: bigint })
  | (OfCampaign & At & { readonly code: 'ROW_BEYOND_LOG'; readonly endOffset: bigint })
  | (OfCampaign & At & { readonly code: 'LETTER_MISSING'; readonly reasonCode: string | null });

export interface FieldDifference {
  readonly field: string;
  readonly inRecord: string | number | null;
  readonly inRow: string | number | null;
}

/** Outcome rows against the rules of issuing. */
export type RuleFinding = OfCampaign & At & { readonly userId: number | null } & RuleFindingData;

export type RuleFindingData =
  | { readonly code: 'ROW_MALFORMED'; readonly problem: RowProblem }
  /** `afterOffset`: of the row before it in the partition; null: the ids are out of order. */
  | { readonly code: 'ROWS_OUT_OF_ORDER'; readonly afterOffset: bigint | null }
  | {
      readonly code: 'EVENT_DECIDED_TWICE';
      readonly eventId: string;
      readonly first: { readonly outcome: Outcome; readonly position: Position };
    }
  | { readonly code: 'VERSION_UNKNOWN'; readonly version: number }
  | {
      readonly code: 'VERSION_WENT_BACK';
      /** Null: no campaign. */
      readonly version: number | null;
      readonly lastVersion: number;
    }
  | {
      readonly code: 'WRONG_WINNER' | 'WRONG_OUTCOME';
      readonly outcome: Outcome;
      readonly due: Decision;
    }
  /** A record that can't be parsed has an outcome other than DEAD_LETTERED. */
  | {
      readonly code: 'WRONG_OUTCOME';
      readonly outcome: Outcome;
      readonly due: 'DEAD_LETTERED';
      readonly malformedCode: MalformedCode;
    }
  /** A valid request was dead-lettered as malformed: what is due instead is not decided here. */
  | {
      readonly code: 'WRONG_OUTCOME';
      readonly outcome: 'DEAD_LETTERED';
      readonly due: null;
      readonly reasonCode: string;
    };

export type RowProblem =
  | 'DEAD_LETTER_WITHOUT_REASON'
  | 'DEAD_LETTER_WITH_VERSION'
  | 'DECISION_WITH_REASON'
  | 'DECISION_WITHOUT_REQUEST';

/** Issued coupons and campaigns. */
export type CouponFinding =
  | (OfCoupon & Nowhere & { readonly code: 'COUPON_WITHOUT_CAMPAIGN'; readonly issued: number })
  /** `first`: of the coupon that this user held before. */
  | (OfCoupon &
      At & { readonly code: 'HELD_TWICE'; readonly userId: number; readonly first: Position })
  | (OfCoupon &
      At & {
        readonly code: 'WRONG_SEQUENCE';
        readonly userId: number;
        readonly sequence: number;
        /** Issued just before it. */
        readonly lastSequence: number;
      })
  | (OfCoupon &
      At & {
        readonly code: 'SEQUENCE_GAP';
        readonly issued: number;
        readonly expected: number;
        readonly sequence: number;
      })
  | (OfCoupon &
      Nowhere & {
        readonly code: 'ISSUED_COUNT_WRONG';
        readonly issuedQuantity: number;
        readonly issued: number;
      })
  | (OfCoupon &
      Nowhere & {
        readonly code: 'OVERISSUED';
        readonly issued: number;
        readonly totalQuantity: number;
      })
  | (OfCoupon & Nowhere & { readonly code: 'CAMPAIGN_DIFFERS_FROM_HISTORY' } & HistoryProblem);

export type HistoryProblem =
  | { readonly problem: 'NO_HISTORY' }
  /** These fields are not those of the newest version. */
  | { readonly problem: 'FIELDS_DIFFER'; readonly fields: readonly string[] }
  | { readonly problem: 'VERSION_MISSING'; readonly version: number };

export type AuditNote =
  | (OfCoupon &
      Nowhere & { readonly code: 'NOTE_SPLIT_CAMPAIGN'; readonly partitions: readonly number[] })
  | (General & Nowhere & { readonly code: 'NOTE_POSITION_FORGOTTEN'; readonly partition: number })
  /** `position`: where it began. So many records wait behind it. */
  | (General & At & { readonly code: 'NOTE_OPEN_TRANSACTION'; readonly records: number })
  | (General &
      Nowhere & {
        readonly code: 'NOTE_LETTERS_NOT_VERIFIABLE';
        readonly missing: number;
        readonly hasDlq: boolean;
      });
