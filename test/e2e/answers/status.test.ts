/** What is going on, on a real pipeline: one word, why, and what to do next. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import type { Run } from '../../support/command-line/cli.js';
import * as contract from '../../support/json-contract/contract.js';
import { STORES, usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

describe.each(STORES)('status on %s', (store) => {
  const pipeline = usePipeline({ store });
  beforeEach(() => pipeline.reset());

  /** With time enough for a machine that is busy. */
  const run = (...args: readonly string[]) =>
    pipeline.run(['status', '--timeout', '30', '-o', 'json', ...args]);
  const read = (result: Run) => contract.status.parse(result.json());
  const codes = (result: Run) => read(result).findings.map(({ code }) => code);

  it('says that topics are missing, then that no member reads, and at last that all is well', async () => {
    await pipeline.run(['campaigns', 'create', '1', '--stock', '3']);
    const idle = await run();
    expect([idle.code, read(idle).verdict, codes(idle)]).toEqual([0, 'CAUTION', ['NO_SUCH_GROUP']]);

    await pipeline.send([1, 2, 3, 4, 5].map((user) => request(1, user)));
    const waiting = await run();
    expect([waiting.code, read(waiting).verdict]).toEqual([3, 'CRITICAL']);
    expect(read(waiting).findings[0]).toMatchObject({
      code: 'NO_SUCH_GROUP',
      command: 'coupons consume --concurrency 3',
    });

    const consumer = pipeline.start(['consume', '--concurrency', '2']);
    // A test that fails must leave no member behind for the next one.
    onTestFinished(() => {
      consumer.kill('SIGKILL');
    });
    // Its members may have joined before they have read.
    const state = async () => {
      const { verdict, group, campaigns } = read(await run());
      return [verdict, group?.totalLag, campaigns?.mostActive[0]?.decided];
    };
    await expect.poll(state, { timeout: 60_000, interval: 200 }).toEqual(['OK', 0, 5]);
    const result = await run();
    const report = read(result);
    expect(result.code).toBe(0);
    expect(report).toMatchObject({
      unread: [],
      topics: [{ name: REQUEST_TOPIC, partitions: 3, offline: [] }, { exists: true }],
      group: { state: 'Stable', members: 2, totalLag: 0 },
      campaigns: { total: 1, onSale: 0 },
      deadLetters: { total: 0, recent: 0 },
    });
    // The members of one process are one line, and it is the one that runs.
    expect(report.members).toHaveLength(1);
    expect(report.members?.[0]).toMatchObject({ pid: consumer.pid, mode: 'single' });
    expect(report.members?.[0]?.partitions).toHaveLength(3);
    expect(report.campaigns?.mostActive[0]).toMatchObject({
      ...{ couponId: 1, left: 0, issuedQuantity: 3, issuedPerMinute: 3, decided: 5 },
    });
    expect(report.campaigns?.mostActive[0]?.soldOutAt).not.toBeNull();
    expect(report.store?.partitions.filter(({ nextOffset }) => nextOffset === '5')).toHaveLength(1);
    consumer.kill('SIGTERM');
    await consumer.exit;
  });

  it('shows Kafka without a store, and is not OK', async () => {
    const result = await run('--store', join(pipeline.dataDir, 'none.db'));
    const report = read(result);
    expect([result.code, report.verdict]).toEqual([4, 'UNKNOWN']);
    expect(report.unread.map(({ part }) => part)).toEqual(['store', 'campaigns', 'events']);
    expect(report.cluster?.brokers[0]).toMatchObject({ answers: true });
  });

  it('shows the store without a broker, and is not OK', async () => {
    await pipeline.run(['campaigns', 'create', '7', '--stock', '3']);
    const result = await run('--brokers', '127.0.0.1:1');
    const report = read(result);
    expect([result.code, report.verdict]).toEqual([4, 'UNKNOWN']);
    expect([report.cluster, report.group]).toEqual([null, null]);
    expect(report.campaigns?.mostActive[0]).toMatchObject({ couponId: 7, left: 3 });
    expect(report.findings[0]?.command).toContain('coupons doctor');
  });

  it('names dead letters by their reasons, and the last audit', async () => {
    await pipeline.run(['campaigns', 'create', '1', '--stock', '3']);
    await pipeline.send([request(1, 1), { key: '1', value: '{' }]);
    await pipeline.run(['consume', '--until-drained']);
    await pipeline.run(['audit']);
    const report = read(await run());
    expect(report.deadLetters).toMatchObject({
      ...{
        total: 1,
        replayed: 0,
        recent: 1,
        latest: [{ reasonCode: 'MALFORMED_JSON', letters: 1 }],
      },
    });
    expect(report.events?.lastAudit).toMatchObject({ kind: 'AUDITED', verdict: 'PASS' });
    expect(report.events?.recent.map(({ kind }) => kind)).toContain('CONSUMER_STARTED');
    expect(report.findings.map(({ code }) => code)).toEqual(['NO_MEMBERS', 'LETTERS_COME']);
  });
});
