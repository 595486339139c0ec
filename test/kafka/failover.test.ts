/** Three brokers, replication factor 3, and one of them is killed or frozen in the middle. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import type { RunningCoupons } from '../support/command-line/cli.js';
import { resetTopics } from '../support/broker/cluster.js';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { kafkaAt } from '../support/broker/kafkajs-client.js';
import { letterOf } from '../support/letters.js';
import { Operator } from '../support/command-line/operator.js';
import { readTopic } from '../support/broker/read-topic.js';
import { request } from '../support/requests.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { startCluster, type RunningCluster } from './running-cluster.js';

/** Enough of them that each partition has some. */
const COUPONS = 12;
const LONG = { timeoutMs: 150_000 };

let cluster: RunningCluster;
let dataDir: string;
const operator = new Operator(() => ({
  COUPONS_BROKERS: cluster.brokers,
  COUPONS_DATA_DIR: dataDir,
}));

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  await cluster.heal();
  await resetTopics(cluster.brokers);
  dataDir = temporaryDir();
  await succeed('topics create --profile production --partitions 3');
  for (let coupon = 1; coupon <= COUPONS; coupon += 1) {
    await succeed(`campaigns create ${coupon} --stock 100`);
  }
});

async function succeed(command: string): Promise<void> {
  expect(await operator.run(command.split(' '), LONG), command).toMatchObject({ code: 0 });
}

