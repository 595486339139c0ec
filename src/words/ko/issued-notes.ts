/** ../en/issued-notes.ts in Korean. */
import type { LookUpNote } from '../../issued/note.js';
import { count } from '../../text/figures.js';
import { listed } from './figures.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from './open-transaction.js';
import { mismatchText } from './store-mismatch.js';

export function lookUpNoteText(note: LookUpNote): string {
  switch (note.code) {
    case 'STORE_OF_ANOTHER_CLUSTER':
    case 'OFFSETS_OF_ANOTHER_STORE':
    case 'OFFSETS_AHEAD_OF_STORE':
      return mismatchText(note, note.group);
    case 'GROUP_NOT_COMPARED':
      return `${note.group} 그룹의 저장소인지 확인하지 못했습니다. ${note.message}`;
    case 'LOG_NOT_READ':
      return `로그를 읽지 못해, 기다리는 요청이 있을 수 있습니다. ${note.message}`;
    case 'PARTITIONS_OFFLINE':
      return `${partitionsOf(note)}에 리더가 없어 확인하지 못했습니다.`;
    case 'DELETED_UNREAD':
      return `${note.topic} 토픽 ${String(note.partition)}번 파티션: 이 저장소가 읽기 전에 오프셋 ${note.from.toString()}부터 ${(note.to - 1n).toString()}까지 삭제되었습니다. 그 안에 있던 요청은 사라졌습니다.`;
    case 'LOG_BEGINS_LATER':
      return `${partitionsOf(note)}: 가장 오래된 레코드가 삭제되었습니다. 이 저장소가 읽기 시작하기 전에 삭제된 것은 알 수 없습니다.`;
    case 'LOG_REPLACED':
      return `${partitionsOf(note)}: 저장소가 읽은 로그가 아닙니다(토픽을 삭제하고 다시 만들었거나, 레코드를 잃었습니다). 그 전에 있던 것은 사라졌습니다.`;
    case 'OPEN_TRANSACTION':
      return `${describeOpenTransaction(note.transaction)}. ${HOW_TRANSACTIONS_END}`;
    case 'LETTERS_NOT_READ':
      return `DLQ 메시지를 읽지 못했습니다. ${note.message}`;
    case 'OLD_LETTERS_NOT_READ':
      return `DLQ 메시지 ${count(note.total)}건 가운데 최근 ${count(note.looked)}건만 확인했습니다.`;
    case 'COUPONS_NOT_READ':
      return `요청에 나온 쿠폰 ID가 ${count(note.looked)}개를 넘습니다. 캠페인의 ID와 가장 낮은 ${count(note.looked)}개만 확인했습니다. \`--coupon <id>\`로 하나를 확인할 수 있습니다.`;
  }
}

function partitionsOf({
  topic,
  partitions,
}: {
  readonly topic: string;
  readonly partitions: readonly number[];
}): string {
  return `${topic} 토픽 ${listed(partitions.map(String))}번 파티션`;
}
