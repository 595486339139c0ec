import kafkajs, { type Producer } from 'kafkajs';
import type { CliError } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import type { OutgoingRecord, RecordSink, SendResult } from '../../ports/record-sink.js';
import type { KafkaCluster } from '../client/cluster.js';
import { WHILE_MOVING, type Retry } from '../client/call.js';
import { brokerError, protocolErrorType, REPLICAS_MISSING } from '../client/errors.js';
import { partitionOf } from '../../records/partitioner.js';
import { sendDated } from './send-dated.js';
import { fromHeaders } from '../log/record.js';
import { countPartitions } from '../admin/topics.js';

/** How long a number of partitions is trusted: more may be added while we send. */
const PARTITIONS_MAX_AGE_MS = 10_000;

/** So often in a command's time a leader may say that its replicas have not followed yet. */
const REPLICATION_TRIES = 4;

/** A leader that waits for its replicas says so; one that is down leaves the in-sync ones in time. */
const UNTIL_REPLICATED: Retry = { errors: [...WHILE_MOVING.errors, ...REPLICAS_MISSING] };

/**
 * Sends to one topic: acks=all, idempotent, each record to the partition of its key. The partition
 * is chosen here and not by kafkajs, which would choose again on a retry where a key is missing,
 * and because a user wants to know what was acknowledged in which partition.
 */
export class KafkaRecordProducer implements RecordSink {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  #producer: Promise<Producer> | null = null;
  #partitions = 0;
  #countedAtMs = 0;
  /** The send in hand: members that share a sink wait for each other's. */
  #sending: Promise<unknown> = Promise.resolve();

  constructor(cluster: KafkaCluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  async open(): Promise<void> {
    await this.#countPartitions();
    await this.#connected();
  }

  send(records: readonly OutgoingRecord[]): Promise<SendResult> {
    const sent = this.#sending.then(() => this.#send(records));
    this.#sending = sent;
    return sent;
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  /** Never rejects. */
  async #send(records: readonly OutgoingRecord[]): Promise<SendResult> {
    const doing = `sending to ${this.#topic}`;
    try {
      await this.#countPartitions();
      const result = await this.#sendByPartition(await this.#connected(), records);
      // After a failure kafkajs takes the sequence numbers of those records back, though they may be
      // in the log; the broker would then take the next records for a repeat of them, acknowledge
      // them and throw them away. A new producer has a new id and sequence numbers of its own.
      // It is not waited for: what it still sends may hang as long as kafkajs waits for an answer.
      if (result.error !== null) void this.close();
      return result;
    } catch (error) {
      const { brokers } = this.#cluster.options;
      return { acknowledged: [], error: brokerError(error, { doing, brokers }) };
    }
  }

  async #sendByPartition(
    producer: Producer,
    records: readonly OutgoingRecord[],
  ): Promise<SendResult> {
    const byPartition = groupBy(records, ({ key }, index) =>
      key === null ? index % this.#partitions : partitionOf(key, this.#partitions),
    );
    const sent = await Promise.all(
      [...byPartition].map(async ([partition, group]) => ({
        partition,
        records: group.length,
        error: await this.#sendTo(producer, partition, group),
      })),
    );
    return {
      acknowledged: sent.filter(({ error }) => error === null),
      error: sent.find(({ error }) => error !== null)?.error ?? null,
    };
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect().catch((error: unknown) => {
      this.#producer = null;
      throw error;
    });
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#cluster.client().producer({
      idempotent: true,
      maxInFlightRequests: 5,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      metadataMaxAge: PARTITIONS_MAX_AGE_MS,
      // The fewest that kafkajs allows: what more there is to try is this file's.
      retry: { retries: 1, initialRetryTime: 100 },
    });
    // Being given a producer id needs the right to write, which the broker's own words do not say.
    const doing = `asking to write to ${this.#topic}`;
    await this.#cluster.call({ doing, retry: WHILE_MOVING }, () => producer.connect());
    return producer;
  }

  /** Null when all in-sync replicas have them. */
  async #sendTo(
    producer: Producer,
    partition: number,
    records: readonly OutgoingRecord[],
  ): Promise<CliError | null> {
    const doing = `sending to ${this.#topic} partition ${String(partition)}`;
    const replicasMs = Math.ceil(this.#cluster.options.timeoutMs / REPLICATION_TRIES);
    try {
      const messages = records.map(({ key, value, headers }) => ({
        key,
        value,
        partition,
        headers: fromHeaders(headers),
      }));
      // Sent again they have the same sequence numbers: a broker that has them already only says so.
      await this.#cluster.call({ doing, retry: UNTIL_REPLICATED }, () =>
        sendDated(producer, { topic: this.#topic, acks: -1, timeout: replicasMs, messages }),
      );
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
