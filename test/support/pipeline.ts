/** What an end-to-end test needs: a cluster with the three topics, and a data dir of its own. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners, type Admin, type Message, type Producer } from 'kafkajs';
import { afterAll, beforeAll } from 'vitest';
import type { z } from 'zod';
import { DLQ_TOPIC, ORDER_TOPIC, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import { coupons, startCoupons, type Run, type RunOptions, type RunningCoupons } from './cli.js';
import { resetTopics, testCluster, type TestCluster } from './cluster.js';
import { readTopic, type TopicRecord } from './read-topic.js';

export interface ResetOptions {
  /** Of the request topic (3); null: none of the topics is made. */
  readonly partitions?: number | null;
}

/** The cluster of one test file, with a store that `reset` makes anew. Only after usePipeline. */
export class Pipeline {
  #cluster: TestCluster | null = null;
  #kafka: Kafka | null = null;
  #admin: Admin | null = null;
  #producer: Producer | null = null;
  #dataDir = '';
  readonly #dataDirs: string[] = [];

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

  async open(): Promise<void> {
    this.#cluster = await testCluster();
    this.#kafka = new Kafka({
      clientId: 'coupons-test',
      brokers: this.brokers.split(','),
      logLevel: logLevel.NOTHING,
    });
    this.#admin = this.#kafka.admin();
    this.#producer = this.#kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await this.#admin.connect();
    await this.#producer.connect();
    this.#dataDir = await this.newDir();
  }

  async close(): Promise<void> {
    await this.#producer?.disconnect();
    await this.#admin?.disconnect();
    await this.#cluster?.stop();
    for (const dir of this.#dataDirs) await rm(dir, { recursive: true, force: true });
  }

  /** Empty topics, no group, and an empty data dir. */
  async reset({ partitions = 3 }: ResetOptions = {}): Promise<void> {
    await this.resetTopics({ partitions });
    this.#dataDir = await this.newDir();
  }

  /** Empty topics and no group, but the store as it is. */
  async resetTopics({ partitions = 3 }: ResetOptions = {}): Promise<void> {
    await resetTopics(this.brokers);
    if (partitions === null) return;
    await this.admin.createTopics({
      topics: [
        { topic: REQUEST_TOPIC, numPartitions: partitions, replicationFactor: 1 },
        { topic: DLQ_TOPIC, numPartitions: 1, replicationFactor: 1 },
        { topic: ORDER_TOPIC, numPartitions: 3, replicationFactor: 1 },
      ],
    });
  }

  /** A directory that goes with the test file. */
  async newDir(): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'coupons-e2e-'));
    this.#dataDirs.push(dir);
    return dir;
  }

  /** Runs one command on this cluster and data dir, to its end, whatever its exit code. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    return coupons(args, { ...options, env: { ...this.#environment(), ...options.env } });
  }

  /** The JSON document of a command that ends with exit code 0 (or `code`), checked by its schema. */
  async json<Schema extends z.ZodType>(
    schema: Schema,
    args: readonly string[],
    { code = 0, ...options }: RunOptions & { readonly code?: number } = {},
  ): Promise<z.infer<Schema>> {
    const run = await this.run([...args, '--output', 'json'], options);
    if (run.code !== code) {
      throw new Error(
        `coupons ${args.join(' ')}: exit code ${run.code}, not ${code}.\n${run.stdout}\n${run.stderr}`,
      );
    }
    return schema.parse(run.json());
  }

  /** Starts a command that goes on. */
  start(args: readonly string[], options: Pick<RunOptions, 'env' | 'input'> = {}): RunningCoupons {
    return startCoupons(args, { ...options, env: { ...this.#environment(), ...options.env } });
  }

  /** Sends records to the request topic, in this order, as another program would. */
  async send(messages: readonly Message[], topic: string = REQUEST_TOPIC): Promise<void> {
    await opened(this.#producer).send({ topic, messages: [...messages], acks: -1 });
  }

  /** Everything that a topic holds, by partition and offset. */
  async records(topic: string = REQUEST_TOPIC): Promise<readonly TopicRecord[]> {
    return readTopic(opened(this.#kafka), this.admin, topic);
  }

  async groups(): Promise<readonly string[]> {
    const { groups } = await this.admin.listGroups();
    return groups.map(({ groupId }) => groupId).sort();
  }

  #environment(): Readonly<Record<string, string>> {
    return { COUPONS_BROKERS: this.brokers, COUPONS_DATA_DIR: this.#dataDir };
  }
}

/** The pipeline of this test file: opened before its first test, closed after its last one. */
export function usePipeline(): Pipeline {
  const pipeline = new Pipeline();
  beforeAll(() => pipeline.open());
  afterAll(() => pipeline.close());
  return pipeline;
}

/** A record that asks for a coupon. Fields of `changes` that are undefined are left out. */
export function request(
  couponId: number,
  userId: number,
  changes: Readonly<Record<string, unknown>> = {},
): Message {
  const value = {
    eventId: randomUUID(),
    eventType: 'COUPON_ISSUE_REQUESTED',
    occurredAt: '2026-01-01T00:00:00Z',
    couponId,
    userId,
    timestamp: 1_767_225_600_000,
    ...changes,
  };
  return { key: String(couponId), value: JSON.stringify(value) };
}

function opened<T>(value: T | null): T {
  if (value === null) throw new Error('The pipeline is not open: call usePipeline() first.');
  return value;
}
