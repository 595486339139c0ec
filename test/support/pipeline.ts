/**
 * The pipeline of a test file: a broker, the three topics, a data dir with the store, and the real
 * executable on them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Partitioners, type Admin, type Kafka, type Message, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect } from 'vitest';
import type { z } from 'zod';
import { DLQ_TOPIC, ORDER_TOPIC, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import { BrokerProcess } from './broker/broker-process.js';
import type { RunningCoupons } from './command-line/cli.js';
import { resetTopics, testCluster, type TestCluster } from './broker/cluster.js';
import * as contract from './json-contract/contract.js';
import { eventually } from './eventually.js';
import { kafkaAt } from './broker/kafkajs-client.js';
import { Operator } from './command-line/operator.js';
import { usePostgres, type TestPostgres } from './postgres/postgres.js';
import { readTopic, type TopicRecord } from './broker/read-topic.js';
import { temporaryDir } from './temporary-dir.js';

/** For describe.each: what must be the same on every store. */
export const STORES = ['sqlite', 'postgres'] as const;
export type StoreKind = (typeof STORES)[number];

export interface PipelineOptions {
  /**
   * `shared` (the default) is testCluster(). `own` is an embedded broker also where the suite runs on
   * Apache Kafka; the test may kill it and start it again.
   */
  readonly broker?: 'shared' | 'own';
  /** A file in the data dir (the default), or a schema on PostgreSQL. */
  readonly store?: StoreKind;
  /** The environment of every command, besides the brokers and the data dir. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ResetOptions {
  /** How many the request topic gets (3); null: none of the topics is created. */
  readonly partitions?: number | null;
}

/** Made by usePipeline(). */
export class Pipeline extends Operator {
  readonly #ownBroker: BrokerProcess | null;
  #cluster: TestCluster | null = null;
  #kafka: Kafka | null = null;
  #admin: Admin | null = null;
  #producer: Producer | null = null;
  #dataDir = temporaryDir();
  #schema: string | null = null;

  constructor(
    options: PipelineOptions,
    private readonly postgres: TestPostgres | null,
  ) {
    super(() => ({
      COUPONS_BROKERS: this.brokers,
      COUPONS_DATA_DIR: this.dataDir,
      ...(this.postgres === null ? {} : { ...this.postgres.env, COUPONS_STORE: this.storeUrl }),
      ...options.env,
    }));
    this.#ownBroker = options.broker === 'own' ? new BrokerProcess() : null;
  }

  /** "host:port,..." */
  get brokers(): string {
    return opened(this.#cluster).brokers;
  }

  get kind(): TestCluster['kind'] {
    return opened(this.#cluster).kind;
  }

  /** Its own broker. Throws where the cluster is shared. */
  get broker(): BrokerProcess {
    if (this.#ownBroker === null) throw new Error("Ask usePipeline() for broker: 'own'.");
    return this.#ownBroker;
  }

  get dataDir(): string {
    return this.#dataDir;
  }

  /** Of the store on PostgreSQL. */
  get schema(): string {
    this.#schema ??= opened(this.postgres).newSchema();
    return this.#schema;
  }

  /** Of the store on PostgreSQL, as messages name it. */
  get storeUrl(): string {
    return opened(this.postgres).storeUrl(this.schema);
  }

  /** Of a schema on the same server that has no store yet. */
  anotherStoreUrl(): string {
    return opened(this.postgres).storeUrl();
  }

  /** kafkajs's own view of the cluster: what the executable says is checked against it. */
  get admin(): Admin {
    return opened(this.#admin);
  }

  get kafka(): Kafka {
    return opened(this.#kafka);
  }

  async open(): Promise<void> {
    this.#cluster = await this.#start();
    this.#kafka = kafkaAt(this.brokers.split(','));
    await this.#connect();
  }

  async close(): Promise<void> {
    await this.#disconnect();
    await this.#cluster?.stop();
  }

  /** Empty topics, no group, an empty data dir, and no store. */
  async reset({ partitions = 3 }: ResetOptions = {}): Promise<void> {
    await this.resetTopics({ partitions });
    this.#dataDir = temporaryDir();
    this.#schema = null;
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
    // The controller has created them; their leaders take records a moment later, and kafkajs sends
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

  /** Runs a command that must succeed. */
  async succeed(command: string): Promise<void> {
    expect(await this.run(command.split(' ')), command).toMatchObject({ code: 0 });
  }

  drain(args: readonly string[] = []): Promise<z.infer<typeof contract.consumed>> {
    return this.json(contract.consumed, ['consume', '--until-drained', ...args]);
  }

  audit(): Promise<z.infer<typeof contract.audit>> {
    return this.json(contract.audit, ['audit']);
  }

  deadLetters(): Promise<z.infer<typeof contract.dlqPeek>> {
    return this.json(contract.dlqPeek, ['dlq', 'peek', '--max-messages', '100']);
  }

  logFile(): string {
    return readFileSync(join(this.dataDir, 'logs', 'application.log'), 'utf8');
  }

  /** Another program's connection to the store's file, which the caller closes. */
  database(): Database.Database {
    return new Database(join(this.dataDir, 'coupons.db'), { timeout: 10_000 });
  }

  async #start(): Promise<TestCluster> {
    const broker = this.#ownBroker;
    if (broker === null) return testCluster();
    await broker.start();
    return { brokers: broker.address, kind: 'embedded', stop: () => broker.kill() };
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

/** The pipeline of this test file or `describe`: opened before its first test, closed after its last. */
export function usePipeline(options: PipelineOptions = {}): Pipeline {
  const postgres = options.store === 'postgres' ? usePostgres() : null;
  const pipeline = new Pipeline(options, postgres);
  beforeAll(() => pipeline.open());
  afterAll(() => pipeline.close());
  return pipeline;
}

/** What `consume -o json` has said at its end. */
export function summaryOf({ stdout }: RunningCoupons): z.infer<typeof contract.consumed> {
  return contract.consumed.parse(JSON.parse(stdout));
}

/** How many outcomes the store has. */
export function outcomesIn(db: Database.Database): number {
  const row = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM request_outcome').get();
  return row?.n ?? 0;
}

function opened<T>(value: T | null): T {
  if (value === null) throw new Error('The pipeline is not open: call usePipeline() first.');
  return value;
}
