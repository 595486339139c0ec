import { describe, expect, it } from 'vitest';
import { scanLetters } from '../../../../src/dead-letters/scan.js';
import { deadLetterOf } from '../../../../src/dead-letters/dead-letter.js';
import { OriginRecords } from '../../../../src/dead-letters/replay/origin-records.js';
import type { OutgoingRecord, RecordSink } from '../../../../src/ports/record-sink.js';
import { replayRecords, ReplaySink } from '../../../../src/dead-letters/replay/replay.js';
import type { Expected } from '../../../../src/dead-letters/replay/forecast.js';
import { ReplayTally } from '../../../../src/dead-letters/replay/tally.js';
import type { ReplayChoices } from '../../../../src/dead-letters/replay/plan.js';
import { MAX_REPLAYS, type ReplayRecord } from '../../../../src/dead-letters/replay/sendable.js';
import { nameHeaders, requestOf } from '../../../../src/records/request-of.js';
import { MemoryStore } from '../../../support/memory/store.js';
import { MemoryLog } from '../../../support/memory/log.js';
import { MemorySink } from '../../../support/memory/sink.js';
import { request } from '../../../support/requests.js';

/** The value of a request of coupon 1, always the same for a user. */
const valueOf = (userId: number): Buffer =>
  request(1, userId, { eventId: `event-${userId}` }).value;

/** The headers of a letter that says it came from there. */
const forged = (topic: string) => ({
  'coupon-dlq-reason': Buffer.from('X'),
  'coupon-dlq-origin-topic': Buffer.from(topic),
  'coupon-dlq-origin-partition': Buffer.from('0'),
  'coupon-dlq-origin-offset': Buffer.from('0'),
});

interface Given {
  readonly value?: Buffer;
  readonly replays?: number;
  readonly reasonCode?: string;
  readonly maxBytes?: number;
}

class Pipeline {
  readonly requests = new MemoryLog(1);
  readonly dlq = new MemoryLog(1, 'coupon-issue-dlq');
  readonly store = new MemoryStore();
  topicLimit = 1_000_000;
  readonly topics = new Set(['coupon-issue-requests', 'coupon-issue-dlq', 'payments']);
  /** What a user's request is expected to become. */
  expected: (userId: number) => Expected = () => 'ISSUED';
  /** Told of each topic that Kafka is asked for. */
  onAsked: (topic: string) => void = () => undefined;

  /** A request that died, and its letter. */
  die({ value = valueOf(1), replays = 0, reasonCode = 'X', maxBytes = 1_000_000 }: Given): void {
    const headers =
      replays === 0 ? {} : { 'coupon-dlq-replay-count': Buffer.from(String(replays)) };
    const record = this.requests.append(0, { key: Buffer.from('1'), value, headers });
    const failure = { reasonCode, reason: 'it failed', retryCount: 3, stackTrace: '' };
    this.dlq.append(0, deadLetterOf(record, failure, { nowMs: 0, maxBytes }));
  }

  /** Plans all letters; what is to be sent, and the tally. */
  async plan({ max = Infinity, ...choices }: Partial<ReplayChoices> & { max?: number } = {}) {
    const bounds = await this.dlq.bounds();
    const query = { topic: this.dlq.topic, bounds, filter: {}, newestFirst: false };
    const tally = new ReplayTally();
    const records: ReplayRecord[] = [];
    const sources = {
      clusterId: 'cluster-in-memory',
      store: this.store,
      origins: new OriginRecords({
        bounds: (topic) => {
          this.onAsked(topic);
          return this.requests.bounds(topic);
        },
        read: (topic, partition, from, to) => this.requests.read(topic, partition, from, to),
      }),
      forecast: {
        expect: ({ userId }: { readonly userId: number }) => this.expected(userId),
      },
      topicExists: (topic: string) => {
        this.onAsked(topic);
        return Promise.resolve(this.topics.has(topic));
      },
      maxMessageBytes: () => Promise.resolve(this.topicLimit),
      ...{ again: false, includesRejected: false, allowedTopics: [] },
      ...choices,
    };
    const letters = scanLetters(this.dlq, query);
    for await (const record of replayRecords(letters, sources, max, tally)) records.push(record);
    return { records, tally };
  }

  sink(inner: RecordSink = new MemorySink()): ReplaySink {
    return new ReplaySink(() => Promise.resolve(inner), this.store);
  }
}

const users = (records: readonly ReplayRecord[]) =>
  records.map(({ request: { userId } }) => userId);

