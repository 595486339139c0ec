import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { letterOf } from '../../support/letters.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { couponsOn } from '../../support/command-line/terminal.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The beginning of the hour before this one: retention would take what is much older. */
const T0 = (Math.floor(Date.now() / HOUR_MS) - 1) * HOUR_MS;
const isoTime = (ms: number) => new Date(ms).toISOString();

const pipeline = usePipeline();
const peek = (...args: readonly string[]) =>
  pipeline.json(contract.dlqPeek, ['dlq', 'peek', '--max-messages', '100', ...args]);

describe('looking into the dead letters', () => {
  /** Ten on two partitions, a minute apart: malformed ones at 0, 3, 6 and 9, else coupons 1 and 2. */
  beforeAll(async () => {
    await pipeline.reset();
    await pipeline.admin.createPartitions({ topicPartitions: [{ topic: DLQ_TOPIC, count: 2 }] });
    for (let index = 0; index < 10; index += 1) {
      const timestampMs = T0 + index * MINUTE_MS;
      const letter =
        index % 3 === 0
          ? letterOf(
              { key: '1', value: `garbage ${index}` },
              { reasonCode: 'MALFORMED_JSON', timestampMs },
            )
          : letterOf(request(index % 2 === 0 ? 2 : 1, index), { timestampMs });
      await pipeline.send([{ ...letter, partition: index % 2 }], DLQ_TOPIC);
    }
  });

  const minutes = async (...args: readonly string[]) =>
    (await peek(...args)).messages.map(
      ({ timestamp }) => (Date.parse(timestamp ?? '') - T0) / MINUTE_MS,
    );

  it('goes by time over all partitions, from either end', async () => {
    expect(await minutes()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await minutes('--newest', '--max-messages', '3')).toEqual([9, 8, 7]);
  });

  it.each([
    [
      ['--reason', 'MALFORMED_JSON'],
      [0, 3, 6, 9],
    ],
    [['--reason', 'malformed-json', '--newest', '--max-messages', '1'], [9]],
    [
      ['--coupon', '2'],
      [2, 4, 8],
    ],
    [
      ['--partition', '1'],
      [1, 3, 5, 7, 9],
    ],
    [
      ['--since', isoTime(T0 + 7 * MINUTE_MS)],
      [7, 8, 9],
    ],
    [
      ['--since', isoTime(T0 + MINUTE_MS), '--until', isoTime(T0 + 3 * MINUTE_MS)],
      [1, 2],
    ],
    [['--text', 'GARBAGE 6'], [6]],
    [
      ['--coupon', '1', '--partition', '1', '--reason', 'PROCESSING_FAILED'],
      [1, 5, 7],
    ],
    [['--since', '1s'], []],
  ] as const)('shows what matches %j', async (args, expected) => {
    expect(await minutes(...args)).toEqual(expected);
    expect((await peek(...args)).total).toBe(10);
  });

  it('counts by reason, by coupon and by hour, all or what matches', async () => {
    const stats = await pipeline.json(contract.dlqStats, ['dlq', 'stats']);
    expect(stats).toMatchObject({
      total: 10,
      matched: 10,
      firstSeen: isoTime(T0),
      lastSeen: isoTime(T0 + 9 * MINUTE_MS),
      reasons: [
        { reasonCode: 'PROCESSING_FAILED', count: 6 },
        { reasonCode: 'MALFORMED_JSON', count: 4, firstSeen: isoTime(T0) },
      ],
      coupons: [
        { couponId: 1, count: 7 },
        { couponId: 2, count: 3 },
      ],
      hours: [{ hour: isoTime(T0), count: 10 }],
    });
    const some = await pipeline.json(contract.dlqStats, ['dlq', 'stats', '--coupon', '2']);
    expect(some).toMatchObject({ total: 10, matched: 3, reasons: [{ count: 3 }] });
    const none = await pipeline.json(contract.dlqStats, ['dlq', 'stats', '--text', 'nowhere']);
    expect(none).toMatchObject({ matched: 0, firstSeen: null, lastSeen: null, reasons: [] });
  });

  it('shows one letter whole, the same as peek does', async () => {
    const [letter] = (await peek('--partition', '1')).messages;
    expect(await pipeline.json(contract.dlqLetter, ['dlq', 'show', '1:0'])).toEqual(letter);
    const { stdout, code } = await pipeline.run(['dlq', 'show', '1:0']);
    expect(code).toBe(0);
    for (const part of ['PROCESSING_FAILED', '"userId": 1', 'at here', 'coupon-dlq-reason:']) {
      expect(stdout).toContain(part);
    }
  });

  it('says so where there is no such letter', async () => {
    for (const position of ['0:5', '7:0']) {
      expect(await pipeline.failure(['dlq', 'show', position])).toMatchObject({
        exitCode: 1,
        code: 'LETTER_NOT_FOUND',
      });
    }
    expect(await pipeline.failure(['dlq', 'peek', '--partition', '2'])).toMatchObject({
      exitCode: 1,
      code: 'PARTITION_NOT_FOUND',
    });
  });

  it.each([
    [['show', '0-5']],
    [['show', '0:-1']],
    [['show']],
    [['peek', '--coupon', '0']],
    [['peek', '--since', 'yesterday']],
    [['peek', '--follow', '--newest']],
    [['peek', '--oldest', '--newest']],
    [['peek', '--replayed', '--not-replayed']],
    [['peek', '--reason', 'MALFORMD_JSON']],
    [['stats', '--reason', 'MALFORMD_JSON', '--coupon', '9']],
    [['export', '--reason', 'MALFORMD_JSON']],
    [['stats', '--by', 'week']],
    [['replay', '--rate', '0']],
    [['purge']],
    [['purge', '--before', 'soon']],
  ])('refuses dlq %j', async (args) => {
    expect(await pipeline.failure(['dlq', ...args])).toMatchObject({ exitCode: 2, code: 'USAGE' });
  });

  it('exports what peek shows, to stdout or whole to a file', async () => {
    const { messages } = await peek('--reason', 'MALFORMED_JSON', '--newest');
    const args = ['dlq', 'export', '--reason', 'MALFORMED_JSON', '--newest'];

    const piped = await pipeline.run(args);
    expect(
      piped.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(messages);
    expect((await pipeline.run([...args, '--file', '-'])).stdout).toBe(piped.stdout);

    const dir = temporaryDir();
    const file = join(dir, 'letters.jsonl');
    expect(await pipeline.json(contract.dlqExported, [...args, '--file', file])).toMatchObject({
      file,
      exported: 4,
    });
    expect(await readFile(file, 'utf8')).toBe(piped.stdout);

    const missing = join(dir, 'missing', 'letters.jsonl');
    expect(await pipeline.failure([...args, '--file', missing])).toMatchObject({
      exitCode: 1,
      code: 'CANNOT_WRITE_FILE',
    });
    expect(await readdir(dir)).toEqual(['letters.jsonl']);
  });

  it('shows on a terminal how far a long reading is', async () => {
    const many = Array.from({ length: 2000 }, () => ({ key: '7', value: 'x' }));
    await pipeline.send(many, DLQ_TOPIC);
    const env = { COUPONS_BROKERS: pipeline.brokers, COUPONS_DATA_DIR: pipeline.dataDir };
    const terminal = couponsOn(['dlq', 'stats', '--coupon', '7'], { env });
    expect(await terminal.exit()).toBe(0);
    expect(terminal.raw).toContain('reading the dead letters');
    expect(terminal.screen.join('\n')).toMatch(/^dead letters {2}2,000 of 2,010\n/);
  });

  it('leaves no group behind', async () => {
    expect(await pipeline.groups()).toEqual([]);
  });
});

describe('following the dead letters', () => {
  beforeEach(async () => {
    await pipeline.reset();
    await pipeline.send([letterOf(request(1, 1))], DLQ_TOPIC);
  });

  it('shows each new one on a line of its own until ctrl-C', async () => {
    const following = pipeline.start(['dlq', 'peek', '--follow', '-o', 'json']);
    await eventually(() => following.stderr.includes('Following'));

    await pipeline.send([letterOf(request(1, 2)), letterOf(request(1, 3))], DLQ_TOPIC);
    await following.waitFor(/\n.*\n/);
    following.kill('SIGINT');

    expect(await following.exit).toEqual({ code: 0, signal: null });
    const lines = following.stdout.trimEnd().split('\n');
    const letters = lines.map((line) => contract.dlqLetter.parse(JSON.parse(line)));
    expect(letters.map(({ offset }) => offset)).toEqual(['1', '2']);
  });

  it('ends by itself after as many as were asked for, in a line each', async () => {
    const args = ['dlq', 'peek', '--follow', '--since', '1h', '--max-messages', '1'];
    const { code, stdout } = await pipeline.run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}LETTER .*\n {5}0:0 .*PROCESSING_FAILED +- .* 1\/1 +it failed\n$/);
  });
});

