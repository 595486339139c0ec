/** What a member of kafkajs must ride out, on an embedded broker that misbehaves. */
import { Partitioners, type Admin, type Producer } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KafkaCluster } from '../../../src/kafka/client/cluster.js';
import { KafkaGroupMember } from '../../../src/kafka/group/group-member.js';
import { startEmbeddedBroker, type EmbeddedBroker } from '../../support/broker/embedded-broker.js';
import { eventually } from '../../support/eventually.js';
import { kafkaAt } from '../../support/broker/kafkajs-client.js';
import { uniqueName } from '../broker/cluster.js';
import { Reader } from '../group-member.js';

let broker: EmbeddedBroker;
let admin: Admin;
let producer: Producer;
let client: KafkaCluster;
let topic: string;
let group: string;
const readers: Reader[] = [];

beforeAll(async () => {
  broker = await startEmbeddedBroker();
  const kafka = kafkaAt([broker.address]);
  admin = kafka.admin();
  await admin.connect();
  producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  client = new KafkaCluster({
    brokers: [broker.address],
    tls: null,
    sasl: null,
    timeoutMs: 10_000,
    log: () => undefined,
  });
});

beforeEach(async () => {
  topic = uniqueName('member');
  group = uniqueName('coupon-member');
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
});

afterEach(async () => {
  broker.faults.clear();
  await Promise.all(readers.splice(0).map(({ member }) => member.stop()));
});

afterAll(async () => {
  await client.close();
  await producer.disconnect();
  await admin.disconnect();
  await broker.stop();
});

function newReader(sessionTimeoutMs = 6000): Reader {
  const reader = new Reader(
    new KafkaGroupMember(client, {
      group,
      topic,
      clientId: 'coupons-test',
      fetchWaitMs: 100,
      fetchMinBytes: 1,
      sessionTimeoutMs,
      store: { id: 'one', host: 'host', path: '/coupons.db', sinceMs: 0, pid: null },
      log: () => undefined,
    }),
  );
  readers.push(reader);
  return reader;
}

const append = (partition: number, ...values: string[]) =>
  producer.send({ topic, messages: values.map((value) => ({ partition, value })) });

/** A worker that is busy with its first batch until it is told to finish. */
function keptBusy(reader: Reader): { readonly finish: () => void } {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  reader.onBatch = async ({ partition, nextOffset }, assignment) => {
    await finished;
    assignment.advance(partition, nextOffset);
  };
  return {
    finish: () => {
      finish();
    },
  };
}

test('heartbeats go on while the worker waits for longer than the session timeout', async () => {
  const SESSION_MS = 6000;
  const LONGEST_HEARTBEAT_MS = 1000;
  await append(0, 'a');
  const reader = newReader(SESSION_MS);
  const busy = keptBusy(reader);
  reader.start();
  await eventually(() => reader.batches.length === 1);
  // A fault that does nothing counts them.
  const heartbeats = broker.faults.add({ api: 'Heartbeat' });
  await eventually(() => heartbeats.hits > (1.5 * SESSION_MS) / LONGEST_HEARTBEAT_MS);
  const { members } = (await admin.describeGroups([group])).groups[0] ?? { members: [] };
  expect(members).toHaveLength(1);
  expect(reader.assignment?.signal.aborted).toBe(false);

  busy.finish();
  await append(0, 'b');
  await eventually(() => reader.values(0).length === 2);
  expect(reader.values(0)).toEqual(['a', 'b']);
  expect(reader.assignments).toHaveLength(1);
});

test.each(['close', 'NOT_COORDINATOR'] as const)(
  'a heartbeat that fails once with %s while the worker is busy takes no partition away',
  async (error) => {
    await append(0, 'a');
    const reader = newReader();
    const busy = keptBusy(reader);
    reader.start();
    await eventually(() => reader.batches.length === 1);
    const fault = broker.faults.add({ api: 'Heartbeat', error, count: 1 });
    await eventually(() => fault.hits === 1);
    const later = broker.faults.add({ api: 'Heartbeat' });
    await eventually(() => later.hits > 2);
    expect(reader.partitions).toEqual([0, 1]);

    busy.finish();
    await append(0, 'b');
    await append(1, 'x');
    await eventually(() => reader.values(0).includes('b') && reader.values(1).includes('x'));
    expect(reader.assignments).toHaveLength(1);
  },
);

test('a member joins again where only the heartbeat beside a busy worker hears of the rebalance', async () => {
  await append(0, 'a');
  const reader = newReader();
  const busy = keptBusy(reader);
  reader.start();
  await eventually(() => reader.batches.length === 1);
  // A coordinator that takes over has the group as it was before the rebalance began.
  broker.faults.add({ api: 'Heartbeat', error: 'REBALANCE_IN_PROGRESS', count: 1 });
  await eventually(() => reader.assignment?.signal.aborted === true);
  const later = broker.faults.add({ api: 'Heartbeat' });
  await eventually(() => later.hits > 2);

  busy.finish();
  await append(1, 'x');
  await eventually(() => reader.values(1).includes('x'));
  expect(reader.assignments).toHaveLength(2);
});

test('a member joins again where its coordinator was still loading the group when it tried first', async () => {
  await append(0, 'a');
  const reader = newReader().start();
  await eventually(() => reader.values(0).length === 1);
  broker.faults.add({ api: 'JoinGroup', error: 'COORDINATOR_LOAD_IN_PROGRESS', count: 2 });
  broker.faults.add({ api: 'Heartbeat', error: 'REBALANCE_IN_PROGRESS', count: 1 });
  await eventually(() => reader.assignment?.signal.aborted === true);
  await append(1, 'x');
  await eventually(() => reader.values(1).includes('x'));
  expect(reader.assignments).toHaveLength(2);
});

