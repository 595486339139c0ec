/** What an end-to-end test needs: a cluster with the three topics, and a data dir of its own. */
import { Kafka, logLevel, Partitioners, type Admin, type Message, type Producer } from 'kafkajs';
import { afterAll, beforeAll } from 'vitest';
import { DLQ_TOPIC, ORDER_TOPIC, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import { resetTopics, testCluster, type TestCluster } from './cluster.js';
import { eventually } from './eventually.js';
import { Operator } from './operator.js';
import { readTopic, type TopicRecord } from './read-topic.js';
import { temporaryDir } from './temporary-dir.js';

export interface ResetOptions {
  /** Of the request topic (3); null: none of the topics is made. */
  readonly partitions?: number | null;
}

/** The cluster of one test file, with a store that `reset` makes anew. Only after usePipeline. */
export class Pipeline extends Operator {
  #cluster: TestCluster | null = null;
  #kafka: Kafka | null = null;
  #admin: Admin | null = null;
  #producer: Producer | null = null;
  #dataDir = '';

  constructor() {
    super(() => ({ COUPONS_BROKERS: this.brokers, COUPONS_DATA_DIR: this.dataDir }));
  }

  get brokers(): string {
    return opened(this.#cluster).brokers;
  }

  get kind(): TestCluster['kind'] {
    return opened(this.#cluster).kind;
  }

  get dataDir(): string {
    return this.#dataDir;
  }

  /** kafkajs's own view of the cluster: what the executable says is checked against it. */
  get admin(): Admin {
    return opened(this.#admin);
  }

  get kafka(): Kafka {
    return opened(this.#kafka);
  }

  async open(): Promise<void> {
    this.#cluster = await testCluster();
    this.#kafka = new Kafka({
      clientId: 'coupons-test',
      brokers: this.brokers.split(','),
      logLevel: logLevel.NOTHING,
    });
    this.#dataDir = temporaryDir();
    await this.#connect();
  }

  async close(): Promise<void> {
    await this.#disconnect();
    await this.#cluster?.stop();
  }

  /** Empty topics, no group, and an empty data dir. */
  async reset({ partitions = 3 }: ResetOptions = {}): Promise<void> {
    await this.resetTopics({ partitions });
    this.#dataDir = temporaryDir();
  }

  /** Empty topics and no group, but the store as it is. */
  async resetTopics({ partitions = 3 }: ResetOptions = {}): Promise<void> {
    await resetTopics(this.brokers);
    // A kafkajs client goes on asking for the topics that it once knew.
    await this.#disconnect();
    await this.#connect();
    if (partitions === null) return;
    await this.admin.createTopics({
      waitForLeaders: false,
      topics: [
        { topic: REQUEST_TOPIC, numPartitions: partitions, replicationFactor: 1 },
        { topic: DLQ_TOPIC, numPartitions: 1, replicationFactor: 1 },
        { topic: ORDER_TOPIC, numPartitions: 3, replicationFactor: 1 },
      ],
    });
    // The controller has made them; their leaders take records a moment later, and kafkajs sends
    // all of a batch again where one of its partitions was too early.
    for (const topic of [REQUEST_TOPIC, DLQ_TOPIC, ORDER_TOPIC]) {
      await eventually(() => this.admin.fetchTopicOffsets(topic));
    }
  }

  /** Sends records to the request topic, in this order, as another program would. */
  async send(messages: readonly Message[], topic: string = REQUEST_TOPIC): Promise<void> {
    await opened(this.#producer).send({ topic, messages: [...messages], acks: -1 });
  }

  /** Everything that a topic holds, by partition and offset. */
  async records(topic: string = REQUEST_TOPIC): Promise<readonly TopicRecord[]> {
    return readTopic(this.kafka, this.admin, topic);
  }

  async groups(): Promise<readonly string[]> {
    const { groups } = await this.admin.listGroups();
    return groups.map(({ groupId }) => groupId).sort();
  }

  async #connect(): Promise<void> {
    this.#admin = this.kafka.admin();
    this.#producer = this.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await Promise.all([this.#admin.connect(), this.#producer.connect()]);
  }

  async #disconnect(): Promise<void> {
    await Promise.all([this.#admin?.disconnect(), this.#producer?.disconnect()]);
  }
}

/** The pipeline of this test file: opened before its first test, closed after its last one. */
export function usePipeline(): Pipeline {
  const pipeline = new Pipeline();
  beforeAll(() => pipeline.open());
  afterAll(() => pipeline.close());
  return pipeline;
}

function opened<T>(value: T | null): T {
  if (value === null) throw new Error('The pipeline is not open: call usePipeline() first.');
  return value;
}