/** A file of requests with an event id each, of all coupons in turn. */
function requestFile(requests: number): string {
  const lines = Array.from({ length: requests }, (_unused, index) =>
    request(1 + (index % COUPONS), 1 + index).value.toString(),
  );
  const path = join(temporaryDir(), 'requests.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

async function recordsIn(topic: string): Promise<number> {
  return cluster.look(async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  });
}

/** What `coupons` prints as JSON lines so far. */
function linesOf({ stdout }: RunningCoupons): readonly Record<string, unknown>[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Every event id in the request topic, one for each record. */
async function eventIds(): Promise<readonly string[]> {
  const kafka = kafkaAt(cluster.brokers.split(','));
  const admin = kafka.admin();
  await admin.connect();
  try {
    const records = await readTopic(kafka, admin, REQUEST_TOPIC);
    return records.map(
      ({ value }) => (JSON.parse(String(value)) as { readonly eventId: string }).eventId,
    );
  } finally {
    await admin.disconnect();
  }
}

/** Everything is consumed, and the log and the store agree. */
async function auditPasses(records: number): Promise<void> {
  await operator.json(contract.consumed, ['consume', '--mode', 'batch', '--until-drained'], LONG);
  const audit = await operator.json(contract.audit, ['audit'], LONG);
  expect(audit).toMatchObject({ verdict: 'PASS', records, unprocessed: 0 });
}

describe('produce', () => {
  const REQUESTS = 20_000;

  async function produceThrough(fail: (leader: number) => void): Promise<RunningCoupons> {
    const file = requestFile(REQUESTS);
    const running = operator.start(['produce', '--file', file, '--rate', '4000', '-o', 'json']);
    await eventually(async () => (await recordsIn(REQUEST_TOPIC)) > 2000);
    fail(await cluster.leaderOf(REQUEST_TOPIC, 0));
    expect(await running.exit, running.stdout).toMatchObject({ code: 0 });
    const produced = contract.produced.parse(JSON.parse(running.stdout));
    expect(produced).toMatchObject({ requested: REQUESTS, acknowledged: REQUESTS, failed: 0 });
    return running;
  }

  it('loses and doubles nothing when a leader is killed', async () => {
    await produceThrough((leader) => {
      cluster.kill(leader);
    });
    await auditPasses(REQUESTS);
    await cluster.heal();
    const ids = await eventIds();
    expect([ids.length, new Set(ids).size]).toEqual([REQUESTS, REQUESTS]);
  });

  it('goes on when others have taken over from a leader that froze, and names one that is silent', async () => {
    const running = await produceThrough((leader) => {
      cluster.freeze(leader);
    });
    // The frozen one, or a leader whose in-sync replica it is: that one is silent as well until it has left.
    expect(running.stderr).toMatch(/broker \d at \S+ does not answer/);
    await auditPasses(REQUESTS);
    await cluster.heal();
    // Until it knows that others lead, a leader that has thawed answers with the end it had before.
    await eventually(async () => {
      const ids = await eventIds();
      expect([ids.length, new Set(ids).size]).toEqual([REQUESTS, REQUESTS]);
    });
  });

  it('ends at ctrl-C while it waits for a leader, and at its limit, with what was acknowledged', async () => {
    const args = ['produce', '--file', requestFile(REQUESTS), '--rate', '2000', '-o', 'json'];
    const interrupted = operator.start(args);
    const late = operator.start([...args, '--delivery-timeout', '4']);
    await eventually(async () => (await recordsIn(REQUEST_TOPIC)) > 2000);
    cluster.freeze(await cluster.leaderOf(REQUEST_TOPIC, 0));
    await eventually(() => interrupted.stderr.includes('does not answer'));
    interrupted.kill('SIGINT');
    expect((await interrupted.exit).code).toBe(130);
    expect((await late.exit).code).toBe(4);
    const results = [interrupted, late].map(({ stdout }) =>
      contract.produceFailed.parse(JSON.parse(stdout)),
    );
    expect(results.map(({ error }) => error.code)).toEqual(['INTERRUPTED', 'BROKER_TIMEOUT']);
    expect(results[1]?.error.message).toMatch(/within 4 s \(--delivery-timeout\): .*broker \d at/);
    for (const { acknowledged, failed } of results) {
      expect(acknowledged).toBeGreaterThan(0);
      expect(acknowledged + failed).toBe(REQUESTS);
    }
    const acknowledged = results.reduce((sum, result) => sum + result.acknowledged, 0);
    await cluster.heal();
    expect(await recordsIn(REQUEST_TOPIC)).toBeGreaterThanOrEqual(acknowledged);
  });
});

it('consume decides everything, without a dead letter, when a leader and coordinator is killed', async () => {
  const requests = 8000;
  const consumer = operator.start(['consume', '--mode', 'batch', '-o', 'json']);
  const producer = operator.start(['produce', '--file', requestFile(requests), '--rate', '800']);
  await eventually(async () => (await recordsIn(REQUEST_TOPIC)) > 1500);
  // Each of the three brokers leads one of the three partitions.
  cluster.kill(await cluster.leaderOf('__consumer_offsets', 0));
  expect(await producer.exit).toMatchObject({ code: 0 });
  await succeed('lag --wait --timeout 90');
  consumer.kill('SIGINT');
  expect(await consumer.exit, consumer.stderr).toMatchObject({ code: 0 });
  await auditPasses(requests);
  const letters = await operator.json(contract.dlqCount, ['dlq', 'count']);
  expect(letters.count).toBe(0);
});

it('lag answers and its watch goes on, as does peek --follow, when a coordinator is killed', async () => {
  await succeed(`produce --file ${requestFile(240)}`);
  await auditPasses(240);
  await succeed(`produce --coupon 1 --count 30 --first-user 5000`);
  const watch = operator.start(['lag', '--watch', '--interval', '0.5', '-o', 'json']);
  const follow = operator.start(['dlq', 'peek', '--follow', '-o', 'json']);
  await eventually(() => linesOf(watch).length > 0 && follow.stderr.includes('Following'));
  const coordinator = await cluster.leaderOf('__consumer_offsets', 0);
  cluster.kill(coordinator);
  const killedAt = new Date().toISOString();

  const answer = await operator.json(contract.lag, ['lag', '--timeout', '30'], LONG);
  expect(answer.totalLag).toBe(30);
  await succeed(`produce --coupon 1 --count 2 --poison 100`);
  const drained = ['consume', '--mode', 'batch', '--until-drained', '--timeout', '30'];
  await operator.json(contract.consumed, drained, LONG);
  await eventually(
    () => linesOf(watch).some(({ at, totalLag }) => String(at) > killedAt && totalLag === 0),
    { deadlineMs: 60_000 },
  );
  await eventually(() => linesOf(follow).length === 2, { deadlineMs: 60_000 });
  for (const running of [watch, follow]) {
    running.kill('SIGINT');
    expect(await running.exit, running.stderr).toMatchObject({ code: 0 });
  }
  await auditPasses(272);
});

it('dlq replay sends each dead letter once when a leader is killed', async () => {
  const letters = 2000;
  const producer = kafkaAt(cluster.brokers.split(',')).producer();
  await producer.connect();
  const messages = Array.from({ length: letters }, (_unused, index) =>
    letterOf(request(1 + (index % COUPONS), 1 + index)),
  );
  while (messages.length > 0) {
    await producer.send({ topic: DLQ_TOPIC, messages: messages.splice(0, 200) });
  }
  await producer.disconnect();

  const replay = ['dlq', 'replay', '--yes', '--include-rejected'];
  const running = operator.start([...replay, '-o', 'json', '--rate', '400']);
  await eventually(async () => (await recordsIn(REQUEST_TOPIC)) > 300);
  cluster.kill(await cluster.leaderOf(REQUEST_TOPIC, 0));
  expect(await running.exit, running.stdout).toMatchObject({ code: 0 });
  const replayed = contract.dlqReplayed.parse(JSON.parse(running.stdout));
  expect(replayed).toMatchObject({ selected: letters, replayed: letters });
  const again = await operator.json(contract.dlqReplayed, replay, LONG);
  expect(again).toMatchObject({ replayed: 0, skipped: letters });
  await auditPasses(letters);
  await cluster.heal();
  const ids = await eventIds();
  expect([ids.length, new Set(ids).size]).toEqual([letters, letters]);
});
