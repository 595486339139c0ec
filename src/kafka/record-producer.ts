import kafkajs, { type Producer } from 'kafkajs';
import type { CliError } from '../errors.js';
import type { OutgoingRecord, RecordSink, SendResult } from '../pipeline/ports.js';
import type { KafkaCluster } from './cluster.js';
import { brokerError, protocolErrorType } from './errors.js';
import { partitionOf } from './partitioner.js';
import { fromHeaders } from './record.js';
import { countPartitions } from './topics.js';

/** How long a number of partitions is trusted: more may be added while we send. */
const PARTITIONS_MAX_AGE_MS = 10_000;

/**
 * Sends to one topic: acks=all, idempotent, each record to the partition of its key. The partition
 * is chosen here and not by kafkajs, which would choose again on a retry where a key is missing,
 * and because a user wants to know what was acknowledged in which partition.
 */
export class KafkaRecordProducer implements RecordSink {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  #partitions = 0;
  #countedAtMs = 0;
  #connected: Promise<Producer> | null = null;

  constructor(cluster: KafkaCluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  async open(): Promise<void> {
    await this.#producer();
  }

  async send(records: readonly OutgoingRecord[]): Promise<SendResult> {
    let producer: Producer;
    try {
      producer = await this.#producer();
    } catch (error) {
      return { acknowledged: [], error: error instanceof Error ? error : new Error(String(error)) };
    }
    const byPartition = new Map<number, OutgoingRecord[]>();
    records.forEach((record, index) => {
      const partition =
        record.key === null ? index % this.#partitions : partitionOf(record.key, this.#partitions);
      const group = byPartition.get(partition);
      if (group === undefined) byPartition.set(partition, [record]);
      else group.push(record);
    });
    const sent = await Promise.all(
      [...byPartition].map(async ([partition, group]) => ({
        partition,
        records: group.length,
        error: await this.#sendTo(producer, partition, group),
      })),
    );
    const error = sent.find((each) => each.error !== null)?.error ?? null;
    // An idempotent producer whose sequence is broken stays so: the next send has a new one.
    if (error !== null) await this.close();
    return { acknowledged: sent.filter((each) => each.error === null), error };
  }

  async close(): Promise<void> {
    const connected = this.#connected;
    this.#connected = null;
    // What never connected, or is cut off, has nothing to say goodbye to.
    await connected?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  /** Connected, and the number of partitions known. */
  async #producer(): Promise<Producer> {
    await this.#countPartitions();
    this.#connected ??= this.#connect();
    try {
      return await this.#connected;
    } catch (error) {
      this.#connected = null;
      throw error;
    }
  }

  async #connect(): Promise<Producer> {
    const producer = this.#cluster
      .client({ retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 2000 } })
      .producer({
        idempotent: true,
        maxInFlightRequests: 5,
        allowAutoTopicCreation: false,
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
        metadataMaxAge: PARTITIONS_MAX_AGE_MS,
      });
    await this.#cluster.attempt('connecting a producer', () => producer.connect());
    return producer;
  }

  /** Null when all in-sync replicas have them. */
  async #sendTo(
    producer: Producer,
    partition: number,
    records: readonly OutgoingRecord[],
  ): Promise<CliError | null> {
    const doing = `sending to ${this.#topic} partition ${String(partition)}`;
    try {
      await producer.send({
        topic: this.#topic,
        acks: -1,
        messages: records.map(({ key, value, headers }) => ({
          key,
          value,
          partition,
          headers: fromHeaders(headers),
        })),
      });
      return null;
    } catch (error) {
      if (protocolErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') this.#countedAtMs = 0;
      return brokerError(error, { doing, brokers: this.#cluster.options.brokers });
    }
  }

  async #countPartitions(): Promise<void> {
    const now = Date.now();
    if (now - this.#countedAtMs < PARTITIONS_MAX_AGE_MS) return;
    this.#partitions = await countPartitions(this.#cluster, this.#topic);
    this.#countedAtMs = now;
  }
}
