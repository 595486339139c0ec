import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Partitioners } from 'kafkajs';
import { beforeEach, describe, expect, it } from 'vitest';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

const script = fileURLToPath(new URL('../../../scripts/create-kafka-topics.sh', import.meta.url));
const COUPONS = Array.from({ length: 20 }, (_unused, index) => index + 1);

describe('topics', () => {
  const pipeline = usePipeline();
  const describeRequests = async () => {
    const { topics } = await pipeline.json(contract.topicsDescribed, [
      ...['topics', 'describe', REQUEST_TOPIC],
    ]);
    return topics[0];
  };

  describe('that do not exist yet', () => {
    beforeEach(() => pipeline.reset({ partitions: null }));

    it('are planned by a dry run, which makes none of them', async () => {
      const { topics } = await pipeline.json(contract.topicsCreated, [
        ...['topics', 'create', '--profile', 'production', '--dry-run'],
      ]);
      expect(
        topics.map(({ name, partitions, replicationFactor, status }) => ({
          name,
          partitions,
          replicationFactor,
          status,
        })),
      ).toEqual([
        { name: 'coupon-issue-requests', partitions: 6, replicationFactor: 3, status: 'planned' },
        { name: 'coupon-issue-dlq', partitions: 1, replicationFactor: 3, status: 'planned' },
        { name: 'order-created-events', partitions: 6, replicationFactor: 3, status: 'planned' },
      ]);
      expect(topics[0]?.config).toMatchObject({
        'retention.ms': '604800000',
        'min.insync.replicas': '2',
      });
      expect(topics[1]?.config).toMatchObject({ 'retention.ms': '2592000000' });
      expect(await pipeline.admin.listTopics()).not.toContain(REQUEST_TOPIC);
    });

    it('are made by scripts/create-kafka-topics.sh as well', async () => {
      const args = [script, '--brokers', pipeline.brokers, '--output', 'json'];
      const { stdout } = await promisify(execFile)('sh', args);
      const { topics } = contract.topicsCreated.parse(JSON.parse(stdout));
      expect(topics.map(({ name, status }) => [name, status])).toEqual([
        ['coupon-issue-requests', 'created'],
        ['coupon-issue-dlq', 'created'],
        ['order-created-events', 'created'],
      ]);
    });

    it('are made with the partitions that were asked for, and the missing ones alone', async () => {
      const create = ['topics', 'create', '--partitions', '5'];
      await pipeline.json(contract.topicsCreated, create);
      await pipeline.admin.deleteTopics({ topics: ['order-created-events'] });

      const { topics } = await pipeline.json(contract.topicsCreated, create);
      expect(topics.map(({ partitions, status }) => [partitions, status])).toEqual([
        [5, 'exists'],
        [1, 'exists'],
        [5, 'created'],
      ]);
    });
  });

  describe('that exist', () => {
    beforeEach(() => pipeline.reset());

    it('are told where they differ from the profile, and are left alone', async () => {
      const before = await describeRequests();
      const { topics } = await pipeline.json(contract.topicsCreated, [
        ...['topics', 'create', '--partitions', '6'],
      ]);
      expect(topics[0]).toMatchObject({
        partitions: 3,
        status: 'differs',
        differences: [{ property: 'partitions', actual: '3', expected: '6' }],
      });
      expect(await describeRequests()).toEqual(before);
    });

    it('are listed and described with the offsets of each partition', async () => {
      await pipeline.send(COUPONS.map((couponId) => request(couponId, 1)));
      const { topics } = await pipeline.json(contract.topicsDescribed, ['topics', 'list']);
      expect(topics.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['coupon-issue-dlq', 'coupon-issue-requests']),
      );
      const offsets = await pipeline.admin.fetchTopicOffsets(REQUEST_TOPIC);
      const described = await describeRequests();
      expect(
        described?.partitions.map(({ partition, startOffset, endOffset }) => ({
          partition,
          low: startOffset,
          high: endOffset,
        })),
      ).toEqual(
        offsets
          .map(({ partition, low, high }) => ({ partition, low, high }))
          .sort((a, b) => a.partition - b.partition),
      );
    });

    it('cannot have fewer partitions', async () => {
      expect(
        await pipeline.failure(['topics', 'alter', REQUEST_TOPIC, '--partitions', '2', '--yes']),
      ).toMatchObject({ exitCode: 1, code: 'FEWER_PARTITIONS' });
      expect((await describeRequests())?.partitions).toHaveLength(3);
    });

    it('stay as they are where they have that many partitions already', async () => {
      const altered = await pipeline.json(contract.topicAltered, [
        ...['topics', 'alter', REQUEST_TOPIC, '--partitions', '3', '--yes'],
      ]);
      expect(altered).toMatchObject({ from: 3, to: 3, applied: false, warnings: [] });
    });

    it('get more partitions only with a yes, and tell first which keys move', async () => {
      await pipeline.send(COUPONS.map((couponId) => request(couponId, 1)));
      const alter = ['topics', 'alter', REQUEST_TOPIC, '--partitions', '6'];

      const dryRun = await pipeline.json(contract.topicAltered, [...alter, '--dry-run']);
      const moved = COUPONS.filter(
        (couponId) => partitionOf(couponId, 3) !== partitionOf(couponId, 6),
      );
      expect(dryRun).toMatchObject({
        applied: false,
        keys: { sampled: COUPONS.length, moved: moved.length, movedKeys: moved.map(String) },
        lag: COUPONS.length,
      });
      expect(dryRun.warnings).toHaveLength(4);
      expect(await pipeline.failure(alter)).toMatchObject({ exitCode: 2, code: 'USAGE' });
      expect((await describeRequests())?.partitions).toHaveLength(3);

      const altered = await pipeline.json(contract.topicAltered, [...alter, '--yes']);
      expect(altered).toEqual({ ...dryRun, applied: true });
      expect((await describeRequests())?.partitions).toHaveLength(6);
    });

    it('are not altered while the group has not read them, if that was to be awaited', async () => {
      await pipeline.send([request(1, 1)]);
      const altered = await pipeline.json(
        contract.topicAltered,
        [
          ...['topics', 'alter', REQUEST_TOPIC, '--partitions', '6', '--wait-drained', '--yes'],
          ...['--timeout', '1'],
        ],
        { code: 3 },
      );
      expect(altered).toMatchObject({ applied: false, lag: 1 });
      expect((await describeRequests())?.partitions).toHaveLength(3);
    });

    it('are not awaited without a yes, nor for a plan', async () => {
      await pipeline.send([request(1, 1)]);
      const alter = [
        ...['topics', 'alter', REQUEST_TOPIC, '--partitions', '6', '--wait-drained'],
        // Longer than a test may take.
        ...['--timeout', '3600'],
      ];
      expect(await pipeline.failure(alter)).toMatchObject({ exitCode: 2, code: 'USAGE' });
      const planned = await pipeline.json(contract.topicAltered, [...alter, '--dry-run']);
      expect(planned).toMatchObject({ applied: false, lag: 1 });
    });
  });
});

/** As the Java client places a key. */
function partitionOf(couponId: number, partitions: number): number {
  return Partitioners.DefaultPartitioner()({
    topic: REQUEST_TOPIC,
    partitionMetadata: Array.from({ length: partitions }, (_unused, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 1,
      replicas: [1],
      isr: [1],
    })),
    message: { key: String(couponId), value: '' },
  });
}
