/** Dead letters and their replay in the console, against the real pipeline. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import type { LetterPage, WholeLetter } from '../../../src/serve/console/wire/letters.js';
import type { ReplayData } from '../../../src/serve/console/wire/replay.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { letterOf } from '../../support/letters.js';
import { STORES, usePipeline, type Pipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { ServedConsole } from '../../support/console/served-console.js';

let served: ServedConsole | null = null;
afterEach(async () => {
  await served?.stop();
  served = null;
});

async function serve(pipeline: Pipeline, ...args: readonly string[]): Promise<ServedConsole> {
  served = await ServedConsole.start(pipeline, args);
  return served;
}

async function reset(pipeline: Pipeline): Promise<void> {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 3');
}

const raise = (pipeline: Pipeline, stock: number) =>
  pipeline.succeed(`campaigns update 1 --stock ${String(stock)}`);

/** Letters of requests of these users; the record that died is not in the log. */
async function die(pipeline: Pipeline, users: number, first = 1): Promise<void> {
  const letters = Array.from({ length: users }, (_unused, index) =>
    letterOf(request(1, first + index), { reason: `<script>alert(${first + index})</script>` }),
  );
  // All of them would be larger than a batch may be.
  for (let at = 0; at < letters.length; at += 1000) {
    await pipeline.send(letters.slice(at, at + 1000), DLQ_TOPIC);
  }
}

async function page(console: ServedConsole, query: string): Promise<LetterPage> {
  const answer = await console.get(`/api/letters?${query}`);
  expect(answer.status).toBe(200);
  return answer.json<LetterPage>();
}

const usersOf = ({ letters }: LetterPage) => letters.map(({ userId }) => userId);
const sentUsers = async (pipeline: Pipeline) =>
  (await pipeline.records()).map(
    ({ value }) => (JSON.parse(String(value)) as { readonly userId: number }).userId,
  );

describe('the dead letters in the console', () => {
  const pipeline = usePipeline();
  beforeEach(() => reset(pipeline));

  it('are counted as `dlq stats` counts them, and again after a purge', async () => {
    await die(pipeline, 20);
    await pipeline.send([{ key: '1', value: '{"couponId":' }]);
    await pipeline.drain();
    const console = await serve(pipeline);
    const { data } = await console.until('letters', (part) => part.data?.counted === 21);
    const stats = await pipeline.json(contract.dlqStats, ['dlq', 'stats']);
    expect(data).toMatchObject({
      total: stats.total,
      reasons: stats.reasons.map(({ reasonCode, count }) => ({ key: reasonCode, count })),
      coupons: stats.coupons.map(({ couponId, count }) => ({ key: couponId, count })),
      recent: 21,
    });

    await pipeline.succeed('dlq purge --before 0:15 --yes');
    const purged = await console.until('letters', (part) => part.data?.total === 6);
    expect(purged.data).toMatchObject({
      counted: 6,
      reasons: [{ count: 5 }, { key: 'MALFORMED_JSON', count: 1 }],
    });
  });

  it('are read page by page, while others arrive', async () => {
    await die(pipeline, 25);
    const console = await serve(pipeline);
    const first = await page(console, 'limit=10');
    await die(pipeline, 5, 100);
    const second = await page(console, `limit=10&before=${first.next ?? ''}`);
    const third = await page(console, `limit=10&before=${second.next ?? ''}`);
    expect([first, second, third].flatMap(usersOf)).toEqual(
      Array.from({ length: 25 }, (_unused, index) => 25 - index),
    );
    expect(third).toMatchObject({ next: null, left: 0, looked: 5 });
    const found = await page(console, 'reason=processingFailed&text=alert(7)');
    expect(usersOf(found)).toEqual([7]);
    expect(found).toMatchObject({ looked: 30, next: null });

    for (const [query, status, code] of [
      ['before=rubbish', 404, 'PAGE_NOT_FOUND'],
      ['partition=9', 404, 'PARTITION_NOT_FOUND'],
    ] as const) {
      const answer = await console.get(`/api/letters?${query}`);
      expect([answer.status, answer.json<object>()]).toMatchObject([status, { error: { code } }]);
    }
  });

  it('are shown whole, as `dlq show` has them', async () => {
    await die(pipeline, 1);
    const console = await serve(pipeline);
    const letter = (await console.get('/api/letters/0:0')).json<WholeLetter>();
    const shown = await pipeline.json(contract.dlqLetter, ['dlq', 'show', '0:0']);
    expect(letter).toMatchObject({
      offset: shown.offset,
      reasonCode: shown.reasonCode,
      failureReason: shown.failureReason,
      stackTrace: shown.stackTrace,
      couponId: 1,
      userId: 1,
      key: { text: '1' },
      wasReplayed: false,
    });
    const original = letter.original !== null && 'text' in letter.original ? letter.original : null;
    expect(JSON.parse(original?.text ?? '')).toEqual(shown.originalEvent);
  });

  it('are text, whatever stands in them', async () => {
    const script = '<img src=x onerror=alert(1)>';
    const huge = 'x'.repeat(600_000);
    // Longer than Kafka's protocol can ask for.
    const topic = '../'.repeat(20_000);
    await pipeline.send(
      [
        {
          key: Buffer.from([0, 255]),
          value: JSON.stringify({ originalEvent: script, failureReason: `\u001b[2J${script}` }),
          headers: {
            [script]: script,
            twice: ['a', Buffer.from([0xff])],
            huge,
            'coupon-dlq-reason': script,
            'coupon-dlq-origin-topic': topic,
            'coupon-dlq-origin-partition': '0',
            'coupon-dlq-origin-offset': '0',
          },
        },
      ],
      DLQ_TOPIC,
    );
    const console = await serve(pipeline);
    const answer = await console.get('/api/letters/0:0');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const letter = answer.json<WholeLetter>();
    expect(letter).toMatchObject({
      reasonCode: script,
      failureReason: `\u001b[2J${script}`,
      origin: { topic: `${'../'.repeat(83)}…` },
      key: { base64: 'AP8=' },
      original: { text: script },
    });
    expect(letter.headers).toEqual(
      expect.arrayContaining([
        { name: script, value: { text: script, sizeBytes: script.length, isCut: false } },
        { name: 'twice', value: { text: 'a', sizeBytes: 1, isCut: false } },
        { name: 'twice', value: { base64: '/w==', sizeBytes: 1, isCut: false } },
        {
          name: 'huge',
          value: { text: huge.slice(0, 256 * 1024), sizeBytes: huge.length, isCut: true },
        },
      ]),
    );
    expect((await page(console, 'limit=1')).letters).toMatchObject([{ reasonCode: script }]);
  });

  it('are an error where there is none', async () => {
    const console = await serve(pipeline);
    const missing = await console.get('/api/letters/0:9');
    expect(missing.status).toBe(404);
    expect(missing.body).toContain('LETTER_NOT_FOUND');
  });
});

