import { beforeAll, describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { letterOf } from '../../support/letters.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { couponsOn } from '../../support/command-line/terminal.js';

const pipeline = usePipeline();
const environment = () => ({
  COUPONS_BROKERS: pipeline.brokers,
  COUPONS_DATA_DIR: pipeline.dataDir,
});
const offsetsOf = async (...args: readonly string[]) =>
  (await pipeline.json(contract.dlqPeek, ['dlq', 'peek', ...args])).messages.map(({ offset }) =>
    Number(offset),
  );

describe('dead letters of which some were replayed', () => {
  /** 15 letters of one cause, and three that can't be replayed; the first five are replayed. */
  beforeAll(async () => {
    await pipeline.reset();
    await pipeline.run(['campaigns', 'create', '1', '--stock', '100']);
    const failed = Array.from({ length: 15 }, (_, index) =>
      letterOf(request(1, index + 1), { reason: `no row ${index} in "stock-${index}"` }),
    );
    const malformed = Array.from({ length: 3 }, () =>
      letterOf({ key: '1', value: 'x' }, { reasonCode: 'MALFORMED_JSON', reason: 'not JSON' }),
    );
    await pipeline.send([...failed, ...malformed], DLQ_TOPIC);
    await pipeline.run(['dlq', 'replay', '--max-messages', '5', '--yes']);
  });

  it('are counted apart', async () => {
    const apart = { count: 18, replayed: 5, waiting: 13 };
    expect(await pipeline.json(contract.dlqCount, ['dlq', 'count'])).toMatchObject({
      ...apart,
      partitions: [{ partition: 0, ...apart }],
    });
    const { stdout } = await pipeline.run(['dlq', 'count']);
    expect(stdout).toMatch(/REPLAYED +WAITING\n.* 18 +5 +13\n/);
  });

  it('have a mark each, and when', async () => {
    const { messages } = await pipeline.json(contract.dlqPeek, [
      ...['dlq', 'peek', '--max-messages', '100'],
    ]);
    const replayed = messages.filter((message) => message.replayed === true);
    expect(replayed.map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4']);
    for (const { replayedAt } of replayed) expect(replayedAt).not.toBeNull();
    expect(messages.slice(5).every(({ replayed: mark }) => mark === false)).toBe(true);
    const exported = await pipeline.run(['dlq', 'export']);
    expect(
      exported.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(messages);
    expect(await pipeline.json(contract.dlqLetter, ['dlq', 'show', '0:4'])).toEqual(messages[4]);
    expect((await pipeline.run(['dlq', 'show', '0:5'])).stdout).toMatch(/^replayed +no$/m);
  });

  it('are selected by it', async () => {
    expect(await offsetsOf('--replayed')).toEqual([0, 1, 2, 3, 4]);
    expect(await offsetsOf('--not-replayed', '--max-messages', '3')).toEqual([5, 6, 7]);
    expect(await offsetsOf('--not-replayed', '--reason', 'malformed-json')).toEqual([15, 16, 17]);
    const stats = await pipeline.json(contract.dlqStats, ['dlq', 'stats', '--not-replayed']);
    expect(stats).toMatchObject({ total: 18, matched: 13, replayed: 0, waiting: 13 });
  });

  it('have one row a cause, with an example and how many wait', async () => {
    const stats = await pipeline.json(contract.dlqStats, ['dlq', 'stats', '--by', 'minute']);
    expect(stats).toMatchObject({
      ...{ replayed: 5, waiting: 13 },
      failures: [
        {
          ...{ reasonCode: 'PROCESSING_FAILED', failure: 'no row … in …', count: 15, waiting: 10 },
          example: { partition: 0, offset: '14' },
        },
        { reasonCode: 'MALFORMED_JSON', failure: 'not JSON', count: 3, waiting: 3 },
      ],
      producers: [{ producer: null, knownBy: null, count: 18 }],
    });
    expect((stats.minutes ?? []).reduce((sum, { count }) => sum + count, 0)).toBe(18);
    const { stdout } = await pipeline.run(['dlq', 'stats']);
    expect(stdout).toMatch(/^no row … in … +PROCESSING_FAILED +15 +10 +0:14$/m);
  });

  it('are shown from the newest on, on a terminal, where there are more than are shown', async () => {
    const peek = async (...args: readonly string[]) => {
      const terminal = couponsOn(['dlq', 'peek', ...args], { env: environment() });
      expect(await terminal.exit()).toBe(0);
      return terminal.screen.join('\n');
    };
    const newest = await peek();
    expect(newest).toMatch(
      /^LETTER .*REPLAYED.*FAILURE\n {2}0:17 .*MALFORMED_JSON +no .*not JSON\n/,
    );
    expect(newest).toContain('The 10 newest of 18; --oldest shows the others');
    expect(await peek('--oldest')).toMatch(/\n {3}0:0 .* yes .*no row 0 in "stock-0"\n/);
    expect(await peek('--max-messages', '18')).toMatch(/FAILURE\n {3}0:0 /);
    expect(await peek('--reason', 'PROCESSING_FAILED')).toMatch(
      /The 10 newest that match, of 18 dead letters; there may be more/,
    );
    expect(await peek('--reason', 'MALFORMED_JSON')).toContain('3 of 18 match.');
    // What reads a pipe gets the oldest, as ever.
    expect((await pipeline.run(['dlq', 'peek'])).stdout).toMatch(/FAILURE\n {3}0:0 /);
  });

  it('have no mark without the store, and say why', async () => {
    const elsewhere = ['--store', `${pipeline.dataDir}/nowhere.db`];
    const peeked = await pipeline.run(['dlq', 'peek', ...elsewhere]);
    expect(peeked.code).toBe(0);
    expect(peeked.stdout).toMatch(/0:0 .*PROCESSING_FAILED +- /);
    expect(peeked.stderr).toMatch(
      /Which dead letters were replayed is not known\. There is no store/,
    );
    const counted = await pipeline.json(contract.dlqCount, ['dlq', 'count', ...elsewhere]);
    expect(counted).toMatchObject({ count: 18, replayed: null, waiting: null });
    const stats = await pipeline.json(contract.dlqStats, ['dlq', 'stats', ...elsewhere]);
    expect(stats).toMatchObject({
      replayed: null,
      waiting: null,
      failures: [{ waiting: null }, {}],
    });
    for (const command of ['peek', 'stats', 'export']) {
      const failure = await pipeline.failure(['dlq', command, '--not-replayed', ...elsewhere]);
      expect(failure).toMatchObject({ exitCode: 4, code: 'STORE_NOT_FOUND' });
    }
  });

  it('have no mark by a store that is not that of the group', async () => {
    await pipeline.drain();
    const other = ['--store', `${pipeline.dataDir}/other.db`];
    await pipeline.run(['campaigns', 'create', '1', '--stock', '1', ...other]);
    const counted = await pipeline.run(['dlq', 'count', ...other]);
    expect(counted.stdout).toMatch(/ 18 +- +-\n/);
    expect(counted.stderr).toContain('uses the store');
    const failure = await pipeline.failure(['dlq', 'peek', '--replayed', ...other]);
    expect(failure).toMatchObject({ exitCode: 1, code: 'OFFSETS_OF_ANOTHER_STORE' });
  });

  it('are counted before they are purged, and the history knows of it', async () => {
    const args = ['dlq', 'purge', '--before', '8', '--dry-run'];
    expect(await pipeline.json(contract.dlqPurged, args)).toMatchObject({
      selected: 8,
      waiting: 3,
    });
    expect((await pipeline.run(args)).stderr).toContain('3 of them were never replayed');
    await pipeline.run(['dlq', 'purge', '--before', '5', '--yes']);
    const { events } = await pipeline.json(contract.history, ['history']);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'LETTERS_PURGED', topic: DLQ_TOPIC, letters: 5 }),
    );
    expect(await pipeline.json(contract.dlqCount, ['dlq', 'count'])).toMatchObject({
      ...{ count: 13, replayed: 0, waiting: 13 },
    });
  });
});
