import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { KafkaCluster } from '../../src/kafka/client/cluster.js';
import { startEmbeddedBroker, type EmbeddedBroker } from '../support/broker/embedded-broker.js';
import { kafkaAt } from '../support/broker/kafkajs-client.js';

/** Any timestamp that Kafka can hold is taken. */
const ANY_TIME = { name: 'message.timestamp.after.max.ms', value: String(2n ** 63n - 1n) };

/** The embedded broker of a test file, and our client to it. Without faults at each test's begin. */
export class EmbeddedTopics {
  #broker: EmbeddedBroker | null = null;
  #kafka: Kafka | null = null;
  #admin: Admin | null = null;
  #producer: Producer | null = null;
  #cluster: KafkaCluster | null = null;

  get broker(): EmbeddedBroker {
    return opened(this.#broker);
  }

  get admin(): Admin {
    return opened(this.#admin);
  }

  get cluster(): KafkaCluster {
    return opened(this.#cluster);
  }

  get producer(): Producer {
    return opened(this.#producer);
  }

  async start(): Promise<void> {
    this.#broker = await startEmbeddedBroker();
    const brokers = [this.#broker.address];
    const cluster = { brokers, tls: null, sasl: null, timeoutMs: 5000, log: () => undefined };
    this.#cluster = new KafkaCluster(cluster);
    this.#kafka = kafkaAt(brokers);
    this.#admin = this.#kafka.admin();
    const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
    this.#producer = this.#kafka.producer({ createPartitioner });
    await Promise.all([this.#admin.connect(), this.#producer.connect()]);
  }

  /** A new, empty topic. */
  async create(numPartitions: number): Promise<string> {
    const topic = `topic-${randomUUID()}`;
    const configEntries = [ANY_TIME];
    await this.admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] });
    return topic;
  }

  async stop(): Promise<void> {
    await this.#producer?.disconnect();
    await this.#admin?.disconnect();
    await this.#cluster?.close();
    await this.#broker?.stop();
  }
}

/** For a whole test file. */
export function embeddedTopics(): EmbeddedTopics {
  const topics = new EmbeddedTopics();
  beforeAll(() => topics.start());
  afterEach(() => topics.broker.faults.clear());
  afterAll(() => topics.stop());
  return topics;
}

function opened<T>(value: T | null): T {
  if (value === null) throw new Error('The embedded broker of this file is not started yet.');
  return value;
}
