/** Replays of what fails for ever, of letters that claim what is not so, and of a topic that is another one by now. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, ORDER_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { refuseUser } from '../../contract/store/sqlite-file.js';
import * as contract from '../../support/json-contract/contract.js';
import { letterOf } from '../../support/letters.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

const pipeline = usePipeline();
const replay = (...args: readonly string[]) =>
  pipeline.json(contract.dlqReplayed, ['dlq', 'replay', ...args]);

beforeEach(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 10');
});

const ROUNDS = 10;

it('ten rounds of replay and consume end at the maximum, and headers do not grow', async () => {
  refuseUser(join(pipeline.dataDir, 'coupons.db'), 2);
  const own = {
    traceparent: '00-ab',
    repeated: ['a', 'b'],
    huge: 'x'.repeat(10_000),
    empty: '',
  };
  // What a producer writes counts only where it is a count.
  const forged = { 'coupon-dlq-replay-count': String(2n ** 53n + 1n), 'coupon-dlq-reason': 'MINE' };
  await pipeline.send([{ ...request(1, 2), headers: { ...own, ...forged } }]);

  const replayed: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await pipeline.drain();
    replayed.push((await replay('--yes')).replayed);
  }

  expect(replayed).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
  expect((await replay('--dry-run')).skippedBecause).toEqual({
    ALREADY_REPLAYED: 5,
    REPLAYED_TOO_OFTEN: 1,
  });
  const { messages } = await pipeline.deadLetters();
  expect(messages.map(({ replayCount }) => replayCount)).toEqual([0, 1, 2, 3, 4, 5]);
  const [first] = messages;
  for (const { headers, reasonCode } of messages) {
    expect(reasonCode).toBe('PROCESSING_FAILED');
    expect(headers).toMatchObject(own);
    expect(Object.keys(headers).toSorted()).toEqual(Object.keys(first?.headers ?? {}).toSorted());
  }
});

describe('letters that claim another origin', () => {
  const from = (topic: string, partition = 0, offset = 0n) => ({
    origin: { topic, partition, offset },
  });

  it('are named in the plan, and sent to no topic but that of requests unless that is asked for', async () => {
    await pipeline.send(
      [
        letterOf(request(1, 1), from(ORDER_TOPIC)),
        letterOf(request(1, 2), from(ORDER_TOPIC)),
        letterOf(request(1, 3), from('no-such-topic')),
        letterOf(request(1, 4), from(REQUEST_TOPIC, 77, 5n)),
        letterOf(request(1, 5), from(REQUEST_TOPIC, 0, 2n ** 62n)),
      ],
      DLQ_TOPIC,
    );
    const shown = await pipeline.run(['dlq', 'replay', '--dry-run']);
    expect(shown.stdout).toMatch(new RegExp(`OTHER_TOPIC +2 .*\\n +${ORDER_TOPIC} +2\\n`));

    expect(await replay('--yes')).toMatchObject({
      ...{ selected: 5, replayed: 2, copies: 2 },
      skippedBecause: { OTHER_TOPIC: 2, NO_SUCH_TOPIC: 1 },
      otherTopics: [{ topic: ORDER_TOPIC, letters: 2 }],
    });
    expect(await pipeline.records(ORDER_TOPIC)).toEqual([]);
    expect(await pipeline.drain()).toMatchObject({ outcomes: { ISSUED: 2 } });

    expect(await replay('--yes', '--allow-topic', ORDER_TOPIC)).toMatchObject({
      ...{ replayed: 2, otherTopics: [], campaigns: [] },
      topics: [{ topic: ORDER_TOPIC, replayable: 2 }],
    });
    expect(await pipeline.records(ORDER_TOPIC)).toHaveLength(2);
    expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS' });
  });
});

it('letters of a topic that was recreated with fewer partitions are replayed from their copies', async () => {
  const coupons = [2, 3, 4, 5, 6];
  for (const coupon of coupons) {
    await pipeline.succeed(`campaigns create ${String(coupon)} --stock 10`);
  }
  refuseUser(join(pipeline.dataDir, 'coupons.db'), 9);
  const requests = coupons.map((coupon) => request(coupon, 9));
  await pipeline.send(requests);
  expect(await pipeline.drain()).toMatchObject({ outcomes: { DEAD_LETTERED: 5 } });
  const { messages } = await pipeline.deadLetters();
  expect(new Set(messages.map(({ origin }) => origin?.partition)).size).toBeGreaterThan(1);

  const letters = await pipeline.records(DLQ_TOPIC);
  await pipeline.resetTopics({ partitions: 1 });
  await pipeline.send(
    letters.map(({ key, value, headers }) => ({ key, value, headers })),
    DLQ_TOPIC,
  );
  // Other records stand at the positions that the letters name.
  await pipeline.send([request(1, 1), request(1, 2)]);
  await pipeline.succeed('store reset-offsets --yes');
  const db = pipeline.database();
  db.exec('DROP TRIGGER refuse_9');
  db.close();

  expect(await replay('--yes')).toMatchObject({ selected: 5, replayed: 5, copies: 5 });

  const sent = (await pipeline.records()).slice(2).map(({ value }) => String(value));
  expect(sent.toSorted()).toEqual(requests.map(({ value }) => String(value)).toSorted());
  expect(await pipeline.drain()).toMatchObject({ outcomes: { ISSUED: 7 } });
});
