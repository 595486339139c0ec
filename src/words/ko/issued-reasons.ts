/** ../en/issued-reasons.ts in Korean. */
import type { Reason } from '../../issued/reason.js';
import { count } from '../../text/figures.js';
import { inWords, type Words } from '../in-words.js';
import { utcTimeToSecond, utcTime } from '../../text/times.js';
import { duration, records } from './figures.js';

export function reasonText(reason: Reason): string {
  return inWords(WORDS, reason);
}

const WORDS: Words<Reason> = {
  ISSUED: ({ sequence, issuedAtMs }) => `${since(issuedAtMs)}${coupon(sequence)}을 받았습니다.`,
  SOLD_OUT: ({ stock, soldOutAtMs, lastUserId }) => {
    if (stock === null) return '재고가 없었습니다.';
    if (stock === 0) return '재고가 0이었습니다.';
    const gone = `${count(stock)}개 가운데 ${count(stock)}개가 모두 발급되었습니다`;
    if (soldOutAtMs === null || lastUserId === null) return `${gone}.`;
    return `${gone}(${utcTimeToSecond(soldOutAtMs)}). 마지막 쿠폰은 사용자 ${String(lastUserId)}이(가) 받았습니다.`;
  },
  EXPIRED: ({ validUntilMs, timestampMs }) =>
    `유효 기간이 ${validUntilMs === null ? '' : `${utcTime(validUntilMs)}에 `}끝났습니다. 레코드의 시각은 ${utcTime(timestampMs)}입니다.`,
  NOT_STARTED: ({ validFromMs, timestampMs }) =>
    `유효 기간이 ${validFromMs === null ? '나중에' : `${utcTime(validFromMs)}에`} 시작됩니다. 레코드의 시각은 ${utcTime(timestampMs)}입니다.`,
  INACTIVE: ({ sinceMs, changedBy }) =>
    `캠페인이 ${sinceMs === null ? '' : `${utcTimeToSecond(sinceMs)}부터 `}비활성 상태였습니다${changedBy === null ? '' : `(변경한 사람: ${changedBy})`}.`,
  NOT_FOUND: ({ createdAtMs }) =>
    createdAtMs === null
      ? '그런 캠페인이 없습니다.'
      : `요청을 읽을 때는 그런 캠페인이 없었습니다. 캠페인은 ${utcTimeToSecond(createdAtMs)}에 만들어졌습니다.`,
  DUPLICATE: ({ sequence, issuedAtMs, eventId }) =>
    `사용자가 이미 ${since(issuedAtMs)}${coupon(sequence)}을 가지고 있습니다${eventId === null ? '' : `(이벤트 ${eventId})`}.`,
  DEAD_LETTERED: (reason) => {
    const why = [reason.reasonCode, reason.failureReason].filter((part) => part !== null);
    return `${why.length === 0 ? '처리에 실패했습니다' : why.join(': ')}. ${letterText(reason)}`;
  },
  WAITING: ({ partition, recordsAhead, waitedMs, isBehindOpenTransaction }) => {
    const place = `${String(partition)}번 파티션`;
    if (isBehindOpenTransaction) {
      return `${place}의 열려 있는 트랜잭션 뒤에서 기다립니다. 앞에 ${records(recordsAhead)}이 있습니다. 그 트랜잭션의 레코드라면, 중단될 때 사라집니다.`;
    }
    return recordsAhead === 0
      ? `${place}에서 다음에 읽을 차례입니다. ${duration(waitedMs)} 기다렸습니다.`
      : `${place}에서 ${records(recordsAhead)} 뒤에서 기다립니다. ${duration(waitedMs)} 기다렸습니다.`;
  },
};

function coupon(sequence: number | null): string {
  return sequence === null ? '쿠폰' : `쿠폰 #${count(sequence)}`;
}

function since(ms: number | null): string {
  return ms === null ? '' : `${utcTimeToSecond(ms)}에 `;
}

function letterText({
  letter,
  wasReplayed,
  isDecided,
}: Extract<Reason, { code: 'DEAD_LETTERED' }>): string {
  const name =
    letter === null
      ? 'DLQ 메시지'
      : `DLQ 메시지 ${String(letter.partition)}:${letter.offset.toString()}`;
  if (isDecided) return `${name}: 요청이 다시 들어와 결정되었습니다.`;
  if (letter === null) return `${name}를 찾지 못했습니다.`;
  return wasReplayed ? `${name}: 재처리했습니다.` : `${name}: 재처리하지 않았습니다.`;
}
