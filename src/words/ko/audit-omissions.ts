/** ../en/audit-omissions.ts in Korean. */
import type { AuditOmission } from '../../audit/scope.js';
import { count } from '../../text/figures.js';
import { inWords, type Words } from '../in-words.js';
import { records as counted } from './figures.js';

export function omissionText(omission: AuditOmission): string {
  return inWords(WORDS, omission);
}

const WORDS: Words<AuditOmission> = {
  NOTHING_COMPARED: () => '저장소에 결과가 없어 아무것도 비교하지 않았습니다.',
  OTHER_CAMPAIGNS: ({ couponId }) =>
    `캠페인 ${String(couponId)} 이외의 캠페인. --coupon 없이 \`coupons audit\`을 실행하면 모두 감사합니다.`,
  UNPROCESSED: ({ records }) => `그룹이 아직 처리하지 않은 ${counted(records)}.`,
  OPEN_TRANSACTIONS: ({ records }) =>
    `열린 트랜잭션 뒤에 있어, 트랜잭션이 끝나기 전에는 읽을 수 없는 ${counted(records)}.`,
  DELETED_RECORDS: ({ offsets }) =>
    `로그의 시작보다 앞이라 삭제된 오프셋 ${count(Number(offsets))}개. 결과가 규칙에 맞는지만 확인했고, 레코드와는 비교하지 못했습니다.`,
  GONE_LOG: ({ outcomes }) =>
    `\`coupons store reset-offsets\` 이전의 결과 ${count(outcomes)}개. 그때의 로그가 이제 없어, 규칙에 맞는지만 확인했고 레코드와는 비교하지 못했습니다.`,
  DELETED_LETTERS: ({ letters }) => `DLQ에 더는 없는 데드 레터 ${count(letters)}건.`,
};
