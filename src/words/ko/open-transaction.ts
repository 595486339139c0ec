import type { OpenTransaction } from '../../ports/log.js';
import { records } from './figures.js';

/** A clause: "... 레코드 7건이 기다립니다". */
export function describeOpenTransaction(transaction: OpenTransaction): string {
  const { topic, partition, sinceOffset } = transaction;
  return `${topic} 토픽 ${String(partition)}번 파티션에 오프셋 ${sinceOffset.toString()}부터 열려 있는 트랜잭션이 있어, 그 뒤의 ${records(transaction.records)}이 기다립니다`;
}

export const HOW_TRANSACTIONS_END =
  '프로듀서가 트랜잭션을 끝내거나, 프로듀서의 transaction.timeout.ms(기본값 1분)가 지나면 Kafka가 끝냅니다.';
