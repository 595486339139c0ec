/** ../en/advice-findings.ts in Korean. */
import type { StoreKind } from '../../advice/capacity.js';
import type { AdviceFinding, NoUseForConsumers, Rates } from '../../advice/finding.js';
import { withFullStop } from '../../errors.js';
import { byteSize } from '../../text/byte-size.js';
import { count } from '../../text/figures.js';
import { percent } from '../figures.js';
import { inWords, type Words } from '../in-words.js';
import { duration, listed, perSecond, records, seconds } from './figures.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from './open-transaction.js';
import { mismatchText } from './store-mismatch.js';

export function findingText(finding: AdviceFinding): string {
  return inWords(WORDS, finding);
}

const STORES: Readonly<Record<StoreKind, string>> = {
  sqlite: 'SQLite 저장소',
  postgres: 'PostgreSQL 저장소',
};

const MORE_HOSTS: Readonly<Record<StoreKind, string>> = {
  sqlite: '여러 호스트를 쓰려면 PostgreSQL 저장소가 필요합니다',
  postgres: '더 많은 호스트에서 멤버를 실행하십시오. 멤버는 저장소를 함께 씁니다',
};

const WORDS: Words<AdviceFinding> = {
  STORE_OF_ANOTHER_CLUSTER: (mismatch) => mismatchText(mismatch, mismatch.group),
  OFFSETS_OF_ANOTHER_STORE: (mismatch) => mismatchText(mismatch, mismatch.group),
  OFFSETS_AHEAD_OF_STORE: (mismatch) => mismatchText(mismatch, mismatch.group),
  NO_SUCH_GROUP: ({ group, unread }) =>
    `${group} 그룹이 없습니다. 가입한 멤버가 한 번도 없었고, ${unread === 0 ? '읽을 레코드도 없습니다' : notConsumed(unread)}.`,
  NO_MEMBERS: ({ group, unread }) => `${group} 그룹에 멤버가 없고, ${notConsumed(unread)}.`,
  KEEPS_UP: ({ group, unread, members, ...rates }) => {
    if (unread > 0) {
      return `${group} 그룹이 잘 따라가고 있습니다. ${toRead(unread)}이 있고, ${inAndOut(rates)}.`;
    }
    return members === 0
      ? `${group} 그룹이 지금까지는 모두 읽었지만 멤버가 없습니다. 다음 요청은 \`coupons consume\` 명령을 실행할 때까지 기다립니다.`
      : `${group} 그룹이 모두 읽었습니다.`;
  },
  LAG_NOT_KNOWN: ({ group, topic, partitions }) =>
    `${group} 그룹이 읽을 것이 얼마나 남았는지 알 수 없습니다. ${topic} 토픽 ${listed(partitions.map(String))}번 파티션의 로그가 커밋된 오프셋보다 앞에서 끝납니다. 토픽을 삭제하고 다시 만들었거나 레코드를 잃었습니다. \`coupons consume\` 명령이 원인과 할 일을 알려 줍니다.`,
  NO_COMMIT_SEEN: ({ group, unread, observedMs }) =>
    `${group} 그룹은 ${seconds(observedMs)} 동안 오프셋을 커밋하지 않았습니다. 멤버가 다른 프로그램이라 1분에 한 번만 커밋할 수도 있습니다. 많아야 ${toRead(unread)}이 있습니다.`,
  STALLED: ({ group, members, unread, observedMs }) =>
    `${group} 그룹이 멈췄습니다. 멤버 ${count(members)}개와 ${toRead(unread)}이 있지만, ${seconds(observedMs)} 동안 커밋된 오프셋이 없습니다.`,
  CATCHING_UP: ({ group, unread, etaSeconds, ...rates }) =>
    `${group} 그룹이 따라잡고 있습니다. ${toRead(unread)}이 있고, ${inAndOut(rates)}. 약 ${String(etaSeconds)}초 뒤에 끝납니다.`,
  FALLS_BEHIND: ({ group, unread, ...rates }) =>
    `${group} 그룹이 뒤처지고 있습니다. ${toRead(unread)}이 있고 계속 늘어납니다. ${inAndOut(rates)}.`,
  BEHIND: ({ group, unread, etaSeconds, ...rates }) =>
    `${group} 그룹이 밀려 있습니다. ${toRead(unread)}이 있고, ${inAndOut(rates)}. ${etaSeconds === null ? '따라잡지 못하고 있습니다' : `약 ${String(Math.round(etaSeconds / 60))}분 뒤에 끝납니다`}.`,
  TIME_PER_RECORD: ({ msPerRecord: ms, mode }) =>
    `바쁜 멤버는 ${mode === null ? '' : `${mode} 모드에서 `}레코드 한 건에 약 ${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))}ms가 걸립니다. 대부분은 저장소 트랜잭션에 드는 시간입니다.`,
  IDLE_MEMBERS: ({ idle, members, partitions }) =>
    `멤버 ${String(members)}개 가운데 ${String(idle)}개가 유휴 상태입니다. ${atMost(partitions)}.`,
  MEMBERS_HIDDEN: ({ group }) =>
    `${group} 그룹의 멤버는 표시할 수 없습니다. Kafka는 이 유형의 그룹을 다른 요청으로 조회합니다. 여기에는 멤버에 관한 내용이 없습니다.`,
  OPEN_TRANSACTION: ({ transactions }) =>
    `${transactions.map(describeOpenTransaction).join('. ')}. 트랜잭션이 끝나기 전에는 어떤 컨슈머도 읽을 수 없습니다. ${HOW_TRANSACTIONS_END}`,
  HOT_KEY: ({ key, partition, share }) =>
    `읽지 않은 레코드의 ${percent(share)}가 캠페인 ${key}의 것입니다. 캠페인 하나는 키 하나이므로 파티션 하나(${String(partition)}번)와 멤버 하나가 맡습니다. 파티션이나 멤버를 늘려도 나뉘지 않습니다. 배치는 도움이 됩니다.`,
  BEYOND_ONE_HOST: ({ inPerSecond, hostPerSecond, storeKind }) =>
    `${perSecond(inPerSecond)}이 들어오는데, 호스트 한 대와 ${STORES[storeKind]}로는 ${perSecond(hostPerSecond)} 정도가 한계입니다. 이 속도로 들어오는 동안에는 따라잡지 못합니다. ${MORE_HOSTS[storeKind]}.`,
  FLOOD: ({ inPerSecond, outPerSecond, consumed, issued }) =>
    `${perSecond(inPerSecond)}이 들어오고 ${perSecond(outPerSecond)}을 읽지만, 쿠폰이 발급된 것은 ${count(consumed)}건 가운데 ${count(issued)}건뿐입니다. 프로듀서가 반복, 중복, 잘못된 요청이나 매진된 쿠폰 요청을 쏟아붓고 있습니다.`,
  PARTITIONS_MOVE_SALE: ({ topic, partitions, couponIds, unread }) =>
    `지금은 ${topic} 토픽에 파티션을 추가하지 마십시오. 파티션이 ${String(partitions)}개가 되면 판매 중인 캠페인(${listed(couponIds.map(String))})이 다른 파티션으로 옮겨 갑니다. 읽지 않은 요청 ${count(unread)}건은 그대로 남고 새 요청이 먼저 판정될 수 있어, 선착순이 지켜지지 않습니다. 판매가 끝날 때까지 기다리거나, 프로듀서를 멈추고 --wait-drained를 쓰십시오.`,
  MORE_CONSUMERS_WONT_HELP: ({ reason }) => noUseText(reason),
  MORE_PARTITIONS_WONT_HELP: ({ hotKey }) =>
    hotKey === null
      ? '파티션을 늘려도 소용이 없습니다. 읽지 않은 레코드가 있는 캠페인이 지금보다 고르게 나뉘지 않습니다.'
      : `파티션을 늘려도 소용이 없습니다. 캠페인 ${hotKey}의 요청은 파티션 하나에 남습니다.`,
  DELETED_UNREAD: ({ topic, deletedOffsets }) =>
    `${topic} 토픽에서 오프셋 ${deletedOffsets.toString()}개가 그룹이 읽기 전에 삭제되었습니다. 그 요청은 더 이상 읽을 수 없습니다.`,
  RETENTION_RISK: ({ topic, waitedMs, retentionMs }) =>
    `${topic} 토픽의 읽지 않은 레코드 가운데 가장 오래된 것이 ${duration(waitedMs)} 동안 기다렸습니다. 보존 기간은 ${duration(retentionMs)}이고, 이 기간이 지나면 삭제됩니다. ${waitedMs < retentionMs ? `남은 시간은 ${duration(retentionMs - waitedMs)}입니다` : '이미 지났으므로 언제든 삭제될 수 있습니다'}.`,
  RETENTION_BYTES_RISK: ({ topic, partition, unreadBytes, retentionBytes }) =>
    `${topic} 토픽 ${String(partition)}번 파티션의 읽지 않은 레코드는 약 ${byteSize(unreadBytes)}이고, 파티션 하나에 보존되는 크기는 ${byteSize(retentionBytes)}입니다. 이를 넘으면 가장 오래된 레코드부터 삭제됩니다.`,
  STORE_NOT_READ: ({ failure }) => `저장소를 읽지 못했습니다: ${withFullStop(failure.message)}`,
  OFFLINE_PARTITION: ({ topic, partitions }) =>
    `${topic} 토픽의 ${numbered(partitions)}이 오프라인입니다. 리더가 없어 읽을 수도 쓸 수도 없습니다. \`coupons topics describe ${topic}\` 명령이 브로커를 보여 줍니다.`,
  LEADER_SILENT: ({ topic, partitions }) =>
    `${topic} 토픽 ${numbered(partitions)}의 리더가 응답하지 않습니다. 리더가 돌아오거나 다른 브로커가 리더가 될 때까지 읽을 수도 쓸 수도 없습니다.`,
  WRITES_REFUSED: ({ topic, partitions, minInSyncReplicas }) =>
    `${topic} 토픽의 ${numbered(partitions)}이 min.insync.replicas(${String(minInSyncReplicas)})를 채우지 못합니다. acks=all로 쓰는 요청이 거부됩니다.`,
  UNDER_REPLICATED: ({ topic, partitions }) =>
    `${topic} 토픽의 ${numbered(partitions)}에 동기화된 복제본이 모자랍니다. 브로커가 멈췄거나 느립니다.`,
  REPLICATION_FACTOR_1: ({ topics, brokers }) =>
    `복제본이 하나뿐입니다: ${topics.join(', ')}. 그 브로커를 잃으면 레코드도 잃습니다. ${brokers > 1 ? '`coupons topics create --profile production --dry-run` 명령이 고치는 방법을 보여 줍니다.' : '브로커가 하나이면 복제본을 더 둘 수 없습니다. 운영 환경에는 브로커 세 개가 필요합니다.'}`,
  MIN_INSYNC_REPLICAS_1: ({ topics }) =>
    `min.insync.replicas가 1입니다: ${topics.join(', ')}. 브로커 하나만으로 쓰기가 확인(ack)되고, 그 브로커를 잃으면 쓴 내용도 잃습니다. 운영 환경에는 2가 필요합니다.`,
  MIN_INSYNC_REPLICAS_ALL: ({ topics }) =>
    `모든 복제본이 동기화되어 있어야만 쓸 수 있습니다: ${topics.join(', ')}. 업그레이드하는 동안이라도 브로커 하나가 멈추면 모든 쓰기가 거부됩니다. min.insync.replicas를 복제 계수(replication factor)보다 작게 설정하십시오.`,
  DLQ_GROWS: ({ added, total, observedMs }) =>
    `${seconds(observedMs)} 동안 데드 레터가 ${count(added)}건 늘어 모두 ${count(total)}건입니다.`,
  DLQ_GREW: ({ added, total, periodMs }) =>
    `최근 ${String(Math.round(periodMs / 60_000))}분 동안 데드 레터 ${count(added)}건이 들어와 모두 ${count(total)}건이지만, 지켜보는 동안에는 없었습니다.`,
  DLQ_NOT_EMPTY: ({ total, replayed }) =>
    `DLQ 토픽에 데드 레터가 ${count(total)}건 있습니다${replayedText(total, replayed)}. \`coupons dlq peek\` 명령으로 볼 수 있습니다.`,
};

