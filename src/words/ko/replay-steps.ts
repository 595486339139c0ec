/** ../en/replay-steps.ts in Korean; a step's command is the same in every language. */
import type { ReplayStep } from '../../dead-letters/replay/first-steps.js';
import { count } from '../../text/figures.js';
import { utcTime } from '../../text/times.js';
import { inWords, type Words } from '../in-words.js';

export function replayStepText(step: ReplayStep): string {
  return inWords(TEXTS, step);
}

const TEXTS: Words<ReplayStep> = {
  WAIT_FOR_GROUP: ({ couponId, letters, stockLeft, waitingAhead }) =>
    `쿠폰 ${String(couponId)}은 ${count(stockLeft)}장 남았고, 데드 레터보다 앞에서 기다리는 요청 ${count(waitingAhead)}건이 가져갈 수 있습니다. 그러면 ${count(letters)}건이 SOLD_OUT이 됩니다. 그룹이 그 요청들을 판정할 때까지 기다렸다가 다시 계획하십시오.`,
  RAISE_STOCK: ({ couponId, letters, stockLeft }) =>
    `쿠폰 ${String(couponId)}은 ${count(stockLeft)}장 남아 데드 레터 ${count(letters)}건이 SOLD_OUT으로 확정됩니다. 발급하려면 먼저 재고를 늘리십시오.`,
  ACTIVATE: ({ couponId, letters }) =>
    `쿠폰 ${String(couponId)}은 비활성이라 데드 레터 ${count(letters)}건이 INACTIVE로 확정됩니다. 발급하려면 먼저 활성화하십시오. 그러면 새 요청에도 발급됩니다.`,
  EXTEND_WINDOW: ({ couponId, letters, validUntilMs }) =>
    `쿠폰 ${String(couponId)}은 ${utcTime(validUntilMs)}에 끝나 데드 레터 ${count(letters)}건이 EXPIRED로 확정됩니다. 재처리한 요청은 재처리 시각으로 판정합니다. 발급하려면 먼저 기간을 늘리십시오. 그러면 새 요청에도 발급됩니다.`,
  WAIT_FOR_START: ({ couponId, letters, validFromMs }) =>
    `쿠폰 ${String(couponId)}은 ${utcTime(validFromMs)}에 시작하므로 데드 레터 ${count(letters)}건이 NOT_STARTED로 확정됩니다. 그 뒤에 재처리하십시오.`,
  CREATE_CAMPAIGN: ({ couponId, letters }) =>
    `이 저장소에는 쿠폰 ${String(couponId)}의 캠페인이 없어 데드 레터 ${count(letters)}건이 NOT_FOUND로 확정됩니다. 컨슈머가 쓰는 저장소가 맞으면 먼저 캠페인을 만드십시오.`,
};
