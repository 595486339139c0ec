/** ../en/audit-findings.ts in Korean. */
import type { AuditFinding, RuleFinding } from '../../audit/finding.js';
import type { ListedFinding } from '../../audit/findings.js';
import type { Position } from '../../ports/log.js';
import { spellPosition } from '../../records/spell-position.js';
import { inWords, type Words } from '../in-words.js';
import { listed } from './figures.js';
import { describeOpenTransaction } from './open-transaction.js';
import { mismatchText } from './store-mismatch.js';

export function auditFindingText(finding: ListedFinding): string {
  if ('unlisted' in finding) {
    return `목록에 넣지 않은 ${finding.code} 항목이 ${String(finding.unlisted)}개 더 있습니다.`;
  }
  return inWords(WORDS, finding);
}

const SKIPPED_BY_0_1 =
  ' 버전 0.1은 다른 사용자의 요청과 eventId가 같은 요청을 건너뛰었습니다. `coupons store reset-offsets` 명령을 실행하면 결정됩니다.';

const WORDS: Words<AuditFinding> = {
  STORE_OF_ANOTHER_CLUSTER: ({ storeClusterId, logClusterId }) =>
    `저장소의 위치는 ${storeClusterId} 클러스터의 것이지만, 로그는 ${logClusterId} 클러스터의 것입니다. 이 저장소의 결과를 이 로그와 비교할 수 없습니다.`,
  OFFSETS_OF_ANOTHER_STORE: (finding) => mismatchText(finding, finding.group),
  OFFSETS_AHEAD_OF_STORE: (finding) => mismatchText(finding, finding.group),
  POSITION_BEYOND_LOG: ({ position, endOffset }) =>
    `저장소의 위치는 ${spellPosition(position)}이지만, ${endOffset === null ? '그런 파티션이 없습니다' : `로그는 오프셋 ${endOffset.toString()}에서 끝납니다`}. 토픽을 삭제하고 다시 만들었거나, 로그가 레코드를 잃었습니다.`,
  POSITION_INCONSISTENT: ({ position, lastAppliedOffset }) =>
    `저장소의 위치는 ${spellPosition(position)}이지만, 그곳에서 마지막으로 적용한 레코드의 오프셋은 ${lastAppliedOffset.toString()}입니다.`,
  RECORDS_DELETED_UNREAD: ({ position, startOffset }) =>
    `저장소의 위치는 ${spellPosition(position)}이지만, 로그는 오프셋 ${startOffset.toString()}에서 시작합니다. 그 사이의 레코드는 처리되기 전에 삭제되었습니다.`,
  LOG_REPLACED: ({ position }) =>
    `${spellPosition(position)}의 레코드는 저장소가 마지막으로 적용한 레코드가 아닙니다. 토픽을 삭제하고 다시 만들었거나, 저장소가 다른 로그의 것입니다.`,
  REQUEST_LOST: ({ position, couponId, request, malformedCode, maybeSkippedBy01 }) =>
    request === null
      ? `${spellPosition(position)}의 레코드는 해석할 수 없는데(${malformedCode ?? '알 수 없음'}) 데드 레터가 되지 않았습니다.`
      : `사용자 ${String(request.userId)}의 ${couponName(couponId)} 요청(${spellPosition(position)})을 건너뛰었습니다. 결과가 없고, 그 앞에 같은 요청도 없습니다(이벤트 ${request.eventId}).${maybeSkippedBy01 ? SKIPPED_BY_0_1 : ''}`,
  ROW_DOES_NOT_MATCH_RECORD: ({ position, differences }) =>
    `${spellPosition(position)}의 결과가 그곳의 레코드와 다릅니다. ${differences
      .map(
        ({ field, inRecord, inRow }) =>
          `${field}: 레코드 ${String(inRecord ?? '없음')}, 결과 ${String(inRow ?? '없음')}`,
      )
      .join('; ')}.`,
  DEAD_LETTERED_TWICE: ({ position, rows }) =>
    `${spellPosition(position)}의 레코드에 DEAD_LETTERED 결과가 ${String(rows)}개 있습니다. 두 번 이상 적용되었습니다.`,
  ROW_WITHOUT_RECORD: ({ position }) =>
    `저장소에 ${spellPosition(position)}의 결과가 있지만, 로그의 그곳에는 레코드가 없습니다.`,
  ROW_BEYOND_OFFSET: ({ position, nextOffset }) =>
    `저장소에 ${spellPosition(position)}의 결과가 있지만, 그 파티션에서 저장소의 위치는 ${nextOffset.toString()}입니다. 오프셋을 초기화했다면 그룹이 따라잡은 뒤에 다시 감사하십시오.`,
  ROW_BEYOND_LOG: ({ position, endOffset }) =>
    `저장소에 ${spellPosition(position)}의 결과가 있지만, 로그는 오프셋 ${endOffset.toString()}에서 끝납니다.`,
  LETTER_MISSING: ({ position, reasonCode }) =>
    `${spellPosition(position)}의 레코드는 데드 레터가 되었지만(${reasonCode ?? '이유 없음'}), DLQ에 그 데드 레터가 없습니다.`,
  ROW_MALFORMED: (finding) => {
    switch (finding.problem) {
      case 'DEAD_LETTER_WITHOUT_REASON':
        return outcomeOf(finding, '이유가 없는 데드 레터입니다');
      case 'DEAD_LETTER_WITH_VERSION':
        return outcomeOf(finding, '캠페인 버전이 있지만, 데드 레터는 결정되지 않습니다');
      case 'DECISION_WITH_REASON':
        return outcomeOf(finding, '이유 코드가 있지만, 데드 레터가 되지 않았습니다');
      case 'DECISION_WITHOUT_REQUEST':
        return outcomeOf(finding, 'eventId, 쿠폰 또는 사용자가 없습니다');
    }
  },
  ROWS_OUT_OF_ORDER: (finding) =>
    finding.afterOffset === null
      ? outcomeOf(finding, 'id의 순서에 맞지 않습니다')
      : outcomeOf(
          finding,
          `같은 파티션의 오프셋 ${finding.afterOffset.toString()}보다 나중에 결정되었습니다`,
        ),
  EVENT_DECIDED_TWICE: (finding) =>
    outcomeOf(
      finding,
      `이벤트 ${finding.eventId}의 요청을 되풀이합니다. 그 요청은 앞서 ${spellPosition(finding.first.position)}에서 ${finding.first.outcome} 결과를 받았습니다`,
    ),
  VERSION_UNKNOWN: (finding) =>
    outcomeOf(finding, `캠페인에 없었던 버전(${String(finding.version)})을 가리킵니다`),
  VERSION_WENT_BACK: (finding) =>
    outcomeOf(
      finding,
      `버전 ${String(finding.lastVersion)} 다음인데 ${finding.version === null ? '캠페인이 없다고 되어 있습니다' : `캠페인의 예전 버전(${String(finding.version)})을 가리킵니다`}`,
    ),
  WRONG_WINNER: wrongOutcome,
  WRONG_OUTCOME: wrongOutcome,
  COUPON_WITHOUT_CAMPAIGN: ({ couponId, issued }) =>
    `${String(couponId)}번 쿠폰이 ${String(issued)}장 발급되었지만, 그런 캠페인이 없습니다.`,
  HELD_TWICE: (finding) =>
    `${couponOf(finding)}은 두 번째입니다. 이 사용자는 ${spellPosition(finding.first)}에서 이미 받았습니다.`,
  WRONG_SEQUENCE: (finding) =>
    `${couponOf(finding)}의 번호는 ${String(finding.sequence)}인데, 바로 앞에 발급된 번호는 ${String(finding.lastSequence)}입니다.`,
  SEQUENCE_GAP: ({ couponId, issued, expected, sequence }) =>
    `${String(couponId)}번 쿠폰이 ${String(issued)}장 발급되었지만, ${String(expected)}번째 쿠폰의 번호가 ${String(sequence)}입니다.`,
  ISSUED_COUNT_WRONG: ({ couponId, issuedQuantity, issued }) =>
    `${String(couponId)}번 쿠폰의 캠페인에는 ${String(issuedQuantity)}장을 발급한 것으로 되어 있지만, 실제로는 ${String(issued)}장이 발급되었습니다.`,
  OVERISSUED: ({ couponId, issued, totalQuantity }) =>
    `${String(couponId)}번 쿠폰이 ${String(issued)}장 발급되었지만, 재고는 ${String(totalQuantity)}장입니다.`,
  CAMPAIGN_DIFFERS_FROM_HISTORY: (finding) => {
    const campaign = `${String(finding.couponId)}번 쿠폰의 캠페인이 이력과 맞지 않습니다`;
    switch (finding.problem) {
      case 'NO_HISTORY':
        return `${campaign}. 이력이 없습니다.`;
      case 'FIELDS_DIFFER':
        return `${campaign}. 가장 새로운 버전과 다른 항목: ${finding.fields.join(', ')}.`;
      case 'VERSION_MISSING':
        return `${campaign}. 빠진 버전: ${String(finding.version)}.`;
    }
  },
  NOTE_SPLIT_CAMPAIGN: ({ couponId, partitions }) =>
    `${String(couponId)}번 쿠폰의 요청이 여러 파티션(${listed(partitions.map(String))})에 있습니다. 선착순은 파티션마다 따로 지켜집니다. 프로듀서마다 파티셔너가 다르거나, 파티션이 늘어났습니다.`,
  NOTE_OPEN_TRANSACTION: ({ position, records }) =>
    `${describeOpenTransaction({ ...position, sinceOffset: position.offset, records })}. 이 레코드는 세었지만, 트랜잭션이 끝나기 전에는 읽을 수 없습니다.`,
  NOTE_POSITION_FORGOTTEN: ({ partition }) =>
    `저장소에 ${String(partition)}번 파티션의 결과는 있지만 위치는 없습니다(초기화한 뒤). 그룹이 처음부터 다시 읽고, 똑같이 결정합니다.`,
  NOTE_LETTERS_NOT_VERIFIABLE: ({ missing, hasDlq }) =>
    `확인하지 못한 데드 레터가 ${String(missing)}건 있습니다. ${hasDlq ? 'DLQ가 비워졌기 때문입니다' : 'DLQ 토픽이 없기 때문입니다'}.`,
};

