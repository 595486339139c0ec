import type { Words } from '../en/words.js';

export const replay: Words['replay'] = {
  title: '재처리',
  plan: '이 메시지들의 재처리 계획',
  planAll: '재처리 계획',
  planning: (looked) => `DLQ 메시지를 살펴보는 중: 지금까지 ${looked}건.`,
  readOnly:
    '이 콘솔은 읽기 전용입니다. `coupons serve --allow-replay`로 시작하거나 터미널에서 재처리하세요:',
  everything: '모든 DLQ 메시지',
  ofReason: (reason) => `사유 ${reason}`,
  ofCoupon: (coupon) => `쿠폰 ${coupon}`,
  ofText: (text) => `텍스트 “${text}”`,
  ofPartition: (partition) => `파티션 ${partition}`,
  ofSince: (time) => `${time}부터`,
  ofUntil: (time) => `${time}까지`,
  plannedTitle: '재처리 계획',
  summary: (replayable, selected) =>
    `DLQ 메시지 ${selected}건 중 ${replayable}건을 다시 보낼 수 있습니다.`,
  nothingToSend: '다시 보낼 수 있는 것이 없습니다.',
  reason: '사유',
  selected: '선택',
  replayable: '보낼 수 있음',
  skipped: '제외',
  send: (requests) => `${requests} 보내기…`,
  requests: (count) => `요청 ${count}건`,
  discard: '계획 버리기',
  confirmTitle: (requests) => `${requests}을 다시 보낼까요?`,
  confirmMeans:
    '각 요청은 원래 토픽의 끝, 더 새로운 요청 뒤에 추가됩니다. 그룹은 다른 요청과 똑같이 판정하므로 쿠폰을 두 장 받는 사람은 없습니다.',
  confirm: (requests) => `${requests} 보내기`,
  back: '뒤로',
  sending: (sent, requests) => `보내는 중: ${requests} 중 ${sent}건.`,
  progress: '재처리 진행',
  cancelPlanning: '취소',
  stopWaiting: '그만 기다리기',
  goTo: '보낼 토픽',
  otherTopic: '요청 토픽이 아님',
  cancel: '그만 보내기',
  deciding: (sent, pending) => `${sent}을 보냈습니다. 그중 ${pending}건은 아직 판정 전입니다.`,
  done: (sent) => `${sent}을 보냈고 모두 판정되었습니다.`,
  doneUndecided: (sent, pending) =>
    `${sent}을 보냈습니다. ${pending}건은 제때 판정되지 않았습니다. lag을 확인하세요.`,
  failed: (sent) =>
    `재처리에 실패했습니다. 그 전에 보낸 것: ${sent}. 나머지는 다시 계획해 보내세요.`,
  cancelled: (sent) => `재처리를 멈췄습니다. 그 전에 보낸 것: ${sent}.`,
  dismiss: '닫기',
  startedAt: (time) => `${time} 시작`,
};
