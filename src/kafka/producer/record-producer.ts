import kafkajs, { type Producer } from 'kafkajs';
import { InterruptedError, UnreachableError, CliError } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import type {
  DeliveryLimit,
  OutgoingRecord,
  RecordSink,
  SendOptions,
  SendResult,
} from '../../ports/record-sink.js';
import { topicNotFound } from '../../ports/topic-errors.js';
import { ACKNOWLEDGE_MS, type KafkaCluster } from '../client/cluster.js';
import { Deadline, NoBrokerAnswers, WHILE_MOVING, type Retry } from '../client/call.js';
import { brokerError, protocolErrorType, REPLICAS_MISSING } from '../client/errors.js';
import { partitionOf } from '../../records/partitioner.js';
import { fromHeaders } from '../log/record.js';
import { countPartitions } from '../admin/topics.js';
import { Grace } from './grace.js';
import { PartitionLeaders } from './leaders.js';
import { sendDated } from './send-dated.js';
import { waitsFor, waitsForAny } from './waits-for.js';

/** How long a number of partitions is trusted: more may be added while we send. */
const PARTITIONS_MAX_AGE_MS = 10_000;
/** A failure to count them again costs a batch this much of its time. */
const RECOUNT_MS = 3000;
/** A topic that was just created is not known to each broker yet; one that was deleted stays unknown. */
const UNKNOWN_TOPIC_MS = 5000;
/** A timer may fire so much before its time. */
const EARLY_MS = 5;
/** Once asked to stop, an acknowledgement that is on its way is waited for this long. */
const ACKNOWLEDGE_GRACE_MS = 500;
/** What is waited for is reported this often, from the first failure on. */
const REPORT_MS = 1000;
/** Without a failure it is worth a report only after this long. */
const SLOW_MS = 3000;

/** What passes while another broker takes over, and while replicas follow. */
const DELIVERY: Retry = {
  errors: [
    ...WHILE_MOVING.errors,
    ...REPLICAS_MISSING,
    'UNKNOWN_TOPIC_OR_PARTITION',
    'BROKER_NOT_AVAILABLE',
    'REPLICA_NOT_AVAILABLE',
    'NETWORK_EXCEPTION',
    'KAFKA_STORAGE_ERROR',
    'CORRUPT_MESSAGE',
  ],
  whileUnreachable: true,
};

/** A producer of kafkajs's, with its own producer id and sequence numbers. */
interface Connection {
  readonly producer: Producer;
  /** Aborted, it sends nothing more. */
  readonly over: AbortController;
}

/** One send, as its partitions share it. */
interface Delivery {
  readonly connection: Connection;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  /** The partitions without an acknowledgement, and why their last attempt failed; null: no attempt failed. */
  readonly waiting: Map<number, unknown>;
}

/**
 * Sends to one topic: acks=all, idempotent, each record to the partition of its key. The partition
 * is chosen here and not by kafkajs, which would choose again on a retry where a key is missing,
 * and because a user wants to know what was acknowledged in which partition.
 *
 * While a partition has no leader that answers, its records are sent again until the limit. They are
 * sent by the same producer in the same batch, hence with the same sequence numbers: a broker that has
 * them already only acknowledges them.
 */
export class KafkaRecordProducer implements RecordSink {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  readonly #limit: DeliveryLimit;
  readonly #leaders: PartitionLeaders;
  #connection: Promise<Connection> | null = null;
  #partitions = 0;
  #countedAtMs = 0;
  /** Sends wait for each other: a partition has one batch on its way. */
  #sending: Promise<unknown> = Promise.resolve();