describe('what a replay plans', () => {
  it('is every request among the letters, in their order', async () => {
    const pipeline = new Pipeline();
    for (const userId of [3, 1, 2]) pipeline.die({ value: valueOf(userId) });

    const { records, tally } = await pipeline.plan();

    expect(users(records)).toEqual([3, 1, 2]);
    expect(records[0]).toMatchObject({ topic: 'coupon-issue-requests', value: valueOf(3) });
    expect(tally).toMatchObject({ selected: 3, replayable: 3, skippedLetters: 0 });
  });

  it('counts replays on', async () => {
    const pipeline = new Pipeline();
    pipeline.die({});
    pipeline.die({ replays: 2 });

    const { records } = await pipeline.plan();

    const counts = records.map(({ headers }) => String(headers['coupon-dlq-replay-count']));
    expect(counts).toEqual(['1', '3']);
  });

  it('keeps the name of a request without an eventId, however often it is replayed', async () => {
    const pipeline = new Pipeline();
    const value = Buffer.from('{"couponId":1,"userId":7}');
    pipeline.die({ value });
    const name = 'coupon-issue-requests/0@0@0';

    const fromOrigin = (await pipeline.plan()).records[0];
    pipeline.requests.deleteBefore(0, 1n);
    const fromLetter = (await pipeline.plan()).records[0];

    for (const record of [fromOrigin, fromLetter]) {
      expect(record?.request).toEqual({ eventId: name, couponId: 1, userId: 7 });
      const replayed = pipeline.requests.append(0, { timestampMs: 9, ...record });
      expect(requestOf(replayed)).toMatchObject({ ok: true, request: { eventId: name } });
      expect(nameHeaders(replayed)).toEqual({ 'coupon-event-id': Buffer.from(name) });
    }
  });

  it('sends no name of a request that has an eventId', async () => {
    const pipeline = new Pipeline();
    pipeline.die({});
    expect((await pipeline.plan()).records[0]?.headers).not.toHaveProperty('coupon-event-id');
  });

  it('leaves out what can’t be parsed as a request', async () => {
    const pipeline = new Pipeline();
    pipeline.die({ value: Buffer.from('{"couponId":'), reasonCode: 'MALFORMED_JSON' });
    pipeline.die({});

    const { tally } = await pipeline.plan();

    expect(tally).toMatchObject({ selected: 2, replayable: 1, skippedLetters: 1 });
    expect([...tally.skipped]).toEqual([['NOT_A_REQUEST', 1]]);
    expect([...tally.reasons.values()]).toEqual([
      { reasonCode: 'MALFORMED_JSON', selected: 1, replayable: 0 },
      { reasonCode: 'X', selected: 1, replayable: 1 },
    ]);
  });

  it('leaves out what came back too often, unless it is to be sent again', async () => {
    const pipeline = new Pipeline();
    pipeline.die({ value: valueOf(1), replays: MAX_REPLAYS });
    pipeline.die({ value: valueOf(2), replays: MAX_REPLAYS - 1 });

    const { records, tally } = await pipeline.plan();
    expect(users(records)).toEqual([2]);
    expect([...tally.skipped]).toEqual([['REPLAYED_TOO_OFTEN', 1]]);

    expect(users((await pipeline.plan({ again: true })).records)).toEqual([1, 2]);
  });

  it('leaves out what was cut and is no longer in Kafka', async () => {
    const pipeline = new Pipeline();
    const long = JSON.stringify({ ...JSON.parse(valueOf(1).toString()), x: 'x'.repeat(5000) });
    pipeline.die({ value: Buffer.from(long), maxBytes: 2500 });
    expect(users((await pipeline.plan()).records)).toEqual([1]);

    pipeline.requests.deleteBefore(0, 1n);

    expect([...(await pipeline.plan()).tally.skipped]).toEqual([['ORIGINAL_LOST', 1]]);
  });

  it('does not send back into the DLQ what died on its way out of it', async () => {
    const pipeline = new Pipeline();
    const died = pipeline.dlq.append(0, { key: Buffer.from('1'), value: valueOf(7) });
    const failure = { reasonCode: 'X', reason: 'it failed', retryCount: 3, stackTrace: '' };
    pipeline.dlq.append(0, deadLetterOf(died, failure, { nowMs: 0, maxBytes: 1_000_000 }));

    const { records } = await pipeline.plan();

    expect(records.at(-1)).toMatchObject({ topic: 'coupon-issue-requests', value: valueOf(7) });
  });

  it('leaves out what has no topic to go to, or does not fit it', async () => {
    const pipeline = new Pipeline();
    pipeline.die({});

    pipeline.topicLimit = 600;
    expect([...(await pipeline.plan()).tally.skipped]).toEqual([['TOO_LARGE', 1]]);
    pipeline.topics.clear();
    expect([...(await pipeline.plan()).tally.skipped]).toEqual([['NO_SUCH_TOPIC', 1]]);
  });

  it.each([['../../etc'], ['a b'], ['..'], ['x'.repeat(250)], ['x'.repeat(40_000)]])(
    'asks Kafka for no topic that can’t exist: %.20s',
    async (topic) => {
      const pipeline = new Pipeline();
      const asked: string[] = [];
      pipeline.onAsked = (name) => asked.push(name);
      pipeline.dlq.append(0, { value: valueOf(1), headers: forged(topic) });

      expect([...(await pipeline.plan()).tally.skipped]).toEqual([['NO_SUCH_TOPIC', 1]]);
      expect(asked).toEqual([]);
    },
  );

  it('leaves out what names another topic as its origin, unless that is asked for', async () => {
    const pipeline = new Pipeline();
    pipeline.dlq.append(0, { value: valueOf(1), headers: forged('payments') });
    const asked: string[] = [];
    pipeline.onAsked = (name) => asked.push(name);

    const { tally } = await pipeline.plan();
    expect([...tally.skipped]).toEqual([['OTHER_TOPIC', 1]]);
    expect([...tally.otherTopics]).toEqual([['payments', 1]]);
    // Nothing is read there either.
    expect(asked).toEqual(['payments']);

    const allowed = await pipeline.plan({ allowedTopics: ['payments'] });
    expect(allowed.records).toMatchObject([{ topic: 'payments', value: valueOf(1) }]);
    // Its readers are not known, and so not what they make of it.
    expect(allowed.tally.campaigns.size).toBe(0);
  });

  it('names a bounded number of other topics', async () => {
    const pipeline = new Pipeline();
    for (let index = 0; index < 25; index += 1) {
      pipeline.topics.add(`topic-${index}`);
      pipeline.dlq.append(0, { value: valueOf(1), headers: forged(`topic-${index}`) });
    }
    const { otherTopics } = (await pipeline.plan()).tally;
    expect(otherTopics.size).toBe(21);
    expect(otherTopics.get(null)).toBe(5);
  });

  it('leaves out what would be rejected for good, unless that is asked for', async () => {
    const pipeline = new Pipeline();
    for (const userId of [1, 2, 3]) pipeline.die({ value: valueOf(userId) });
    pipeline.expected = (userId) => (userId === 1 ? 'ISSUED' : 'SOLD_OUT');

    const { records, tally } = await pipeline.plan();
    expect(users(records)).toEqual([1]);
    expect([...tally.skipped]).toEqual([['WOULD_BE_REJECTED', 2]]);
    expect([...tally.campaigns.values()]).toEqual([
      { couponId: 1, expected: new Map([['ISSUED', 1]]), excluded: new Map([['SOLD_OUT', 2]]) },
    ]);

    const all = await pipeline.plan({ includesRejected: true });
    expect(users(all.records)).toEqual([1, 2, 3]);
    expect([...all.tally.campaigns.values()]).toMatchObject([
      {
        expected: new Map<Expected, number>([
          ['ISSUED', 1],
          ['SOLD_OUT', 2],
        ]),
        excluded: new Map(),
      },
    ]);
  });

  it('leaves out what is decided already, unless it is to be sent again', async () => {
    const pipeline = new Pipeline();
    pipeline.die({});
    pipeline.expected = () => 'REPEATED';

    expect([...(await pipeline.plan()).tally.skipped]).toEqual([['ALREADY_DECIDED', 1]]);
    expect(users((await pipeline.plan({ again: true })).records)).toEqual([1]);
    expect((await pipeline.plan({ includesRejected: true })).records).toEqual([]);
  });

  it('counts coupons without a campaign one by one up to a limit, whatever letters ask for', async () => {
    const pipeline = new Pipeline();
    pipeline.expected = () => 'NOT_FOUND';
    for (let couponId = 1; couponId <= 30; couponId += 1) {
      pipeline.die({ value: request(couponId, 1).value });
    }
    const { campaigns } = (await pipeline.plan()).tally;
    expect(campaigns.size).toBe(21);
    expect(campaigns.get(null)?.excluded).toEqual(new Map([['NOT_FOUND', 10]]));
  });

  it('sends the copy in the letter where the origin partition is gone or holds another record', async () => {
    const pipeline = new Pipeline();
    pipeline.die({ value: valueOf(1) });
    pipeline.die({ value: valueOf(2) });
    pipeline.dlq.append(0, {
      key: Buffer.from('1'),
      value: valueOf(3),
      headers: {
        ...forged('coupon-issue-requests'),
        'coupon-dlq-origin-partition': Buffer.from('7'),
      },
    });
    expect((await pipeline.plan()).tally.copies).toBe(1);

    pipeline.requests.deleteBefore(0, 1n);
    const { records, tally } = await pipeline.plan();
    expect(users(records)).toEqual([1, 2, 3]);
    expect(tally.copies).toBe(2);
  });

  it('ends at so many that can be sent, whatever was skipped before', async () => {
    const pipeline = new Pipeline();
    pipeline.die({ value: Buffer.from('no') });
    for (const userId of [1, 2, 3]) pipeline.die({ value: valueOf(userId) });

    const { records, tally } = await pipeline.plan({ max: 2 });

    expect(users(records)).toEqual([1, 2]);
    expect(tally).toMatchObject({ selected: 3, replayable: 2 });
  });
});