type WrongOutcome = Extract<RuleFinding, { readonly code: 'WRONG_WINNER' | 'WRONG_OUTCOME' }>;

function wrongOutcome(finding: WrongOutcome): string {
  const { position, outcome } = finding;
  if ('malformedCode' in finding) {
    return `${spellPosition(position)}의 레코드는 해석할 수 없는데(${finding.malformedCode}), 결과가 DEAD_LETTERED가 아니라 ${outcome}입니다.`;
  }
  if ('reasonCode' in finding) {
    return `${spellPosition(position)}의 레코드는 ${finding.reasonCode} 이유로 데드 레터가 되었지만, 올바른 요청입니다.`;
  }
  return outcomeOf(finding, `${outcome}이지만, 규칙에 따른 결과는 ${finding.due}입니다`);
}

function outcomeOf({ position, couponId, userId }: RuleFinding, what: string): string {
  const whose = couponId === null ? '' : `(${userName(userId)}, ${couponName(couponId)})`;
  return `${spellPosition(position)}의 결과${whose}: ${what}.`;
}

interface IssuedTo {
  readonly userId: number;
  readonly couponId: number;
  readonly position: Position;
}

function couponOf({ userId, couponId, position }: IssuedTo): string {
  return `사용자 ${String(userId)}의 ${couponName(couponId)}(${spellPosition(position)})`;
}

function userName(userId: number | null): string {
  return userId === null ? '알 수 없는 사용자' : `사용자 ${String(userId)}`;
}

function couponName(couponId: number | null): string {
  return couponId === null ? '알 수 없는 쿠폰' : `${String(couponId)}번 쿠폰`;
}