  constructor(cluster: KafkaCluster, topic: string, limit: DeliveryLimit) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#limit = limit;
    this.#leaders = new PartitionLeaders(cluster, topic);
  }

  async open(): Promise<void> {
    await this.#countPartitions();
    await this.#connected();
    await this.#leaders.refresh().catch(() => undefined);
  }

  send(records: readonly OutgoingRecord[], options: SendOptions = {}): Promise<SendResult> {
    const sent = this.#sending.then(() => this.#send(records, options));
    this.#sending = sent;
    return sent;
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    await connection?.then(({ producer }) => producer.disconnect()).catch(() => undefined);
  }

  /** Never rejects. */
  async #send(
    records: readonly OutgoingRecord[],
    { signal, onWait }: SendOptions,
  ): Promise<SendResult> {
    const grace = new Grace(signal, ACKNOWLEDGE_GRACE_MS);
    const waiting = new Map<number, unknown>();
    const deadline = new Deadline(this.#limit.ms);
    const reporting = setInterval(() => {
      const isSlow = this.#limit.ms - deadline.remainingMs() >= SLOW_MS;
      const text = waitsForAny(waiting, isSlow, this.#leaders);
      if (text !== null) onWait?.(text);
    }, REPORT_MS);
    try {
      await this.#countPartitions(grace.signal);
      const connection = await this.#connected();
      const delivery = { connection, deadline, signal: grace.signal, waiting };
      const result = await this.#sendByPartition(delivery, records);
      if (result.error !== null) this.#abandon(connection);
      return result;
    } catch (error) {
      const { brokers } = this.#cluster.options;
      const doing = `sending to ${this.#topic}`;
      return { acknowledged: [], error: brokerError(error, { doing, brokers }) };
    } finally {
      clearInterval(reporting);
      grace.end();
    }
  }

  async #sendByPartition(
    delivery: Delivery,
    records: readonly OutgoingRecord[],
  ): Promise<SendResult> {
    const byPartition = groupBy(records, ({ key }, index) =>
      key === null ? index % this.#partitions : partitionOf(key, this.#partitions),
    );
    const sent = await Promise.all(
      [...byPartition].map(async ([partition, group]) => ({
        partition,
        records: group.length,
        error: await this.#deliver(delivery, partition, group),
      })),
    );
    return {
      acknowledged: sent.filter(({ error }) => error === null),
      error: sent.find(({ error }) => error !== null)?.error ?? null,
    };
  }

  /** Null when all in-sync replicas have them. */
  async #deliver(
    { connection, deadline, signal, waiting }: Delivery,
    partition: number,
    records: readonly OutgoingRecord[],
  ): Promise<CliError | null> {
    const doing = `sending to ${this.#topic} partition ${String(partition)}`;
    const messages = records.map(({ key, value, headers }) => ({
      key,
      value,
      partition,
      headers: fromHeaders(headers),
    }));
    const failed = (failure: unknown): never => {
      waiting.set(partition, failure);
      throw failure;
    };
    const attempt = this.#unlessDeleted(() =>
      sendDated(connection.producer, {
        topic: this.#topic,
        acks: -1,
        timeout: ACKNOWLEDGE_MS,
        messages,
      }),
    );
    const refresh = (over: AbortSignal) => this.#leaders.refresh(over).catch(failed);
    waiting.set(partition, null);
    try {
      const call = { doing, deadline, signal, retry: DELIVERY };
      await this.#cluster.call(call, () => attempt().catch(failed), { refresh });
      waiting.delete(partition);
      return null;
    } catch (error) {
      const failure = brokerError(error, { doing, brokers: this.#cluster.options.brokers });
      const isLate = deadline.remainingMs() < EARLY_MS && !(failure instanceof InterruptedError);
      return isLate ? this.#undelivered(partition, failure, waiting.get(partition)) : failure;
    }
  }

  /** Throws CliError TOPIC_NOT_FOUND where the topic stays unknown. */
  #unlessDeleted<T>(work: () => Promise<T>): () => Promise<T> {
    let unknownSinceMs: number | null = null;
    return async () => {
      try {
        return await work();
      } catch (error) {
        if (protocolErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
        this.#countedAtMs = 0;
        unknownSinceMs ??= performance.now();
        const isGone = performance.now() - unknownSinceMs >= UNKNOWN_TOPIC_MS;
        throw isGone ? topicNotFound(this.#topic) : error;
      }
    };
  }

  #undelivered(partition: number, failure: CliError, last: unknown): CliError {
    // Then the cluster is missing, not a leader.
    const isNone = last instanceof NoBrokerAnswers;
    if (isNone && failure.code !== 'BROKER_TIMEOUT') return failure;
    const limit = `${String(this.#limit.ms / 1000)} s (${this.#limit.option})`;
    const message = `Partition ${String(partition)} of ${this.#topic} did not acknowledge within ${limit}: waiting for ${waitsFor(partition, isNone ? null : (last ?? null), this.#leaders)}.`;
    const hint = `See its replicas with \`coupons topics describe ${this.#topic}\`, bring the broker back, or wait longer with ${this.#limit.option}.`;
    const options = { cause: failure };
    return failure instanceof UnreachableError
      ? new UnreachableError(failure.code, message, hint, options)
      : new CliError(failure.code, message, hint, options);
  }

  #connected(): Promise<Connection> {
    this.#connection ??= this.#connect().catch((error: unknown) => {
      this.#connection = null;
      throw error;
    });
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    const over = new AbortController();
    const producer = this.#cluster.producerClient(over.signal).producer({
      idempotent: true,
      maxInFlightRequests: 5,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      metadataMaxAge: PARTITIONS_MAX_AGE_MS,
      // The fewest that kafkajs allows: retrying is done here.
      retry: { retries: 1, initialRetryTime: 100 },
    });
    // A producer id is given only to a user with the right to write, which the broker's error does not say.
    const doing = `asking to write to ${this.#topic}`;
    await this.#cluster.call({ doing, retry: WHILE_MOVING }, () => producer.connect());
    return { producer, over };
  }

  /**
   * After a failure kafkajs takes the sequence numbers of those records back, though they may be in the
   * log; the broker would then take the next records for a repeat of them, acknowledge them and drop them.
   * The next send gets a new producer, with a new id and sequence numbers that begin again.
   */
  #abandon(connection: Connection): void {
    this.#connection = null;
    connection.over.abort(new GivenUp());
    void connection.producer.disconnect().catch(() => undefined);
  }

  /** Asks how many there are now. Where no broker says so, what was known goes on to hold. */
  async #countPartitions(signal?: AbortSignal): Promise<void> {
    const now = Date.now();
    if (now - this.#countedAtMs < PARTITIONS_MAX_AGE_MS) return;
    const limits = {
      ...(this.#partitions === 0 ? {} : { deadline: new Deadline(RECOUNT_MS) }),
      ...(signal === undefined ? {} : { signal }),
    };
    try {
      this.#partitions = await countPartitions(this.#cluster, this.#topic, limits);
      this.#countedAtMs = now;
    } catch (error) {
      if (this.#partitions === 0 || !(error instanceof UnreachableError)) throw error;
    }
  }
}

/** kafkajs must not retry what was given up. */
class GivenUp extends Error {
  readonly retriable = false;
}
