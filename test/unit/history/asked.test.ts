import { beforeEach, expect, it } from 'vitest';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { askedBetween } from '../../../src/history/asked.js';
import { MemoryCluster } from '../../support/memory/cluster.js';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 27, 3);
const hoursAgo = (hours: number) => NOW - hours * HOUR_MS;

let cluster: MemoryCluster;
beforeEach(() => {
  cluster = new MemoryCluster([1]);
});

const ask = (...boundaries: readonly number[]) =>
  askedBetween({ admin: cluster, reader: cluster, now: () => NOW }, REQUEST_TOPIC, boundaries);

async function topic(config: Readonly<Record<string, string>> = {}): Promise<void> {
  const spec = { name: REQUEST_TOPIC, partitions: 2, replicationFactor: 1, config };
  await cluster.createTopics([spec]);
}

function append(partition: number, ...hours: readonly number[]): void {
  for (const each of hours) {
    cluster.append(REQUEST_TOPIC, partition, {
      key: Buffer.from('1'),
      value: Buffer.from('{}'),
      timestampMs: hoursAgo(each),
    });
  }
}

it('counts the records of all partitions by their time', async () => {
  await topic();
  append(0, 5, 3, 3, 0.5);
  append(1, 2.5);
  expect(await ask(hoursAgo(4), hoursAgo(2), hoursAgo(1), NOW)).toEqual([3, 0, 1]);
});

it('does not know how many came before the first record that retention has left', async () => {
  await topic({ 'cleanup.policy': 'delete', 'retention.ms': String(3 * HOUR_MS) });
  append(0, 9, 8, 2.5, 0.5);
  await cluster.deleteRecords(REQUEST_TOPIC, [{ partition: 0, beforeOffset: 2n }]);
  // What is younger than the retention is all there.
  expect(await ask(hoursAgo(10), hoursAgo(4), hoursAgo(3), hoursAgo(1), NOW)).toEqual([
    null,
    null,
    1,
    1,
  ]);
});

it('counts nothing where all of a log was deleted long before', async () => {
  await topic({ 'cleanup.policy': 'delete', 'retention.ms': String(3 * HOUR_MS) });
  append(0, 9, 8);
  await cluster.deleteRecords(REQUEST_TOPIC, [{ partition: 0, beforeOffset: 2n }]);
  expect(await ask(hoursAgo(2), hoursAgo(1), NOW)).toEqual([0, 0]);
});

it('knows less where the size of the log decides as well', async () => {
  await topic({ 'retention.ms': String(3 * HOUR_MS), 'retention.bytes': '1000' });
  append(0, 2.8, 2.5, 0.5);
  await cluster.deleteRecords(REQUEST_TOPIC, [{ partition: 0, beforeOffset: 1n }]);
  expect(await ask(hoursAgo(2.9), hoursAgo(2.6), hoursAgo(1), NOW)).toEqual([null, null, 1]);
});

it('is an error where there is no such topic', async () => {
  await expect(ask(hoursAgo(1), NOW)).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' });
});
