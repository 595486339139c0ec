import { Partitioners } from 'kafkajs';
import { beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { kafkaLogDirs } from '../../support/broker/kafka-log-dirs.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

const COUPONS = Array.from({ length: 20 }, (_unused, index) => index + 1);

/** More replicas than any cluster of these tests has brokers. */
const TOO_MANY_REPLICAS = ['topics', 'create', '--replication-factor', '9'];

describe('topics for an operator on call', () => {
  const pipeline = usePipeline();
  const alter = (...args: readonly string[]) => ['topics', 'alter', REQUEST_TOPIC, ...args];

  it('are refused before the first one is made where the cluster has too few brokers', async () => {
    await pipeline.reset({ partitions: null });
    expect(await pipeline.failure(TOO_MANY_REPLICAS)).toMatchObject({
      exitCode: 1,
      code: 'TOO_FEW_BROKERS',
    });
    expect(await pipeline.admin.listTopics()).not.toContain(REQUEST_TOPIC);
  });

  it('are shown as planned by a dry run that says what would be refused', async () => {
    await pipeline.reset({ partitions: null });
    const args = [...TOO_MANY_REPLICAS, '--dry-run'];
    const planned = await pipeline.json(contract.topicsCreated, args);
    expect(planned.topics.map(({ status }) => status)).toEqual(['planned', 'planned', 'planned']);
    expect(planned.refusal).toMatchObject({ code: 'TOO_FEW_BROKERS' });
    const { stdout, stderr } = await pipeline.run(args);
    expect(stdout).toMatch(/coupon-issue-requests +3 +9 +planned/);
    expect(stderr).toContain('Without --dry-run: Replication factor 9 needs 9 brokers');
  });

  it('are never made so that nobody could write to them', async () => {
    await pipeline.reset({ partitions: null });
    await pipeline.json(contract.topicsCreated, [
      ...['topics', 'create', '--profile', 'production', '--replication-factor', '1'],
    ]);
    const produced = await pipeline.run(['produce', '--coupon', '1', '--count', '3']);
    expect(produced.code).toBe(0);
  });

  describe('that exist', () => {
    beforeEach(() => pipeline.reset());

    it('come with the command that makes them as the profile wants them', async () => {
      const { topics } = await pipeline.json(contract.topicsCreated, [
        ...['topics', 'create', '--profile', 'production', '--dry-run'],
      ]);
      const mends = new Map(
        topics[0]?.differences.map(({ property, mend }) => [property, mend] as const),
      );
      expect(mends.get('partitions')).toBe(
        'coupons topics alter coupon-issue-requests --partitions 6 --wait-drained',
      );
      expect(mends.get('message.timestamp.type')).toMatch(
        /^kafka-configs .*--add-config message\.timestamp\.type=LogAppendTime$/,
      );
      expect(mends.get('min.insync.replicas')).toMatch(
        /^only when the replication factor is raised/,
      );
    });

    it('of Kafka itself are left alone', async () => {
      const refused = await pipeline.failure([
        ...['topics', 'alter', '__consumer_offsets', '--partitions', '99', '--yes'],
      ]);
      expect(refused).toMatchObject({ code: 'INTERNAL_TOPIC', exitCode: 1 });
    });

    it('are described with leader, in-sync replicas and retention, within 80 columns', async () => {
      const { stdout } = await pipeline.run(['topics', 'describe', REQUEST_TOPIC]);
      expect(stdout).toMatch(/^coupon-issue-requests {2}3 partitions .* retention 7 days$/m);
      expect(stdout).toMatch(/^PARTITION {2}LEADER {2}REPLICAS {2}IN SYNC /m);
      expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    });

    it('are described and listed with their sizes', async () => {
      const describeRequests = async () => {
        const args = ['topics', 'describe', REQUEST_TOPIC];
        const { topics } = await pipeline.json(contract.topicsDescribed, args);
        return topics[0];
      };
      expect(await describeRequests()).toMatchObject({ sizeBytes: 0, sizeOnDiskBytes: 0 });

      const [large, campaign] = [100_000, 1];
      await pipeline.send([{ key: String(campaign), value: 'x'.repeat(large) }]);
      const described = await describeRequests();
      const sizes = described?.partitions.map(({ sizeBytes }) => sizeBytes) ?? [];
      const total = sizes[partitionOf(campaign, 3)] ?? Number.NaN;
      expect(total).toBeGreaterThan(large);
      expect(total).toBeLessThan(large + 100);
      expect(sizes.filter((bytes) => bytes !== total)).toEqual([0, 0]);
      expect(described).toMatchObject({ sizeBytes: total, sizeOnDiskBytes: total });
      if (pipeline.kind === 'kafka') {
        // Kafka's tools need Java, which tests on the embedded broker do not.
        expect(sizes).toEqual(await kafkaLogDirs(pipeline.brokers, REQUEST_TOPIC));
      }

      const { stdout } = await pipeline.run(['topics', 'list']);
      expect(stdout).toMatch(/^coupon-issue-requests +3 +1 +1 +98 KiB$/m);
    });

    it('name the campaigns that more partitions would move', async () => {
      await pipeline.send(COUPONS.map((couponId) => request(couponId, 1)));
      const altered = await pipeline.json(
        contract.topicAltered,
        alter('--partitions', '6', '--dry-run'),
      );
      const moved = COUPONS.filter((id) => partitionOf(id, 3) !== partitionOf(id, 6));
      const named = altered.warnings.find((warning) => warning.includes('sampled keys move'));
      expect(named?.match(/campaign \d+/g)).toHaveLength(Math.min(moved.length, 5));
      for (const [, id] of named?.matchAll(/campaign (\d+)/g) ?? []) {
        expect(moved).toContain(Number(id));
      }
      expect(altered.warnings.join('\n')).toContain('the first to ask may not be the first served');
    });

    it('are no backlog of a group that does not read them', async () => {
      await pipeline.send([{ key: '1', value: 'a dead letter' }], DLQ_TOPIC);
      const altered = await pipeline.json(contract.topicAltered, [
        ...['topics', 'alter', DLQ_TOPIC, '--partitions', '2', '--dry-run'],
      ]);
      expect(altered.lag).toBe(0);
    });

    it('get more partitions when the group has read everything, and then say it is safe', async () => {
      await pipeline.send(COUPONS.map((couponId) => request(couponId, 1)));
      const altering = pipeline.run(
        alter('--partitions', '6', '--wait-drained', '--yes', '--timeout', '60'),
      );
      await pipeline.drain();
      const { code, stdout, stderr } = await altering;
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/applied +yes/) as string,
      });
      expect(stderr).toMatch(/had read everything at \d\d:\d\d:\d\d UTC\./);
      expect(stderr).not.toContain('records to read');
    });

    it('have their new partitions read by running consumers within 30 s', async () => {
      await pipeline.send([request(1, 1)]);
      const running = pipeline.start(['consume', '--progress', 'json', '--output', 'json']);
      await running.waitFor(/"records":1,/);
      await pipeline.json(contract.topicAltered, alter('--partitions', '6', '--yes'));
      await pipeline.send(COUPONS.map((couponId) => request(couponId, 2)));
      expect(COUPONS.some((couponId) => partitionOf(couponId, 6) > 2)).toBe(true);
      await running.waitFor(/"records":21,/, { deadlineMs: 30_000 });
      running.kill('SIGTERM');
      expect((await running.exit).code).toBe(0);
    });
  });
});

/** As the Java client places a key. */
function partitionOf(couponId: number, partitions: number): number {
  return Partitioners.DefaultPartitioner()({
    topic: '',
    message: { key: String(couponId), value: null },
    partitionMetadata: Array.from({ length: partitions }, (_unused, partitionId) => ({
      partitionId,
      leader: 0,
      replicas: [],
      isr: [],
      partitionErrorCode: 0,
    })),
  });
}