function replayedText(total: number, replayed: number | null): string {
  if (replayed === null) return '';
  if (replayed === 0) return '(재처리한 것 없음)';
  if (replayed >= total) return '(모두 재처리함)';
  return `(재처리 ${count(replayed)}건, 재처리 안 함 ${count(total - replayed)}건)`;
}

function noUseText(reason: NoUseForConsumers): string {
  switch (reason.code) {
    case 'A_MEMBER_PER_PARTITION':
      return `컨슈머를 늘려도 소용이 없습니다. ${atMost(reason.partitions)}. 그룹에는 이미 멤버 ${String(reason.members)}개가 있습니다.`;
    case 'ALL_UNREAD_PARTITIONS_BUSY':
      return '컨슈머를 늘려도 거의 소용이 없습니다. 읽지 않은 레코드가 있는 파티션마다 이미 전담하는 멤버가 있거나, 레코드 대부분이 파티션 하나에 있습니다.';
  }
}

/** Kafka assigns a partition to one member of a group. */
function atMost(partitions: number): string {
  return `파티션 ${count(partitions)}개를 읽을 수 있는 멤버는 최대 ${count(partitions)}개입니다`;
}

function toRead(unread: number): string {
  return `읽을 ${records(unread)}`;
}

function notConsumed(unread: number): string {
  return `${records(unread)}이 아직 처리되지 않았습니다`;
}

function inAndOut({ inPerSecond, outPerSecond }: Rates): string {
  return `유입은 ${perSecond(inPerSecond)}, 처리는 ${perSecond(outPerSecond)}입니다`;
}

function numbered(partitions: readonly number[]): string {
  return `${listed(partitions.map(String))}번 파티션`;
}
