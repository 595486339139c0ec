import type { Kafka } from 'kafkajs';
import type { RawBroker, RawCluster } from './objects.js';

/** Every cluster object that this client makes from now on. */
export function changeClusters(kafka: Kafka, change: (cluster: RawCluster) => void): void {
  const [, create] = clusterFactory(kafka);
  replaceClusterFactory(kafka, (options) => {
    const cluster = create(options);
    change(cluster);
    return cluster;
  });
}

export function replaceClusterFactory(kafka: Kafka, factory: ClusterFactory): void {
  const [symbol] = clusterFactory(kafka);
  (kafka as unknown as Record<symbol, ClusterFactory>)[symbol] = factory;
}

/** Every broker of the cluster, those that it learns of later included. */
export function changeBrokers(
  { brokerPool }: RawCluster,
  change: (broker: RawBroker) => void,
): void {
  const createBroker = brokerPool.createBroker;
  brokerPool.createBroker = (options) => {
    const broker = createBroker(options);
    change(broker);
    return broker;
  };
}

export type ClusterFactory = (options: object) => RawCluster;

export function clusterFactory(kafka: Kafka): readonly [symbol, ClusterFactory] {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (symbol === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  const create = (kafka as unknown as Record<symbol, ClusterFactory | undefined>)[symbol];
  if (create === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  return [symbol, create];
}
