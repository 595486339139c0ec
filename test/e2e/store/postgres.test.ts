/** A store on PostgreSQL, shared by hosts that have nothing else in common: each has a data dir of its own. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { letterOf } from '../../support/letters.js';
import { summaryOf, usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const DRAIN = ['consume', '--until-drained'];

describe('a store on PostgreSQL', () => {
  const pipeline = usePipeline({ store: 'postgres' });
  const anotherHost = () => ({ env: { COUPONS_DATA_DIR: temporaryDir() } });

  beforeEach(() => pipeline.reset());

  it('issues each campaign exactly, to three hosts at once', async () => {
    for (const coupon of [1, 2, 3, 4, 5, 6]) {
      await pipeline.succeed(`campaigns create ${coupon} --stock ${50 * coupon}`);
      await pipeline.succeed(`produce --coupon ${coupon} --count 200 --duplicates 10`);
    }
    const consume = [...DRAIN, '--concurrency', '1', '--batch-size', '20', '-o', 'json'];
    const hosts = [1, 2, 3].map(() => pipeline.start(consume, anotherHost()));
    const exits = await Promise.all(hosts.map(({ exit }) => exit));

    expect(exits.map(({ code }) => code)).toEqual([0, 0, 0]);
    const records = hosts.map((host) => summaryOf(host).records);
    expect(records.reduce((sum, count) => sum + count)).toBe(1200);
    const list = await pipeline.json(contract.campaignList, ['campaigns', 'list'], anotherHost());
    // 20 of the 200 who ask have asked before.
    expect(list.campaigns.map(({ issuedQuantity }) => issuedQuantity)).toEqual([
      ...[50, 100, 150],
      ...[180, 180, 180],
    ]);
    expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS', unprocessed: 0 });
  });

  it('remembers on every host which dead letters were replayed on one', async () => {
    await pipeline.succeed('campaigns create 1 --stock 9');
    await pipeline.send([letterOf(request(1, 2))], DLQ_TOPIC);

    const replay = ['dlq', 'replay', '--yes'];
    const first = await pipeline.json(contract.dlqReplayed, replay, anotherHost());
    expect(first).toMatchObject({ replayed: 1, skipped: 0 });
    const second = await pipeline.json(contract.dlqReplayed, replay, anotherHost());
    expect(second).toMatchObject({ replayed: 0, skippedBecause: { ALREADY_REPLAYED: 1 } });
    expect(await pipeline.drain()).toMatchObject({ outcomes: { ISSUED: 1 } });
    expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS' });
  });

  it('is the only one of its group, until another is told to take over', async () => {
    await pipeline.succeed('campaigns create 1 --stock 9');
    await pipeline.send([1, 2].map((userId) => request(1, userId)));
    await pipeline.drain();
    const { storeUrl } = pipeline;
    const other = ['--store', pipeline.anotherStoreUrl()];
    await pipeline.json(contract.campaign, [
      ...['campaigns', 'create', '1', '--stock', '9', ...other],
    ]);

    const refused = await pipeline.failure([...DRAIN, ...other], anotherHost());
    expect(refused).toMatchObject({ exitCode: 1, code: 'STORE_NOT_OF_GROUP' });
    expect(refused.message).toContain(storeUrl);
    const lag = await pipeline.json(contract.lag, ['lag', ...other]);
    expect(lag.noteCodes).toContain('OFFSETS_OF_ANOTHER_STORE');
    const taken = await pipeline.json(contract.takenOver, [
      ...['store', 'take-over', ...other, '--yes'],
    ]);
    expect(taken.previousStore).toMatchObject({ path: storeUrl });
    expect(await pipeline.json(contract.consumed, [...DRAIN, ...other])).toMatchObject({
      outcomes: { ISSUED: 2 },
    });
  });

  it('knows every request again after its offsets were reset', async () => {
    await pipeline.succeed('campaigns create 1 --stock 1');
    await pipeline.send([1, 2].map((userId) => request(1, userId)));
    await pipeline.drain();
    const reset = await pipeline.json(contract.offsetsReset, ['store', 'reset-offsets', '--yes']);
    expect(reset.partitions).toHaveLength(1);
    expect(await pipeline.drain()).toMatchObject({ records: 2, repeated: 2, deadLettered: 0 });
    expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS', requests: 2 });
  });

  it('is named by doctor and found well, and advise has nothing against it', async () => {
    await pipeline.succeed('topics create');
    await pipeline.succeed('campaigns create 1 --stock 9');
    await pipeline.drain();
    const doctor = await pipeline.run(['doctor', '-o', 'json']);
    expect(doctor.json<{ checks: unknown }>().checks).toContainEqual(
      expect.objectContaining({
        name: 'store',
        status: expect.stringMatching(/pass|warn/) as string,
        detail: expect.stringContaining(pipeline.storeUrl) as string,
      }),
    );
    const advice = await pipeline.json(contract.advice, ['advise', '--observe', '1']);
    expect(advice.findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });
});
