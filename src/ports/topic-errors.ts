/** What the adapters of several ports throw of a topic. */
import { CliError } from '../errors.js';

export function topicNotFound(topic: string, options?: ErrorOptions): CliError {
  return new CliError(
    'TOPIC_NOT_FOUND',
    `Topic ${topic} does not exist on this cluster.`,
    'Create the topics with `coupons topics create`. List the existing ones with `coupons topics list`.',
    options,
  );
}

export function partitionOffline(topic: string, partition: number): CliError {
  return new CliError(
    'PARTITION_OFFLINE',
    `Partition ${String(partition)} of ${topic} has no leader: none of its in-sync replicas is up.`,
    `\`coupons topics describe ${topic}\` shows their brokers: start them again.`,
  );
}
