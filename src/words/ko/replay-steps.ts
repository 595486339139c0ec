/** ../en/replay-steps.ts in Korean; a step's command is the same in every language. */
import type { ReplayStep } from '../../dead-letters/replay/first-steps.js';
import { count } from '../../text/figures.js';
import { inWords, type Words } from '../in-words.js';

export function replayStepText(step: ReplayStep): string {
  return inWords(TEXTS, step);
}

const TEXTS: Words<ReplayStep> = {
  WAIT_FOR_GROUP: ({ couponId, letters, stockLeft, waitingAhead }) =>
    `앞에서 기다리는 요청 ${count(waitingAhead)}건이 남은 ${count(stockLeft)}장을 가져가면 ${ofCoupon(letters, couponId)}은 SOLD_OUT이 됩니다. 그룹이 그 요청들을 판정할 때까지 기다렸다가 다시 계획하십시오.`,
  RAISE_STOCK: ({ couponId, letters, stockLeft }) =>
    `${ofCoupon(letters, couponId)}은 SOLD_OUT으로 확정됩니다. 남은 재고는 ${count(stockLeft)}장입니다. 발급하려면 먼저 재고를 늘리십시오.`,
  ACTIVATE: ({ couponId, letters }) =>
    `${ofCoupon(letters, couponId)}은 INACTIVE로 확정됩니다. 먼저 캠페인을 활성화하십시오. 그러면 새 요청에도 발급됩니다.`,
  EXTEND_WINDOW: ({ couponId, letters, validUntilMs }) =>
    `${ofCoupon(letters, couponId)}은 EXPIRED로 확정됩니다. 캠페인은 ${iso(validUntilMs)}에 끝났고, 재처리한 요청은 지금 시각으로 판정합니다. 먼저 기간을 늘리십시오. 그러면 새 요청에도 발급됩니다.`,
  WAIT_FOR_START: ({ couponId, letters, validFromMs }) =>
    `${ofCoupon(letters, couponId)}은 NOT_STARTED로 확정됩니다. ${iso(validFromMs)} 이후에 재처리하십시오.`,
  CREATE_CAMPAIGN: ({ couponId, letters }) =>
    `${ofCoupon(letters, couponId)}은 NOT_FOUND로 확정됩니다. 이 저장소에 그 캠페인이 없습니다. 컨슈머가 쓰는 저장소가 맞는지 확인하고, 맞으면 먼저 캠페인을 만드십시오.`,
};

function ofCoupon(letters: number, couponId: number): string {
  return `쿠폰 ${String(couponId)}의 데드 레터 ${count(letters)}건`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