describe('purging dead letters', () => {
  const purge = (...args: readonly string[]) =>
    pipeline.json(contract.dlqPurged, ['dlq', 'purge', ...args]);
  const offsets = async () => (await peek()).messages.map(({ offset }) => offset);

  beforeEach(async () => {
    await pipeline.reset();
    const letters = [0, 1, 2, 3].map((index) =>
      letterOf(request(1, index + 1), { timestampMs: T0 + index * MINUTE_MS }),
    );
    await pipeline.send(letters, DLQ_TOPIC);
  });

  it('previews, asks, and deletes what is before an offset', async () => {
    expect(await purge('--before', '2', '--dry-run')).toEqual({
      topic: DLQ_TOPIC,
      selected: 2,
      deleted: 0,
      dryRun: true,
      waiting: null,
      openTransactions: [],
      partitions: [
        {
          ...{ partition: 0, startOffset: '0', beforeOffset: '2', endOffset: '4', selected: 2 },
          ...{ undated: null, undatedOffsets: null, kept: null },
        },
      ],
    });
    expect(await pipeline.failure(['dlq', 'purge', '--before', '2'])).toMatchObject({
      exitCode: 2,
      code: 'USAGE',
    });
    expect(await offsets()).toEqual(['0', '1', '2', '3']);

    expect(await purge('--before', '0:2', '--yes')).toMatchObject({ selected: 2, deleted: 2 });

    expect(await offsets()).toEqual(['2', '3']);
    expect(await pipeline.failure(['dlq', 'show', '0:1'])).toMatchObject({
      code: 'LETTER_NOT_FOUND',
    });
    expect(await purge('--before', '2')).toMatchObject({ selected: 0, deleted: 0 });
  });

  it('deletes what is older than a time, all of it where everything is', async () => {
    const limit = isoTime(T0 + 3 * MINUTE_MS);
    expect(await purge('--before', limit, '--yes')).toMatchObject({ deleted: 3 });
    expect(await offsets()).toEqual(['3']);

    expect(await purge('--before', '1m', '--yes')).toMatchObject({ deleted: 1 });
    expect(await offsets()).toEqual([]);
  });

  describe('by time, where letters are not in the order of their times', () => {
    const dated = async (...times: readonly number[]) => {
      await pipeline.reset();
      for (const [index, timestampMs] of times.entries()) {
        await pipeline.send([letterOf(request(1, index + 1), { timestampMs })], DLQ_TOPIC);
      }
    };
    const limit = isoTime(T0 + 2 * MINUTE_MS);
    const until = async () =>
      (await peek('--until', limit)).messages.map(({ offset }) => Number(offset));

    it('names what goes and no filter by time finds', async () => {
      await dated(-1, T0, -1, -1, T0 + 1, -1, T0 + 5 * MINUTE_MS);
      expect(await until()).toEqual([1, 4]);

      const plan = await purge('--before', limit, '--dry-run');
      expect(plan).toMatchObject({ selected: 5, deleted: 0 });
      expect(plan.partitions).toMatchObject([
        { beforeOffset: '5', undated: 3, undatedOffsets: ['0', '2', '3'], kept: null },
      ]);
      const { stderr } = await pipeline.run(['dlq', 'purge', '--before', limit, '--dry-run']);
      expect(stderr).toContain('3 of them have no usable time');
      expect(stderr).toContain('0:0, 0:2, 0:3');

      expect(await purge('--before', limit, '--yes')).toMatchObject({ deleted: 5 });
      expect(await offsets()).toEqual(['5', '6']);
    });

    it('names the younger letter that keeps older ones, and the command that deletes all', async () => {
      await dated(T0, T0 + 5 * MINUTE_MS, T0, -1, T0 + 1);
      expect(await until()).toEqual([0, 2, 4]);

      const plan = await purge('--before', limit, '--dry-run');
      expect(plan.partitions).toMatchObject([
        { selected: 1, undated: 0, kept: { due: 2, endOffset: '5', behind: { offset: '1' } } },
      ]);
      const { stderr } = await pipeline.run(['dlq', 'purge', '--before', limit, '--dry-run']);
      expect(stderr).toContain('2 letters before that time stay, because 0:1');
      expect(stderr).toContain('coupons dlq purge --before 0:5');
    });

    it('deletes nothing where no letter says that it is older', async () => {
      await dated(-1, -1, T0 + 3 * MINUTE_MS);
      expect(await until()).toEqual([]);
      expect(await purge('--before', limit, '--yes')).toMatchObject({ selected: 0, deleted: 0 });
      expect(await offsets()).toHaveLength(3);
    });
  });

  it('shows on a terminal what would go before it asks', async () => {
    const env = { COUPONS_BROKERS: pipeline.brokers, COUPONS_DATA_DIR: pipeline.dataDir };
    const terminal = couponsOn(['dlq', 'purge', '--before', '3'], { env });
    await terminal.waitFor(
      /PARTITION +FROM +BEFORE +END +WOULD DELETE\s+0 +0 +3 +4 +3\s.*\[y\/N\]/s,
    );
    terminal.type('n\r');
    expect(await terminal.exit()).toBe(1);
    expect(await offsets()).toHaveLength(4);
  });

  it('says so where Kafka deletes nothing, for the topic is compacted', async () => {
    const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
    await pipeline.admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: DLQ_TOPIC, configEntries }],
    });
    const failure = await pipeline.failure(['dlq', 'purge', '--before', '2', '--yes']);
    expect(failure).toMatchObject({ exitCode: 1, code: 'POLICY_VIOLATION' });
    expect(failure.message).toContain('is compacted');
    expect(await offsets()).toHaveLength(4);
  });

  it('deletes nothing of a partition that there is not', async () => {
    expect(await pipeline.failure(['dlq', 'purge', '--before', '1:2', '--yes'])).toMatchObject({
      exitCode: 1,
      code: 'PARTITION_NOT_FOUND',
    });
    expect(await offsets()).toHaveLength(4);
  });
});