describe.each(STORES)('a replay in the console, its store on %s', (store) => {
  const pipeline = usePipeline({ store });
  beforeEach(() => reset(pipeline));

  it('is refused where it only reads', async () => {
    await die(pipeline, 1);
    const console = await serve(pipeline);
    for (const path of ['', '/x/confirm', '/x/cancel']) {
      const answer = await console.post(`/api/replays${path}`);
      expect([answer.status, answer.json<object>()]).toMatchObject([
        403,
        { error: { code: 'READ_ONLY' } },
      ]);
    }
    expect(await sentUsers(pipeline)).toEqual([]);
  });

  it('is planned, confirmed and decided', async () => {
    await die(pipeline, 5);
    const console = await serve(pipeline, '--allow-replay');
    const filter = { coupon: 1 };
    const plan = (await console.post('/api/replays', { filter })).json<ReplayData>();
    expect(plan).toMatchObject({
      ...{ phase: 'planned', filter, looked: 5 },
      plan: {
        ...{ selected: 5, replayable: 3, topics: [{ topic: REQUEST_TOPIC, replayable: 3 }] },
        skipped: [{ code: 'WOULD_BE_REJECTED', count: 2 }],
        steps: [{ code: 'RAISE_STOCK', command: 'coupons campaigns update 1 --stock 5' }],
      },
    });
    expect(await sentUsers(pipeline)).toEqual([]);

    const confirmed = await console.post(`/api/replays/${plan.id}/confirm`);
    expect(confirmed.json<ReplayData>()).toMatchObject({ id: plan.id, phase: 'sending' });
    await console.until('replay', (replay) => replay?.phase === 'deciding');
    expect(await sentUsers(pipeline)).toEqual([1, 2, 3]);
    expect((await console.post(`/api/replays/${plan.id}/confirm`)).status).toBe(404);

    const consumer = pipeline.start(['consume']);
    const done = await console.until('replay', (replay) => replay?.phase === 'done');
    expect(done).toMatchObject({
      replayed: 3,
      outcomes: { outcomes: { ISSUED: 3, SOLD_OUT: 0 }, pending: 0 },
      failure: null,
    });
    consumer.kill('SIGINT');
    await consumer.exit;
    const letter = (await console.get('/api/letters/0:0')).json<WholeLetter>();
    expect(letter.wasReplayed).toBe(true);
    await raise(pipeline, 5);
    const again = (await console.post('/api/replays')).json<ReplayData>();
    expect(again.plan).toMatchObject({
      replayable: 2,
      skipped: [{ code: 'ALREADY_REPLAYED', count: 3 }],
    });
    expect((await pipeline.audit()).verdict).toBe('PASS');
  });

  it('that dies by kill -9 is finished by `dlq replay`', async () => {
    const LETTERS = 5000;
    await raise(pipeline, 3 * LETTERS);
    await die(pipeline, LETTERS);
    const console = await serve(pipeline, '--allow-replay');
    const plan = (await console.post('/api/replays')).json<ReplayData>();
    expect(plan.plan).toMatchObject({ replayable: LETTERS });
    await console.post(`/api/replays/${plan.id}/confirm`);
    await eventually(async () => {
      const ends = await pipeline.admin.fetchTopicOffsets(REQUEST_TOPIC);
      return ends.some(({ high }) => Number(high) > 0);
    });
    console.run.kill('SIGKILL');
    await console.run.exit;

    const rest = await pipeline.json(contract.dlqReplayed, ['dlq', 'replay', '--yes']);
    expect(rest.selected).toBe(LETTERS);
    expect(rest.replayed).toBeGreaterThan(0);
    const sent = await sentUsers(pipeline);
    expect(new Set(sent).size).toBe(LETTERS);
    // What one send held.
    expect(sent.length - LETTERS).toBeLessThanOrEqual(1000);

    const { outcomes } = await pipeline.drain();
    expect(outcomes).toMatchObject({ ISSUED: LETTERS });
    expect((await pipeline.audit()).verdict).toBe('PASS');
  });
});
