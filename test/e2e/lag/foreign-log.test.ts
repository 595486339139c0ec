/** A store that has read another log than the one behind --brokers: no request is skipped in silence. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { BrokerProcess } from '../../support/broker/broker-process.js';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const DRAIN = ['consume', '--until-drained'];
const RESET = ['store', 'reset-offsets'];

describe('a store and a log that do not belong together', () => {
  const pipeline = usePipeline();

  /** Five requests of the old log are in the store: users 1 to 5. */
  beforeEach(async () => {
    await pipeline.reset();
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '7']);
    await pipeline.send([1, 2, 3, 4, 5].map((userId) => request(1, userId)));
    await pipeline.json(contract.consumed, DRAIN);
  });

  const resetAndConsume = async () => {
    await pipeline.json(contract.offsetsReset, [...RESET, '--yes']);
    return pipeline.json(contract.consumed, DRAIN);
  };

  /** The old log's five outcomes have no record any more; all else is compared. */
  const expectAuditPasses = async () => {
    const { verdict, findings, notCompared } = await pipeline.audit();
    expect({ verdict, findings }).toEqual({ verdict: 'PASS', findings: [] });
    expect(notCompared).toEqual([
      { code: 'GONE_LOG', message: expect.stringMatching(/^5 /) as unknown },
    ]);
  };

  it('are told apart where the topic was made anew, and go on after a reset', async () => {
    await pipeline.resetTopics();
    expect(await pipeline.failure(DRAIN)).toMatchObject({ code: 'STORE_AHEAD_OF_LOG' });
    await pipeline.send([5, 6].map((userId) => request(1, userId)));
    const failure = await pipeline.failure(DRAIN);
    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_AHEAD_OF_LOG' });
    expect(failure.hint).toContain('coupons store reset-offsets');

    const { outcomes } = await resetAndConsume();
    expect(outcomes).toMatchObject({ ISSUED: 1, DUPLICATE: 1 });
    const { issued } = await pipeline.json(contract.issuedList, ['issued', 'list']);
    expect(issued.map(({ userId, sequence }) => [userId, sequence])).toEqual(
      [1, 2, 3, 4, 5, 6].map((userId) => [userId, userId]),
    );
    await expectAuditPasses();
  });

  it('are told apart where the new topic has grown past the old offset', async () => {
    await pipeline.resetTopics();
    await pipeline.send([11, 12, 13, 14, 15, 16, 17].map((userId) => request(1, userId)));
    const failure = await pipeline.failure(DRAIN);
    expect(failure).toMatchObject({ exitCode: 1, code: 'LOG_REPLACED' });
    expect(failure.hint).toContain('coupons store reset-offsets');
    const { campaigns } = await pipeline.json(contract.campaignList, ['campaigns', 'list']);
    expect(campaigns[0]?.issuedQuantity).toBe(5);

    expect((await resetAndConsume()).outcomes).toMatchObject({ ISSUED: 2, SOLD_OUT: 5 });
    await expectAuditPasses();
  });

  it('are told apart while a consumer runs: it reads the end of a topic that is deleted and recreated', async () => {
    const consumer = pipeline.start(['consume', '--concurrency', '1']);
    await pipeline.send([request(1, 6)]);
    await eventually(async () => {
      const { issued } = await pipeline.json(contract.issuedList, ['issued', 'list']);
      return issued.some(({ userId }) => userId === 6);
    });
    const topic = REQUEST_TOPIC;
    await pipeline.admin.deleteTopics({ topics: [topic] });
    await eventually(async () => !(await pipeline.admin.listTopics()).includes(topic));
    await pipeline.admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
    await pipeline.send([request(1, 7)]);

    expect(await consumer.exit).toMatchObject({ code: 1 });
    expect(consumer.stderr).toContain('the topic was deleted and recreated');
    const failure = await pipeline.failure(DRAIN);
    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_AHEAD_OF_LOG' });
    expect((await resetAndConsume()).outcomes).toMatchObject({ ISSUED: 1 });
  });

  it('are told apart where it is another cluster', async () => {
    const broker = new BrokerProcess();
    await broker.start();
    const elsewhere = ['--brokers', broker.address];
    await pipeline.json(contract.topicsCreated, ['topics', 'create', ...elsewhere]);

    const failure = await pipeline.failure([...DRAIN, ...elsewhere]);
    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_OF_ANOTHER_CLUSTER' });
    expect(failure.hint).toContain('--store');
    const ownStore = ['--store', join(temporaryDir(), 'other.db')];
    expect(
      await pipeline.json(contract.consumed, [...DRAIN, ...elsewhere, ...ownStore]),
    ).toMatchObject({ records: 0 });

    const asks = ['produce', '--coupon', '1', '--first-user', '9', ...elsewhere];
    await pipeline.json(contract.produced, asks);
    const show = ['issued', 'show', '--coupon', '1', '--user', '9', ...elsewhere];
    const shown = await pipeline.run([...show, '-o', 'json']);
    expect(contract.issuedShow.parse(shown.json())).toMatchObject({ status: 'PENDING' });
    expect(shown.stderr).toContain('has read cluster');
    const nothing = await pipeline.run([...show.with(5, '77'), '-o', 'json']);
    expect(nothing.code).toBe(3);
    expect(contract.issuedShow.parse(nothing.json())).toMatchObject({
      status: 'NOT_REQUESTED',
      isComplete: false,
      noteCodes: ['STORE_OF_ANOTHER_CLUSTER'],
    });
    const doctor = await pipeline.run(['doctor', '-o', 'json', ...elsewhere]);
    expect(doctor).toMatchObject({ code: 3 });
    expect(doctor.json()).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ status: 'fail', code: 'STORE_OF_ANOTHER_CLUSTER' }),
      ]) as unknown,
    });
    const observe = ['advise', '--observe', '1', ...elsewhere];
    const { findings } = await pipeline.json(contract.advice, observe);
    expect(findings[0]).toMatchObject({ code: 'STORE_OF_ANOTHER_CLUSTER' });
    await broker.stop();
  });

  it('are not reset without a yes, nor by a dry run', async () => {
    expect(await pipeline.failure(RESET)).toMatchObject({ exitCode: 2, code: 'USAGE' });
    const planned = await pipeline.json(contract.offsetsReset, [...RESET, '--dry-run']);
    expect(planned.dryRun).toBe(true);
    expect(planned.partitions.map(({ nextOffset }) => nextOffset)).toContain('5');
    expect((await pipeline.json(contract.consumed, DRAIN)).records).toBe(0);
  });

  it('issue nothing twice when the same log is read again after a reset', async () => {
    expect(await resetAndConsume()).toMatchObject({ records: 5, repeated: 5 });
    expect((await pipeline.audit()).verdict).toBe('PASS');
  });
});
