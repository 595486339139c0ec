import { beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { wrongClock } from '../../support/clock/wrong.js';

const TWO_HOURS_MS = 7_200_000;

const pipeline = usePipeline();
const ahead = { env: wrongClock(TWO_HOURS_MS) };

/** Kafka's default since version 4; before it there was no limit. */
const anHourAhead = [{ name: 'message.timestamp.after.max.ms', value: '3600000' }];
const byBroker = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];

const withTopics = async (deadLetters: typeof anHourAhead) => {
  await pipeline.reset({ partitions: null });
  await pipeline.admin.createTopics({
    topics: [
      { topic: REQUEST_TOPIC, numPartitions: 3, configEntries: anHourAhead },
      { topic: DLQ_TOPIC, numPartitions: 1, configEntries: deadLetters },
    ],
  });
  await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '10']);
};

interface DoctorCheck {
  readonly name: string;
  readonly status: string;
  readonly code: string;
  readonly detail: string;
}

const clockCheck = async (env: Readonly<Record<string, string>> = {}) => {
  const run = await pipeline.run(['doctor', '-o', 'json'], { env });
  const { checks } = run.json<{ readonly checks: readonly DoctorCheck[] }>();
  return checks.find(({ name }) => name === 'clock');
};

describe('a machine whose clock is two hours ahead of the brokers', () => {
  beforeEach(() => withTopics(anHourAhead));

  it('consumes: a dead letter that the broker would refuse goes without a time', async () => {
    await pipeline.send([request(1, 1), { key: '1', value: 'garbage' }, request(1, 2)]);
    const { outcomes } = await pipeline.json(
      contract.consumed,
      ['consume', '--until-drained'],
      ahead,
    );
    expect(outcomes).toMatchObject({ ISSUED: 2, DEAD_LETTERED: 1 });
    const { messages } = await pipeline.json(contract.dlqPeek, ['dlq', 'peek']);
    expect(messages).toMatchObject([{ timestamp: null, reasonCode: 'MALFORMED_JSON' }]);
    await pipeline.audit();
    expect(await clockCheck()).toMatchObject({ status: 'warn', code: 'CONSUMER_CLOCK_REFUSED' });
  });

  it('says what is wrong where it produces', async () => {
    const args = ['produce', '--coupon', '1', '--count', '3'];
    const { error, acknowledged } = await pipeline.json(contract.produceFailed, args, {
      ...ahead,
      code: 1,
    });
    const { code, message, hint } = error;
    expect(acknowledged).toBe(0);
    expect(code).toBe('INVALID_TIMESTAMP');
    expect(message).toContain('the broker refused the time of the records');
    expect(hint).toContain('Compare the clocks of this machine and of the brokers');
  });
});

it('a DLQ as topics create makes it takes dead letters with any clock, and dates them', async () => {
  await withTopics(byBroker);
  const before = Date.now();
  await pipeline.send([{ key: '1', value: 'garbage' }]);
  await pipeline.json(contract.consumed, ['consume', '--until-drained'], ahead);
  const { messages } = await pipeline.json(contract.dlqPeek, ['dlq', 'peek']);
  const timestamp = messages[0]?.timestamp ?? '';
  expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(before - 1000);
  expect(Date.parse(timestamp)).toBeLessThan(before + TWO_HOURS_MS / 2);

  const found = await clockCheck();
  expect(found).toMatchObject({ status: 'warn', code: 'CONSUMER_CLOCK_AHEAD' });
  expect(found?.detail).toMatch(/is (2 h|1 h 59 min) ahead of the broker's/);
  expect(await clockCheck(wrongClock(-TWO_HOURS_MS))).toMatchObject({
    ...{ status: 'warn', code: 'CLOCK_DIFFERS' },
    detail: expect.stringMatching(
      /^this machine's clock is (2 h|1 h 59 min) or more behind/,
    ) as string,
  });
});
