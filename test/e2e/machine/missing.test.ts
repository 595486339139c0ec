/** Topics that were not created yet: each command says so, and does nothing. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';

describe('topics that do not exist', () => {
  const pipeline = usePipeline();
  beforeAll(() => pipeline.run(['campaigns', 'create', '1', '--stock', '1']));

  it.each(
    [
      { args: ['produce', '--coupon', '1'], topic: REQUEST_TOPIC },
      { args: ['consume', '--until-drained'], topic: REQUEST_TOPIC },
      { args: ['lag'], topic: REQUEST_TOPIC },
      { args: ['audit'], topic: REQUEST_TOPIC },
      { args: ['issued', 'show', '--coupon', '1', '--user', '1'], topic: REQUEST_TOPIC },
      { args: ['topics', 'describe', 'nowhere'], topic: 'nowhere' },
      { args: ['topics', 'alter', REQUEST_TOPIC, '--partitions', '6', '-y'], topic: REQUEST_TOPIC },
      { args: ['dlq', 'count'], topic: DLQ_TOPIC },
      { args: ['dlq', 'peek'], topic: DLQ_TOPIC },
    ].map((each) => ({ ...each, line: each.args.join(' ') })),
  )('are missed by `coupons $line`, which makes none', async ({ args, topic }) => {
    const failure = await pipeline.failure(args);
    expect(failure).toMatchObject({ exitCode: 1, code: 'TOPIC_NOT_FOUND' });
    expect(failure.message).toContain(topic);
    expect(failure.hint).toContain('coupons topics create');
    expect(await pipeline.admin.listTopics()).not.toContain(topic);
    expect(await pipeline.groups()).toEqual([]);
  });

  it('are no topics at all in a list', async () => {
    const { topics } = await pipeline.json(contract.topicsDescribed, ['topics', 'list']);
    expect(topics.map(({ name }) => name)).not.toContain(REQUEST_TOPIC);
  });
});

describe('a dead letter topic that does not exist', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  it('is missed before the first record is consumed', async () => {
    await pipeline.send([{ key: '1', value: 'poison' }]);
    await pipeline.admin.deleteTopics({ topics: [DLQ_TOPIC] });
    const failure = await pipeline.failure(['consume', '--until-drained']);
    expect(failure).toMatchObject({ exitCode: 1, code: 'TOPIC_NOT_FOUND' });
    expect(failure.message).toContain(DLQ_TOPIC);
    expect(await pipeline.json(contract.lag, ['lag'])).toMatchObject({ totalLag: 1 });
  });
});
