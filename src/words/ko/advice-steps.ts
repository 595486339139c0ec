/** ../en/advice-steps.ts in Korean; a step's command is the same in every language. */
import { RECORDS_PER_SECOND, type StoreKind } from '../../advice/capacity.js';
import type { AdviceStep } from '../../advice/step.js';
import { count } from '../../text/figures.js';
import type { StepText } from '../en/advice-steps.js';
import { batchGain, percent, rateAfter, timesFaster } from '../figures.js';
import { inWords, type Words } from '../in-words.js';
import { perSecond } from './figures.js';
import { HOW_TRANSACTIONS_END } from './open-transaction.js';

export type StepSentences = Omit<StepText, 'command'>;

export function stepText(step: AdviceStep): StepSentences {
  return inWords(STEPS, step);
}

/** Where members can run. */
const RUN_ON: Readonly<Record<StoreKind, string>> = {
  sqlite: '저장소가 있는 머신에서 실행해야 합니다',
  postgres: '어느 호스트에서 실행하든 --store가 같아야 합니다',
};

const STEPS: Words<AdviceStep, StepSentences> = {
  USE_THE_GROUPS_STORE: () => ({
    action: '그룹의 저장소 사용',
    why: '그룹의 저장소는 하나입니다. `consume`은 이 저장소를 거부하며, 이 저장소의 답은 그룹이 결정한 것이 아닙니다.',
    expected: '맞는 저장소를 쓰면 `coupons advise`가 그 밖에 할 일을 알려 줍니다.',
    limits:
      '`coupons store take-over`는 그룹에 멤버가 없는 동안, 일부러 이 저장소로 바꿀 때 씁니다.',
  }),
  START_CONSUMERS: ({ members, partitions }) => ({
    action: '컨슈머 시작',
    why: '그룹에 멤버가 없어 아무것도 읽지 않습니다.',
    expected: `몇 초 안에 멤버 ${count(members)}개가 파티션 ${count(partitions)}개를 나누어 맡고, lag이 줄어듭니다.`,
    limits: '그룹이 지금까지 쓴 저장소를 써야 합니다(--store).',
  }),
  FIND_THE_PRODUCER: () => ({
    action: '열린 트랜잭션의 프로듀서 찾기',
    why: '그룹은 읽을 수 있는 것을 모두 읽었고, 나머지는 열린 트랜잭션 뒤에서 기다립니다. 저장소나 멤버가 원인이 아닙니다.',
    expected:
      '파티션의 프로듀서가 나열됩니다. CurrentTransactionStartOffset이 있는 프로듀서가 트랜잭션을 열었습니다.',
    limits: `대개는 기다리면 됩니다. ${HOW_TRANSACTIONS_END} Kafka가 끝내지 않는 트랜잭션은 \`kafka-transactions abort\` 명령으로 중단할 수 있습니다.`,
  }),
  READ_THE_LOG: ({ group }) => ({
    action: '컨슈머 로그에서 원인 찾기',
    why: '멤버와 읽을 레코드가 있지만 오프셋이 커밋되지 않습니다. 저장소가 멈췄거나 잠겼거나 가득 찼거나, 레코드 하나를 계속 재시도하고 있습니다.',
    expected:
      '"... fails, attempt ..." 줄에 원인이 있습니다. 원인이 사라지면 멤버는 다시 시작하지 않아도 계속 읽습니다.',
    limits: `${group} 그룹에 멤버를 더해도 같은 것을 기다립니다. 이 로그는 이 머신의 것이니, 컨슈머가 실행되는 곳에서 확인하십시오.`,
  }),
  REPAIR_REPLICAS: ({ topic }) => ({
    action: `${topic} 토픽의 브로커 되살리기`,
    why: '읽고 쓸 수 없거나 쓰기가 거부되는 파티션이 있습니다. 컨슈머, 파티션, 배치를 늘려도 달라지지 않습니다.',
    expected:
      '빠진 브로커를 보여 줍니다. 브로커가 돌아오면 멤버는 다시 시작하지 않아도 계속 읽습니다.',
    limits:
      'min.insync.replicas를 낮추면 쓰기가 되지만, 브로커 하나에만 있는 레코드를 잃을 수 있습니다.',
  }),
  FIX_THE_STORE: () => ({
    action: '저장소 복구하기',
    why: '여기에서 저장소를 읽지 못했습니다. 저장소가 없는 동안 멤버는 기다리며 아무것도 결정하지 않습니다.',
    expected:
      '저장소의 문제를 보여 줍니다. 다시 작동하면 멤버는 다시 시작하지 않아도 계속 읽습니다.',
    limits: '이 머신의 저장소(--store)입니다. 멤버는 다른 네트워크로 접근할 수도 있습니다.',
  }),
  OBSERVE_LONGER: () => ({
    action: '더 오래 관찰하기',
    why: '커밋이 없으면 그룹이 읽고 있는지 알 수 없습니다.',
    expected: '1분에 한 번 커밋하는 그룹이라면 커밋이 두 번 보이고, 처리 속도를 알 수 있습니다.',
    limits: '그보다 드물게 커밋하는 그룹은 그래도 멈춘 것처럼 보입니다.',
  }),
  FIND_WHY_DEAD_LETTERS_COME: () => ({
    action: '데드 레터의 원인 찾기',
    why: '지금 실패하는 요청은 재처리하기 전까지 쿠폰을 받지 못합니다.',
    expected: '최근 데드 레터의 이유, 캠페인, 시각이 보입니다.',
    limits: '원인이 사라진 뒤에 재처리하십시오(`coupons dlq replay`). 그 전에는 다시 실패합니다.',
  }),
  LIMIT_THE_PRODUCER: ({ outPerSecond }) => ({
    action: '프로듀서 제한하기',
    why: '멤버를 늘려 읽을 양이 아니며, 정상 요청이 그 뒤에서 기다립니다.',
    expected: `이 client.id의 클라이언트는 브로커마다 ${perSecond(outPerSecond)} 정도까지만 보냅니다. 그룹이 지금 읽는 만큼입니다.`,
    limits:
      '레코드에는 어느 클라이언트가 보냈는지 없습니다. 배포한 사람에게 묻거나 브로커의 byte-rate(JMX, kafka.server:type=Produce)를 보십시오. 이미 들어온 것은 그대로 읽습니다. `--delete-config producer_byte_rate` 옵션으로 해제합니다.',
  }),
  DEACTIVATE_CAMPAIGN: ({ couponId, share, unread }) => ({
    action: `캠페인 ${String(couponId)} 비활성화하기(폭주하는 요청에 매진되면 안 될 때)`,
    why: `읽지 않은 요청의 ${percent(share)}가 이 캠페인의 요청입니다.`,
    expected: '다음 요청부터 이 쿠폰은 발급되지 않습니다.',
    limits: `INACTIVE는 최종 결과입니다. 기다리는 요청 ${count(unread)}건은 정상 요청이라도 쿠폰을 받지 못하며, 캠페인을 다시 활성화해도 마찬가지입니다. 그 뒤에 온 요청만 받습니다.`,
  }),
  WAIT: ({ etaSeconds }) => ({
    action: '기다리기',
    why: '새 레코드가 들어오는 것보다 그룹이 빠르게 읽고 있습니다.',
    expected: `약 ${String(etaSeconds)}초 뒤에 lag이 0이 됩니다.`,
    limits: '레코드가 지금보다 빠르게 들어오지 않을 때만 그렇습니다.',
  }),
  LEAVE_SCHEDULER: ({ storeKind }) => ({
    action: 'scheduler 모드 벗어나기',
    why: 'scheduler는 5초마다 깨어나 최대 100건을 가져갑니다. 초당 최대 20건입니다.',
    expected: `레코드를 들어오는 대로 읽습니다. 코어가 2개인 머신에서는 ${perSecond(RECORDS_PER_SECOND[storeKind].single)} 정도까지 읽습니다.`,
    limits: '먼저 scheduler를 멈추십시오(ctrl-C). 멈추지 않으면 일부 파티션을 계속 맡습니다.',
  }),
  MORE_CONSUMERS: ({ members, running, partitions, outPerSecond, storeKind }) => {
    const rate = rateAfter(outPerSecond, partitions, running);
    return {
      action: '컨슈머 늘리기',
      why: `멤버 ${count(running)}개가 파티션 ${count(partitions)}개를 읽고 있습니다. 가장 쉬운 방법이고, 효과가 바로 나타납니다.`,
      expected: `멤버 ${count(members)}개가 실행 중인 ${count(running)}개에 더해집니다. 처리 속도가 최대 ${timesFaster(partitions, running)}배${rate === null ? '' : `(${perSecond(rate)} 정도)`}가 됩니다.`,
      limits: `파티션 하나는 최대 멤버 하나가 읽습니다. 멤버가 ${count(partitions)}개를 넘으면 나머지는 유휴 상태입니다. 모든 멤버가 저장소 하나에 쓰므로, ${RUN_ON[storeKind]}.`,
    };
  },
  MORE_PARTITIONS: ({ group, partitions, movedOnSale, ...shares }) => ({
    action: movedOnSale.length === 0 ? '파티션 늘리기' : '판매가 끝난 뒤 파티션 늘리기',
    why: `가장 바쁜 파티션에 레코드의 ${percent(shares.busiestShareNow)}가 있습니다. 파티션이 ${String(partitions)}개이면 ${percent(shares.busiestShareThen)}가 됩니다.`,
    expected: `멤버가 ${String(partitions)}개이면 새 요청을 최대 ${(shares.busiestShareNow / shares.busiestShareThen).toFixed(1)}배 빠르게 읽습니다.`,
    limits: `읽지 않은 레코드는 지금의 파티션에 남습니다. 파티션은 다시 줄일 수 없습니다. ${group} 그룹이 먼저 모두 읽지 않으면, 다른 파티션으로 옮겨 가는 캠페인은 순서를 잃습니다.`,
  }),
  BATCH_MODE: ({ mode, storeKind }) => ({
    action: `배치 모드${mode === null ? '(멤버가 아직 쓰지 않는다면)' : ''}`,
    why: '트랜잭션마다 레코드가 하나이면 디스크 동기화 한 번을 레코드 몇 건이 함께 쓰고, 배치에서는 100건이 함께 씁니다. 캠페인 하나를 빠르게 하는 유일한 방법입니다.',
    expected: `처리 속도가 최대 약 ${batchGain(storeKind)}배가 됩니다.`,
    limits:
      '먼저 지금의 멤버를 멈추십시오(ctrl-C: 처리 중인 레코드는 끝냅니다). 부하가 적을 때는 레코드가 배치가 찰 때까지 최대 0.5초 기다릴 수 있습니다.',
  }),
  LARGER_BATCHES: ({ batchSize }) => ({
    action: '배치 크기 늘리기',
    why: '멤버는 이미 배치를 쓰고 있습니다. 배치가 커지면 더 많은 레코드가 트랜잭션의 비용을 나눕니다.',
    expected:
      '지금 배치 크기가 100보다 작으면 처리 속도가 오릅니다. 100 이상이면 디스크 동기화가 느릴 때만 오릅니다.',
    limits: `배치가 ${String(batchSize)}건을 넘으면 나아지는 것이 거의 없습니다. 그때는 저장소가 병목입니다. 디스크 하나에 한 번에 하나만 쓰기 때문입니다.`,
  }),
  KEEP_LONGER: ({ age, size }) => {
    const reached = [
      ...(age === null ? [] : [`retention.ms의 ${percent(age.share)}를 기다렸습니다`]),
      ...(size === null ? [] : [`retention.bytes의 ${percent(size.share)}를 채웠습니다`]),
    ];
    return {
      action: '읽지 않은 레코드를 더 오래 보존',
      why: `보존 정책이 가장 오래된 읽지 않은 레코드를 삭제하게 됩니다. 레코드가 ${reached.join('. 또 ')}.`,
      expected: '토픽이 레코드를 두 배 오래, 또는 두 배 많이 보존합니다.',
      limits: '디스크 공간이 듭니다. 이미 삭제된 레코드는 돌아오지 않습니다.',
    };
  },
};
