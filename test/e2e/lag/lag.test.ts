import { beforeEach, describe, expect, it } from 'vitest';
import { ORDER_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

describe('lag', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  const lag = (...args: readonly string[]) => pipeline.json(contract.lag, ['lag', ...args]);
  /** Twelve campaigns reach every partition. */
  const requests = (records: number) =>
    Array.from({ length: records }, (_unused, index) => request(1 + (index % 12), index + 1));

  it('is what Kafka itself says of committed and end offsets', async () => {
    await pipeline.send(requests(60));
    await pipeline.json(contract.consumed, ['consume', '--max-records', '25']);
    const report = await lag();

    const ends = await pipeline.admin.fetchTopicOffsets(REQUEST_TOPIC);
    const [committed] = await pipeline.admin.fetchOffsets({
      groupId: 'coupon-issue-group',
      topics: [REQUEST_TOPIC],
    });
    const expected = ends
      .map(({ partition, high, low }) => {
        const offset =
          committed?.partitions.find((each) => each.partition === partition)?.offset ?? '-1';
        const from = offset === '-1' ? low : offset;
        return {
          partition,
          committedOffset: offset === '-1' ? null : offset,
          endOffset: high,
          lag: Number(high) - Number(from),
        };
      })
      .sort((a, b) => a.partition - b.partition);
    expect(
      report.partitions.map(({ partition, committedOffset, endOffset, lag: records }) => ({
        partition,
        committedOffset,
        endOffset,
        lag: records,
      })),
    ).toEqual(expected);
    expect(report.totalLag).toBe(35);
    expect(report).toMatchObject({ status: 'STOPPED', members: 0, trend: null });
  });

  it('tells how long the oldest waiting request has waited', async () => {
    const anHourAgo = String(Date.now() - 3_600_000);
    await pipeline.send([{ ...request(1, 1), timestamp: anHourAgo }, request(1, 2)]);
    const waiting = (await lag()).partitions.filter((partition) => partition.lag > 0);
    expect(waiting).toHaveLength(1);
    expect(waiting[0]?.timeLagMs).toBeGreaterThanOrEqual(3_600_000);
  });

  it('has no waiting time where a timestamp is no instant, and names the producer that writes seconds', async () => {
    const seconds = String(Math.floor(Date.now() / 1000));
    const timestamps = ['-1', '0', seconds];
    await pipeline.send(
      timestamps.map((timestamp, partition) => ({
        ...request(1, partition + 1),
        partition,
        timestamp,
      })),
    );
    const report = await lag();
    expect(report.partitions.map(({ lag: behind, timeLagMs }) => [behind, timeLagMs])).toEqual([
      [1, null],
      [1, null],
      [1, null],
    ]);
    expect(report.noteCodes).toContain('TIMESTAMP_UNIT');
    expect(report.notes.join('\n')).toContain('timestamps in seconds');
    const advice = await pipeline.json(contract.advice, ['advise', '--observe', '1']);
    expect(advice.findings.map(({ code }) => code)).not.toContain('RETENTION_RISK');
  });

  it('of a group that does not exist is the whole log', async () => {
    await pipeline.send(requests(5));
    const report = await lag('--group', 'coupon-nobody');
    expect(report).toMatchObject({ group: 'coupon-nobody', totalLag: 5, status: 'STOPPED' });
    expect(report.partitions.map(({ committedOffset }) => committedOffset)).toEqual([
      null,
      null,
      null,
    ]);
    expect(await pipeline.groups()).toEqual([]);
  });

  it('is measured on another topic where one is named', async () => {
    await pipeline.send([{ key: '1', value: 'an order' }], ORDER_TOPIC);
    const report = await lag('--topic', ORDER_TOPIC);
    expect(new Set(report.partitions.map(({ topic }) => topic))).toEqual(new Set([ORDER_TOPIC]));
    expect(report.totalLag).toBe(1);
  });

  it('fails the check with exit code 3 only above the limit', async () => {
    await pipeline.send(requests(5));
    expect(await pipeline.json(contract.lag, ['lag', '--fail-above', '5'])).toMatchObject({
      totalLag: 5,
    });
    const failed = await pipeline.json(contract.lag, ['lag', '--fail-above', '4'], { code: 3 });
    expect(failed.totalLag).toBe(5);
  });

  it('names the member that reads each partition, and cautions above the limit', async () => {
    const running = pipeline.start(['consume', '--progress', 'json', '--output', 'json']);
    await pipeline.send(requests(12));
    await running.waitFor(/"records":12,.*"lag":0\}/);
    const report = await lag();
    expect(report).toMatchObject({ state: 'Stable', members: 3, status: 'OK' });
    expect(new Set(report.partitions.map(({ clientId }) => clientId))).toEqual(
      new Set(['coupons-single-1', 'coupons-single-2', 'coupons-single-3']),
    );
    for (const { host } of report.partitions) expect(host).toBe('127.0.0.1');
    running.kill('SIGTERM');
    await running.exit;
  });

  it('counts only what retention has left', async () => {
    await pipeline.send(Array.from({ length: 10 }, (_unused, index) => request(1, index + 1)));
    const ends = await pipeline.admin.fetchTopicOffsets(REQUEST_TOPIC);
    const partition = ends.find(({ high }) => high === '10')?.partition ?? 0;
    await pipeline.admin.deleteTopicRecords({
      topic: REQUEST_TOPIC,
      partitions: [{ partition, offset: '4' }],
    });
    const report = await lag();
    expect(report.totalLag).toBe(6);
    expect(report.partitions[partition]).toMatchObject({ startOffset: '4', endOffset: '10' });
  });
});
