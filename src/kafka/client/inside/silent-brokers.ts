import type { Kafka } from 'kafkajs';
import { closedAsDown } from '../errors.js';
import { unlessSilent, type SilenceTimeout } from '../silence-timeout.js';
import { changeBrokers, changeClusters } from './clusters.js';

/**
 * Makes all that comes from this client give up a broker that is silent for so long, while connecting or
 * while it owes an answer, and go on with the next one. kafkajs does so only where no connection comes
 * about: a broker that hangs accepts it and says nothing, and kafkajs waits 30 s for that while others
 * would answer. The answer to a request that changes something is waited for: it may be under way.
 */
export function withSilenceTimeout(
  kafka: Kafka,
  timeout: SilenceTimeout,
  apiKeys: ReadonlySet<number> = READS,
): Kafka {
  changeClusters(kafka, (cluster) => {
    changeBrokers(cluster, (broker) => {
      const { connectionPool } = broker;
      const connect = broker.connect.bind(broker);
      broker.connect = () =>
        unlessSilent(connectionPool, timeout, connect()).catch((error: unknown) => {
          throw closedAsDown(error);
        });
      const send = connectionPool.send.bind(connectionPool);
      connectionPool.send = (protocol) =>
        apiKeys.has(protocol.request.apiKey)
          ? unlessSilent(connectionPool, timeout, send(protocol))
          : send(protocol);
    });
  });
  return kafka;
}

/** API keys of what a broker answers at once and what may be asked twice. */
const READS: ReadonlySet<number> = new Set([
  1, // Fetch: after half a second at most, see the callers
  2, // ListOffsets
  3, // Metadata
  8, // OffsetCommit
  9, // OffsetFetch
  10, // FindCoordinator
  12, // Heartbeat
  13, // LeaveGroup
  15, // DescribeGroups
  16, // ListGroups
  32, // DescribeConfigs
  35, // DescribeLogDirs
  69, // ConsumerGroupDescribe
]);

/**
 * API keys of what an idempotent producer may repeat: a broker recognises a batch that it has already by
 * its sequence number.
 */
export const IDEMPOTENT_WRITES: ReadonlySet<number> = new Set([
  0, // Produce
  22, // InitProducerId
]);
