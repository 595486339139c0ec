import kafkajs, { type Kafka, type KafkaConfig } from 'kafkajs';

/** Another program's view of a cluster, that of plain kafkajs: what we say is checked against it. */
export function kafkaAt(
  brokers: KafkaConfig['brokers'],
  options: Partial<KafkaConfig> = {},
): Kafka {
  return new kafkajs.Kafka({
    clientId: 'coupons-test',
    brokers,
    logLevel: kafkajs.logLevel.NOTHING,
    ...options,
  });
}
