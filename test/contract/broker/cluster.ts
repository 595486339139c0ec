import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, { type Admin, type Kafka, type KafkaConfig } from 'kafkajs';
import { startBroker } from '../../../src/broker/broker.js';

export interface Cluster {
  readonly kafka: Kafka;
  readonly admin: Admin;
  stop(): Promise<void>;
}

/** The cluster that COUPONS_TEST_BROKERS names, else an embedded broker on a free port. */
export async function startCluster(): Promise<Cluster> {
  const named = process.env['COUPONS_TEST_BROKERS'];
  const embedded = named === undefined ? await startEmbedded() : null;
  const kafka = kafkaAt(embedded === null ? (named ?? '').split(',') : [embedded.address]);
  const admin = kafka.admin();
  await admin.connect();
  return {
    kafka,
    admin,
    async stop() {
      await admin.disconnect();
      await embedded?.stop();
    },
  };
}

export function kafkaAt(brokers: KafkaConfig['brokers']): Kafka {
  return new kafkajs.Kafka({
    clientId: 'conformance',
    brokers,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 3 },
  });
}

/** A name that no other run uses. */
export function uniqueName(what: string): string {
  return `${what}-${randomUUID()}`;
}

/** Waits until the condition holds; the test's own deadline ends the wait. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function startEmbedded() {
  const dataDir = await mkdtemp(join(tmpdir(), 'coupons-conformance-'));
  const broker = await startBroker({ dataDir, port: 0, log: () => undefined });
  return {
    address: broker.address,
    async stop() {
      await broker.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
