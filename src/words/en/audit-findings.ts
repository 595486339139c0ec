/** The words of the findings of src/audit/finding.ts: one sentence each. */
import type { AuditFinding, RuleFinding } from '../../audit/finding.js';
import type { ListedFinding } from '../../audit/findings.js';
import type { Position } from '../../ports/log.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import { spellPosition } from '../../records/spell-position.js';
import { partitionList } from './listed.js';
import { mismatchText } from './store-mismatch.js';
import { inWords, type Words } from '../in-words.js';

export function auditFindingText(finding: ListedFinding): string {
  if ('unlisted' in finding) {
    return `More findings of ${finding.code}, not listed: ${String(finding.unlisted)}.`;
  }
  return inWords(WORDS, finding);
}

const SKIPPED_BY_0_1 =
  " Version 0.1 skipped a request whose eventId another user's request had: `coupons store reset-offsets`, and it is decided.";

const WORDS: Words<AuditFinding> = {
  STORE_OF_ANOTHER_CLUSTER: ({ storeClusterId, logClusterId }) =>
    `The store has positions in cluster ${storeClusterId}, but the log is of cluster ${logClusterId}: the outcomes of this store can't be compared with this log.`,
  OFFSETS_OF_ANOTHER_STORE: (finding) => mismatchText(finding, finding.group),
  OFFSETS_AHEAD_OF_STORE: (finding) => mismatchText(finding, finding.group),
  POSITION_BEYOND_LOG: ({ position, endOffset }) =>
    `The store's position is ${spellPosition(position)}, but ${endOffset === null ? 'there is no such partition' : `the log ends at offset ${endOffset.toString()}`}: the topic was deleted and recreated, or its log has lost records.`,
  POSITION_INCONSISTENT: ({ position, lastAppliedOffset }) =>
    `The store's position is ${spellPosition(position)}, but the last record that it applied there has offset ${lastAppliedOffset.toString()}.`,
  RECORDS_DELETED_UNREAD: ({ position, startOffset }) =>
    `The store's position is ${spellPosition(position)}, but the log starts at offset ${startOffset.toString()}: the records between them were deleted before they were processed.`,
  LOG_REPLACED: ({ position }) =>
    `The record at ${spellPosition(position)} is not the record that the store applied last: the topic was deleted and recreated, or the store belongs to another log.`,
  REQUEST_LOST: ({ position, couponId, request, malformedCode, maybeSkippedBy01 }) =>
    request === null
      ? `The record at ${spellPosition(position)} can't be parsed (${malformedCode ?? 'unknown'}), but it was not dead-lettered.`
      : `User ${String(request.userId)}'s request for coupon ${couponName(couponId)} at ${spellPosition(position)} was skipped: it has no outcome, and no request before it was the same (event ${request.eventId}).${maybeSkippedBy01 ? SKIPPED_BY_0_1 : ''}`,
  ROW_DOES_NOT_MATCH_RECORD: ({ position, differences }) =>
    `The outcome at ${spellPosition(position)} does not match the record there: ${differences
      .map(
        ({ field, inRecord, inRow }) => `${field} is ${inRecord ?? 'none'}, not ${inRow ?? 'none'}`,
      )
      .join(', ')}.`,
  DEAD_LETTERED_TWICE: ({ position, rows }) =>
    `The record at ${spellPosition(position)} has ${String(rows)} outcomes DEAD_LETTERED: it was applied more than once.`,
  ROW_WITHOUT_RECORD: ({ position }) =>
    `The store has an outcome of ${spellPosition(position)}, but the log has no record there.`,
  ROW_BEYOND_OFFSET: ({ position, nextOffset }) =>
    `The store has an outcome of ${spellPosition(position)}, but its position in that partition is ${nextOffset.toString()}. After a reset, audit again when the group has caught up.`,
  ROW_BEYOND_LOG: ({ position, endOffset }) =>
    `The store has an outcome of ${spellPosition(position)}, but the log ends at offset ${endOffset.toString()}.`,
  LETTER_MISSING: ({ position, reasonCode }) =>
    `The record at ${spellPosition(position)} was dead-lettered (${reasonCode ?? 'no reason'}), but the DLQ has no dead letter of it.`,
  ROW_MALFORMED: (finding) => {
    switch (finding.problem) {
      case 'DEAD_LETTER_WITHOUT_REASON':
        return outcomeOf(finding, 'is a dead letter without a reason');
      case 'DEAD_LETTER_WITH_VERSION':
        return outcomeOf(finding, 'names a campaign version, but a dead letter is not decided');
      case 'DECISION_WITH_REASON':
        return outcomeOf(finding, 'has a reason code, but it was not dead-lettered');
      case 'DECISION_WITHOUT_REQUEST':
        return outcomeOf(finding, 'has no eventId, coupon or user');
    }
  },
  ROWS_OUT_OF_ORDER: (finding) =>
    finding.afterOffset === null
      ? outcomeOf(finding, 'is not in the order of ids')
      : outcomeOf(
          finding,
          `was decided after offset ${finding.afterOffset.toString()} of its partition`,
        ),
  EVENT_DECIDED_TWICE: (finding) =>
    outcomeOf(
      finding,
      `repeats the request with event ${finding.eventId}, which was decided ${finding.first.outcome} at ${spellPosition(finding.first.position)} before`,
    ),
  VERSION_UNKNOWN: (finding) =>
    outcomeOf(finding, `names version ${String(finding.version)}, which the campaign never had`),
  VERSION_WENT_BACK: (finding) =>
    outcomeOf(
      finding,
      `names ${finding.version === null ? 'no campaign' : `version ${String(finding.version)} of the campaign`} after version ${String(finding.lastVersion)}`,
    ),
  WRONG_WINNER: wrongOutcome,
  WRONG_OUTCOME: wrongOutcome,
  COUPON_WITHOUT_CAMPAIGN: ({ couponId, issued }) =>
    `Coupon ${String(couponId)} was issued ${times(issued)}, but there is no such campaign.`,
  HELD_TWICE: (finding) =>
    `${couponOf(finding)} is a second one: this user already holds it from ${spellPosition(finding.first)}.`,
  WRONG_SEQUENCE: (finding) =>
    `${couponOf(finding)} has sequence ${String(finding.sequence)}, but sequence ${String(finding.lastSequence)} was issued before it.`,
  SEQUENCE_GAP: ({ couponId, issued, expected, sequence }) =>
    `Coupon ${String(couponId)} was issued ${times(issued)}, but number ${String(expected)} has sequence ${String(sequence)}.`,
  ISSUED_COUNT_WRONG: ({ couponId, issuedQuantity, issued }) =>
    `The campaign of coupon ${String(couponId)} counts ${String(issuedQuantity)} as issued, but ${String(issued)} were.`,
  OVERISSUED: ({ couponId, issued, totalQuantity }) =>
    `Coupon ${String(couponId)} was issued ${times(issued)}, but its stock is ${String(totalQuantity)}.`,
  CAMPAIGN_DIFFERS_FROM_HISTORY: (finding) => {
    const campaign = `The campaign of coupon ${String(finding.couponId)} does not match its history`;
    switch (finding.problem) {
      case 'NO_HISTORY':
        return `${campaign}: it has none.`;
      case 'FIELDS_DIFFER':
        return `${campaign}: ${finding.fields.join(', ')} differ from its newest version.`;
      case 'VERSION_MISSING':
        return `${campaign}: version ${String(finding.version)} is missing.`;
    }
  },
  NOTE_SPLIT_CAMPAIGN: ({ couponId, partitions }) =>
    `Coupon ${String(couponId)} has requests on ${partitionList(partitions)}: first come, first served holds only within each of them (producers use different partitioners, or partitions were added).`,
  NOTE_OPEN_TRANSACTION: ({ position, records }) =>
    `${describeOpenTransaction({ ...position, sinceOffset: position.offset, records })}. They are counted, but nothing can read them before it ends.`,
  NOTE_POSITION_FORGOTTEN: ({ partition }) =>
    `The store has outcomes of partition ${String(partition)}, but no position in it (after a reset): the group will read it again from its start. What has an outcome keeps it.`,
  NOTE_LETTERS_NOT_VERIFIABLE: ({ missing, hasDlq }) =>
    `Dead letters that could not be checked, because ${hasDlq ? 'the DLQ was purged' : 'there is no DLQ topic'}: ${String(missing)}.`,
};