describe('a replay that was sent', () => {
  it('is remembered: the next one sends nothing of it', async () => {
    const pipeline = new Pipeline();
    for (const userId of [1, 2]) pipeline.die({ value: valueOf(userId) });

    await pipeline.sink().send((await pipeline.plan({ max: 1 })).records);

    const { records, tally } = await pipeline.plan();
    expect(users(records)).toEqual([2]);
    expect([...tally.skipped]).toEqual([['ALREADY_REPLAYED', 1]]);
    expect(users((await pipeline.plan({ again: true })).records)).toEqual([1, 2]);
  });

  it('is forgotten by a DLQ that was made anew', async () => {
    const pipeline = new Pipeline();
    pipeline.die({ value: valueOf(1) });
    await pipeline.sink().send((await pipeline.plan()).records);

    const anew = Object.assign(new Pipeline(), { store: pipeline.store });
    anew.die({ value: valueOf(2) });

    expect(users((await anew.plan()).records)).toEqual([2]);
  });

  it('is remembered only after it was acknowledged', async () => {
    const pipeline = new Pipeline();
    pipeline.die({});
    const { records } = await pipeline.plan();
    const watching = new (class extends MemorySink {
      remembered: boolean | null = null;
      override async send(sent: readonly OutgoingRecord[]) {
        const [first] = records;
        this.remembered =
          first === undefined ? null : await pipeline.store.wasReplayed(first.letter);
        return super.send(sent);
      }
    })();

    await pipeline.sink(watching).send(records);

    expect(watching.remembered).toBe(false);
    expect((await pipeline.plan()).records).toEqual([]);
  });

  it('is sent again where nobody knows whether it was acknowledged', async () => {
    const pipeline = new Pipeline();
    pipeline.die({});
    const { records } = await pipeline.plan();
    const error = new Error('the broker is gone');

    const sent = await pipeline.sink(new MemorySink(() => error)).send(records);

    expect(sent).toEqual({ acknowledged: [], error });
    expect((await pipeline.plan()).records).toHaveLength(1);
  });

  it('ends with the store’s failure where it can’t be remembered', async () => {
    const pipeline = new Pipeline();
    pipeline.die({});
    const { records } = await pipeline.plan();
    await pipeline.store.close();

    const sent = await pipeline.sink().send(records);

    expect(sent.acknowledged).toEqual([{ partition: 0, records: 1 }]);
    expect(sent.error).toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('goes to the topic of each record', async () => {
    const pipeline = new Pipeline();
    for (const userId of [1, 2]) pipeline.die({ value: valueOf(userId) });
    const { records } = await pipeline.plan();
    const sinks = new Map<string, MemorySink>();
    const sink = new ReplaySink((topic) => {
      const made = new MemorySink();
      sinks.set(topic, made);
      return Promise.resolve(made);
    }, pipeline.store);

    await sink.send(records.map((record, index) => ({ ...record, topic: `topic-${index}` })));

    expect([...sinks].map(([topic, { records: got }]) => [topic, got.length])).toEqual([
      ['topic-0', 1],
      ['topic-1', 1],
    ]);
  });
});
