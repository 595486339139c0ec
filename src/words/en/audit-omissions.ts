/** What an audit says nothing of (src/audit/scope.ts), in words. */
import type { AuditOmission } from '../../audit/scope.js';
import { count, counted } from '../../text/figures.js';
import { inWords, type Words } from '../in-words.js';

export function omissionText(omission: AuditOmission): string {
  return inWords(WORDS, omission);
}

const WORDS: Words<AuditOmission> = {
  NOTHING_COMPARED: () => 'all of it, because the store has no outcome.',
  OTHER_CAMPAIGNS: ({ couponId }) =>
    `Other campaigns than ${String(couponId)}: run \`coupons audit\` without --coupon.`,
  UNPROCESSED: ({ records }) =>
    `${counted(records, 'record')} that the group has not processed yet.`,
  OPEN_TRANSACTIONS: ({ records }) =>
    `${counted(records, 'record')} behind open transactions, which nothing can read before these end.`,
  DELETED_RECORDS: ({ offsets }) =>
    `${count(Number(offsets))} offsets before the start of the log, which were deleted: their outcomes are checked by the rules, but not against their records.`,
  GONE_LOG: ({ outcomes }) =>
    `${counted(outcomes, 'outcome')} from before a \`coupons store reset-offsets\`, whose log is gone: checked by the rules, but not against records.`,
  DELETED_LETTERS: ({ letters }) =>
    `${counted(letters, 'dead letter')} that the DLQ does not have any more.`,
};