type WrongOutcome = Extract<RuleFinding, { readonly code: 'WRONG_WINNER' | 'WRONG_OUTCOME' }>;

function wrongOutcome(finding: WrongOutcome): string {
  const { position, outcome } = finding;
  if ('malformedCode' in finding) {
    return `The record at ${spellPosition(position)} can't be parsed (${finding.malformedCode}), but its outcome is ${outcome} instead of DEAD_LETTERED.`;
  }
  if ('reasonCode' in finding) {
    return `The record at ${spellPosition(position)} was dead-lettered as ${finding.reasonCode}, but it is a valid request.`;
  }
  return outcomeOf(finding, `is ${outcome}, but by the rules it must be ${finding.due}`);
}

function outcomeOf({ position, couponId, userId }: RuleFinding, what: string): string {
  const whose = couponId === null ? '' : ` (user ${userName(userId)}, coupon ${String(couponId)})`;
  return `The outcome at ${spellPosition(position)}${whose} ${what}.`;
}

interface IssuedTo {
  readonly userId: number;
  readonly couponId: number;
  readonly position: Position;
}

function couponOf({ userId, couponId, position }: IssuedTo): string {
  return `User ${String(userId)}'s coupon ${String(couponId)} from ${spellPosition(position)}`;
}

function userName(userId: number | null): string {
  return userId === null ? 'unknown' : String(userId);
}

function couponName(couponId: number | null): string {
  return couponId === null ? 'unknown' : String(couponId);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${String(count)} times`;
}
