/** ../en/lag-notes.ts in Korean. */
import type { LagNote } from '../../lag/notes.js';
import type { Place } from '../../ports/lag-sample.js';
import type { OpenTransaction } from '../../ports/log.js';
import type { TimestampUnit } from '../../records/timestamp.js';
import { count } from '../../text/figures.js';
import type { NotedReport } from '../en/lag-notes.js';
import { listed, records } from './figures.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from './open-transaction.js';
import { mismatchText } from './store-mismatch.js';

const UNITS: Readonly<Record<TimestampUnit, string>> = {
  seconds: '초',
  microseconds: '마이크로초',
  nanoseconds: '나노초',
};

export function noteText(note: LagNote, report: NotedReport): string {
  const named = partitionNames(report);
  switch (note.code) {
    case 'NO_SUCH_GROUP':
      return `${note.group} 그룹이 없습니다. 가입한 멤버도, 이 이름으로 커밋된 오프셋도 없습니다. lag은 토픽의 모든 레코드를 셉니다.`;
    case 'NOTHING_COMMITTED':
      return `${note.group} 그룹은 아직 오프셋을 커밋하지 않았습니다(${listed(note.topics)}). lag은 그룹이 읽기 시작할 로그의 처음부터 셉니다.`;
    case 'MEMBERS_HIDDEN':
      return `${note.group} 그룹의 멤버는 표시하거나 셀 수 없습니다. Kafka는 이 유형의 그룹을 다른 요청으로 조회합니다(KIP-1071의 Kafka Streams).`;
    case 'OFFSETS_OF_ANOTHER_STORE':
    case 'OFFSETS_AHEAD_OF_STORE':
      return mismatchText(note, note.group);
    case 'STORE_NOT_COMPARED':
      return `${note.path} 저장소에 ${note.group} 그룹이 커밋한 내용이 모두 있는지 알 수 없습니다: ${note.failure.message}`;
    case 'PARTITION_OFFLINE':
      return `${named(note)}은 리더가 없어 오프라인입니다. 이 파티션의 lag은 세지 않습니다. \`coupons topics describe ${note.topic}\` 명령이 복제본이 있는 브로커를 보여 줍니다.`;
    case 'TOPIC_MISSING':
      return `그룹이 읽는 ${note.topic} 토픽이 없거나 삭제되었거나, 이 사용자에게 볼 권한이 없습니다. lag에 넣지 않습니다.`;
    case 'TOPIC_ABANDONED':
      return `${note.group} 그룹이 커밋한 오프셋은 있지만, ${note.topic} 토픽을 읽는 멤버가 더는 없습니다. 읽지 않은 ${records(note.lag)}은 lag에 넣지 않습니다. \`coupons lag --topic ${note.topic}\` 명령으로 볼 수 있습니다.`;
    case 'TOPIC_NOT_READ':
      return note.isDlq
        ? `${note.topic} 토픽을 읽는 그룹은 없습니다. DLQ 메시지는 운영자가 처리합니다. \`coupons dlq stats\` 명령이 원인을 보여 주고, \`coupons dlq replay\` 명령이 다시 보냅니다.`
        : `${note.group} 그룹은 ${note.topic} 토픽을 읽지 않으며, 읽은 적도 없습니다. lag은 토픽의 모든 레코드를 셉니다.`;
    case 'HOT_PARTITION':
      return `${named(note)}에 lag의 ${String(Math.floor(note.share * 100))}%가 몰려 있습니다.`;
    case 'IDLE_MEMBERS':
      return `${note.group} 그룹: 멤버 ${String(note.members)}개 가운데 ${String(note.idleMembers.length)}개가 할당된 파티션이 없는 유휴 상태입니다(${listed(note.idleMembers.map(({ clientId }) => memberName(clientId)))}).`;
    case 'ASSIGNMENT_NOT_READABLE':
      return `${note.group} 그룹: 멤버 ${String(note.members)}개 가운데 ${String(note.unreadableMembers.length)}개의 할당 정보를 해석할 수 없습니다(${listed(note.unreadableMembers.map(({ clientId }) => memberName(clientId)))}). 이 멤버들의 assignor는 자체 형식을 쓰므로, 어떤 파티션을 읽는지 알 수 없습니다.`;
    case 'RECENT_DEAD_LETTERS':
      return `최근 ${String(Math.round(note.periodMs / 60_000))}분 동안 ${note.topic} 토픽에 DLQ 메시지 ${count(note.letters)}건이 들어왔습니다. \`coupons dlq stats --since 10m\` 명령이 원인을 보여 줍니다.`;
    case 'OPEN_TRANSACTION':
      return openTransactionText(note.transactions);
    case 'TIMESTAMP_UNIT':
      return `${note.topic} 토픽: 프로듀서가 레코드 타임스탬프를 밀리초가 아니라 ${UNITS[note.unit]} 단위로 씁니다(${listed(note.partitions.map(String))}번 파티션). 대기 시간을 알 수 없고, 보존 정책은 이런 레코드를 아주 오래되었거나 아주 새로운 것으로 봅니다.`;
    case 'DELETED_UNREAD':
      return `${named(note)}: 그룹이 읽기 전에 오프셋 ${note.deletedOffsets.toString()}개가 삭제되었습니다(보존 정책이나 \`kafka-delete-records\`).`;
    case 'COMMITTED_BEYOND_END':
      return `${named(note)}: 커밋된 오프셋(${note.committedOffset.toString()})이 로그의 끝(${note.endOffset.toString()})보다 뒤에 있습니다. 토픽을 삭제하고 다시 만들었거나, 레코드를 잃었습니다. 이 파티션의 lag은 믿을 수 없습니다.`;
  }
}

/** The topic is named where the group reads several. */
function partitionNames({ partitions, offlinePartitions }: NotedReport): (place: Place) => string {
  const several = new Set([...partitions, ...offlinePartitions].map(({ topic }) => topic)).size > 1;
  return ({ topic, partition }) =>
    `${several ? `${topic} 토픽 ` : ''}${String(partition)}번 파티션`;
}

function openTransactionText(transactions: readonly OpenTransaction[]): string {
  const [first, ...others] = transactions;
  if (first === undefined) return '';
  const waiting = others.reduce((sum, each) => sum + each.records, 0);
  const more =
    others.length === 0
      ? ''
      : ` 다른 파티션의 열린 트랜잭션 ${count(others.length)}개 뒤에도 ${records(waiting)}이 있습니다.`;
  return `${describeOpenTransaction(first)}.${more} 트랜잭션이 끝나기 전에는 어떤 컨슈머도 읽을 수 없습니다. ${HOW_TRANSACTIONS_END}`;
}

/** Kafka allows an empty client id. */
function memberName(clientId: string): string {
  return clientId === '' ? '(client id 없음)' : clientId;
}
