import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { BrokerProcess } from '../../support/broker/broker-process.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { kafkaAt } from '../../support/broker/kafkajs-client.js';
import { Operator } from '../../support/command-line/operator.js';
import { usePipeline } from '../../support/pipeline.js';
import type { TopicRecord } from '../../support/broker/read-topic.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const COUPONS = Array.from({ length: 24 }, (_unused, index) => index + 1);

interface Sent {
  readonly eventId: string;
  readonly couponId: number;
  readonly userId: number;
}

describe('produce', () => {
  const pipeline = usePipeline();
  const produce = (args: readonly string[], input = '') =>
    pipeline.json(contract.produced, ['produce', ...args], { input });

  beforeEach(() => pipeline.reset());

  it('counts what each partition acknowledged, as the log has it', async () => {
    const lines = COUPONS.flatMap((couponId) => [
      JSON.stringify({ couponId, userId: 1 }),
      JSON.stringify({ couponId, userId: 2 }),
    ]);
    const produced = await produce(['--file', '-'], lines.join('\n'));
    expect(produced).toMatchObject({ requested: 48, acknowledged: 48, failed: 0 });
    const offsets = await pipeline.admin.fetchTopicOffsets(REQUEST_TOPIC);
    expect(produced.partitions).toEqual(
      offsets
        .map(({ partition, high }) => ({ partition, acknowledged: Number(high) }))
        .sort((a, b) => a.partition - b.partition),
    );
  });

  it('sends a campaign to the partition that Java and kafkajs producers choose', async () => {
    const lines = COUPONS.map((couponId) => JSON.stringify({ couponId, userId: 1 }));
    await produce(['--file', '-'], lines.join('\n'));
    await pipeline.send(COUPONS.map((couponId) => ({ key: String(couponId), value: 'kafkajs' })));
    const records = await pipeline.records();
    for (const couponId of COUPONS) {
      const own = records.filter(({ key }) => key === String(couponId));
      expect(own).toHaveLength(2);
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
    }
    // murmur2("21") is -973932308 in the tests of Kafka's own Utils; without its sign, modulo 3.
    expect(records.find(({ key }) => key === '21')?.partition).toBe(0);
  });

  it('asks before it sends generated load to another machine, and needs --yes in a pipe', async () => {
    // Of TEST-NET-1: it does not answer.
    const elsewhere = ['--brokers', '127.0.0.1:1,192.0.2.1:9092', '--timeout', '1'];
    const generated = ['produce', '--coupon', '1', '--count', '1000', ...elsewhere];
    const refused = await pipeline.run(generated);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('Send 1,000 generated requests for coupon 1? There is no');
    expect((await pipeline.run([...generated, '--yes'])).code).toBe(4);
    const file = ['produce', '--file', '-', ...elsewhere];
    const sent = await pipeline.run(file, { input: '{"couponId":1,"userId":1}' });
    expect(sent.code).toBe(4);
    expect(sent.stderr).not.toContain('There is no terminal');
  });

  it('warns of a campaign by which every request will be rejected', async () => {
    const warning = async (...terms: readonly string[]) => {
      if (terms.length > 0) await pipeline.run(['campaigns', 'update', '7', ...terms]);
      const { code, stderr } = await pipeline.run(['produce', '--coupon', '7']);
      expect(code).toBe(0);
      return /warning: (.*)/.exec(stderr)?.[1];
    };
    expect(await warning()).toBeUndefined();
    await pipeline.run(['campaigns', 'create', '1', '--stock', '1']);
    expect(await warning()).toMatch(/^Coupon 7 has no campaign in .*: .* rejected as NOT_FOUND\.$/);
    await pipeline.run(['campaigns', 'create', '7', '--stock', '1']);
    expect(await warning()).toBeUndefined();
    expect(await warning('--status', 'inactive')).toMatch(/^Campaign 7 is INACTIVE: /);
    const future = ['--status', 'active', '--valid-from', '2999-01-01'];
    expect(await warning(...future)).toMatch(/^Campaign 7 begins at 2999-01-01 00:00:00 UTC: /);
    const past = ['--valid-from', '2020-01-01', '--valid-until', '2020-01-02'];
    expect(await warning(...past)).toMatch(/^Campaign 7 ended at 2020-01-02 00:00:00 UTC: /);
    expect(await warning('--valid-until', '2999-01-01', '--stock', '0')).toMatch(
      /^Campaign 7 has no stock left \(0 of 0 issued\): .* rejected as SOLD_OUT\.$/,
    );
  });

  it('sends exactly the shares of duplicates and of malformed requests', async () => {
    const produced = await produce([
      ...['--coupon', '5', '--count', '400', '--first-user', '1000'],
      ...['--duplicates', '10%', '--poison', '2.5'],
    ]);
    expect(produced.acknowledged).toBe(400);
    const requests = requestsOf(await pipeline.records());
    expect(requests).toHaveLength(390);
    expect(new Set(requests.map(({ eventId }) => eventId)).size).toBe(390);
    const users = new Set(requests.map(({ userId }) => userId));
    expect(users.size).toBe(350);
    expect([Math.min(...users), Math.max(...users)]).toEqual([1000, 1349]);
  });

  it('sends the same users in the same order for the same seed', async () => {
    const seeded = async (couponId: string, seed: string) => {
      await produce([
        ...['--coupon', couponId, '--count', '50', '--duplicates', '40', '--seed', seed],
      ]);
      const records = await pipeline.records();
      const own = records.filter(({ key }) => key === couponId);
      return requestsOf(own).map(({ userId }) => userId);
    };
    const first = await seeded('1', '7');
    expect(await seeded('2', '7')).toEqual(first);
    expect(await seeded('3', '8')).not.toEqual(first);
  });

  it('never sends faster than the rate', async () => {
    const produced = await produce(['--coupon', '1', '--count', '40', '--rate', '40']);
    expect(produced.elapsedMs).toBeGreaterThanOrEqual(990);
    expect(produced.perSecond).toBeLessThanOrEqual(41);
  });

  it('fills in what a line of a file does not say, and keeps what it does', async () => {
    const file = join(temporaryDir(), 'requests.csv');
    await writeFile(file, '\uFEFFcouponId,userId,eventId,note\r\n3,5,mine,"a, b"\r\n3,6,,\r\n');
    expect(await produce(['--file', file])).toMatchObject({ requested: 2, acknowledged: 2 });
    const [first, second] = requestsOf(await pipeline.records());
    expect(first).toMatchObject({
      eventId: 'mine',
      eventType: 'COUPON_ISSUE_REQUESTED',
      couponId: 3,
      userId: 5,
      note: 'a, b',
    });
    expect(second?.eventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('says how far it came when it is interrupted', async () => {
    const running = pipeline.start([
      ...['produce', '--coupon', '1', '--count', '100000', '--rate', '200', '--output', 'json'],
    ]);
    await eventually(async () => (await ends(pipeline.brokers)) > 0);
    running.kill('SIGINT');
    expect((await running.exit).code).toBe(130);
    const { acknowledged, failed, error } = contract.produceFailed.parse(
      JSON.parse(running.stdout),
    );
    expect(error.code).toBe('INTERRUPTED');
    expect(acknowledged).toBe(await ends(pipeline.brokers));
    expect(acknowledged + failed).toBe(100_000);
  });

  it('says how far it came when its broker dies', async () => {
    const broker = new BrokerProcess();
    await broker.start();
    const env = { COUPONS_DATA_DIR: temporaryDir(), COUPONS_BROKERS: broker.address };
    const user = new Operator(() => env);
    await user.json(contract.topicsCreated, ['topics', 'create']);

    const running = user.start([
      ...['produce', '--coupon', '1', '--count', '100000', '--rate', '200', '--output', 'json'],
      ...['--delivery-timeout', '3'],
    ]);
    // Some of them are acknowledged by then.
    await eventually(async () => (await ends(broker.address)) > 100);
    await broker.kill();
    expect((await running.exit).code).toBe(4);
    // The leader is missed first, or the cluster's only broker: it is the same one.
    expect(running.stderr).toMatch(/waiting for a (leader of partition \d|broker of the cluster)/);
    const { acknowledged, failed, error } = contract.produceFailed.parse(
      JSON.parse(running.stdout),
    );
    expect(error.code).toBe('BROKER_UNREACHABLE');
    expect(acknowledged).toBeGreaterThan(0);
    expect(acknowledged + failed).toBe(100_000);
  });
});

/** How many records the request topic holds. */
async function ends(brokers: string): Promise<number> {
  const admin = kafkaAt(brokers.split(',')).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(REQUEST_TOPIC);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  } finally {
    await admin.disconnect();
  }
}

/** The records that are requests; poison is left out. */
function requestsOf(records: readonly TopicRecord[]): readonly Sent[] {
  return records.flatMap(({ value }) => {
    try {
      const sent = JSON.parse(value?.toString() ?? '') as Sent;
      const isRequest = typeof sent.eventId === 'string' && sent.userId > 0;
      return isRequest ? [sent] : [];
    } catch {
      return [];
    }
  });
}