test('a member that is still joining leaves at once, and takes no partition', async () => {
  await append(0, 'a');
  const first = newReader();
  const busy = keptBusy(first);
  first.start();
  await eventually(() => first.batches.length === 1);

  // The coordinator lets nobody in before the first member has ended its batch and joins again.
  const second = newReader().start();
  await eventually(() => first.assignment?.signal.aborted === true);
  await second.member.stop();
  expect(second.assignments).toEqual([]);

  busy.finish();
  await eventually(() => first.partitions.length === 2);
});

describe('a member goes on, and reads everything once and in order', () => {
  const values = Array.from({ length: 30 }, (_unused, index) => `value ${String(index)}`);

  test.each([
    ['the coordinator moves', { api: 'Heartbeat', error: 'NOT_COORDINATOR', count: 3 }],
    ['the coordinator is not available', { api: 'JoinGroup', error: 'COORDINATOR_NOT_AVAILABLE' }],
    ['no coordinator is found', { api: 'FindCoordinator', error: 'COORDINATOR_NOT_AVAILABLE' }],
    [
      'the coordinator has forgotten it',
      { api: 'Heartbeat', error: 'UNKNOWN_MEMBER_ID', count: 1 },
    ],
    ['a leader moves', { api: 'Fetch', error: 'NOT_LEADER_OR_FOLLOWER', count: 3 }],
    ['connections are closed', { api: 'Fetch', error: 'close', count: 4 }],
    ['the coordinator closes connections', { api: 'JoinGroup', error: 'close', count: 3 }],
    ['commits are refused', { api: 'OffsetCommit', error: 'COORDINATOR_NOT_AVAILABLE', count: 4 }],
  ] as const)('where %s', async (_what, fault) => {
    const reader = newReader();
    // What is durable in the store is what a member starts with again.
    const positions = new Map<number, bigint>();
    reader.startOf = (partition) => positions.get(partition) ?? 0n;
    reader.onBatch = ({ partition, nextOffset }, assignment) => {
      if (assignment.signal.aborted) return;
      positions.set(partition, nextOffset);
      assignment.advance(partition, nextOffset);
    };
    const early = fault.api === 'JoinGroup' || fault.api === 'FindCoordinator';
    const injected = early ? broker.faults.add({ count: 4, ...fault }) : null;
    reader.start();
    await append(0, ...values.slice(0, 10));
    await eventually(() => reader.values(0).length === 10, { deadlineMs: 60_000 });
    const later = early ? null : broker.faults.add({ ...fault });
    await append(0, ...values.slice(10, 20));
    await eventually(() => reader.values(0).length >= 20, { deadlineMs: 60_000 });
    await eventually(() => (injected ?? later)?.hits !== 0);
    await append(0, ...values.slice(20));
    await eventually(() => reader.values(0).length >= 30, { deadlineMs: 60_000 });
    expect(reader.values(0)).toEqual(values);
    expect(reader.failures).toEqual([]);
    await eventually(async () => {
      const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      return found?.partitions.find(({ partition }) => partition === 0)?.offset === '30';
    });
  });
});

test('a first commit that is refused is reported; the partition is read once one is taken', async () => {
  const fault = broker.faults.add({ api: 'OffsetCommit', error: 'KAFKA_STORAGE_ERROR' });
  await append(0, 'a');
  const reader = newReader().start();
  await eventually(() => reader.commits.length > 1);
  expect(reader.commits).not.toContain(null);
  expect(reader.batches).toEqual([]);

  fault.remove();
  await eventually(() => reader.values(0).length === 1);
  expect(reader.commits).toContain(null);
  expect(reader.failures).toEqual([]);
});

test('a later commit that is refused is reported, and the records are read meanwhile', async () => {
  await append(0, 'a');
  const reader = newReader().start();
  await eventually(() => reader.commits.includes(null));
  const fault = broker.faults.add({ api: 'OffsetCommit', error: 'KAFKA_STORAGE_ERROR' });
  await append(0, 'b');
  await eventually(() => reader.commits.at(-1) instanceof Error);
  expect(reader.values(0)).toEqual(['a', 'b']);

  fault.remove();
  await eventually(() => reader.commits.at(-1) === null);
});

test('a rebalance in the middle of a commit is no refusal', async () => {
  await append(0, 'a');
  const fault = broker.faults.add({ api: 'OffsetCommit', error: 'REBALANCE_IN_PROGRESS' });
  const reader = newReader().start();
  await eventually(() => fault.hits > 1);
  expect(reader.commits).toEqual([]);
});

test('a partition without a leader keeps no other from being read, and is read when it has one', async () => {
  await append(0, 'a');
  await append(1, 'x');
  const fault = broker.faults.add({
    api: 'Metadata',
    topic,
    partition: 1,
    error: 'LEADER_NOT_AVAILABLE',
  });
  const reader = newReader().start();
  await eventually(() => reader.values(0).length === 1);
  expect(reader.values(1)).toEqual([]);
  expect(reader.partitions).toEqual([0, 1]);

  fault.remove();
  await eventually(() => reader.values(1).length === 1);
  expect(reader.failures).toEqual([]);
});

test('a user who may not join the group ends the member', async () => {
  broker.faults.add({ api: 'JoinGroup', error: 'GROUP_AUTHORIZATION_FAILED' });
  const reader = newReader().start();
  await eventually(() => reader.failures.length > 0);
  expect(reader.failures[0]).toMatchObject({ code: 'GROUP_AUTHORIZATION_FAILED' });
});
