import type { Words } from '../en/words.js';

export const outcomes: Words['outcomes'] = {
  ISSUED: '발급',
  DUPLICATE: '이미 받은 사용자',
  SOLD_OUT: '품절',
  EXPIRED: '기간 종료 후',
  NOT_STARTED: '기간 시작 전',
  INACTIVE: '비활성 캠페인',
  NOT_FOUND: '없는 캠페인',
  DEAD_LETTERED: 'DLQ로 이동',
};
