import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

const big = '{"userId":12345678901234567890}';

/** One of each kind: value, reason code, and how the letter carries the original. */
const malformed: readonly (readonly [string | Buffer | null, string, unknown])[] = [
  ['{"couponId":', 'MALFORMED_JSON', '{"couponId":'],
  [null, 'EMPTY_VALUE', null],
  ['"please"', 'NOT_AN_OBJECT', '"please"'],
  ['{}', 'MISSING_FIELD', {}],
  [Buffer.from([0xc3, 0x28]), 'INVALID_UTF8', { base64: 'wyg=' }],
  [big, 'MISSING_FIELD', big],
  ['\u001b[31mred\u0007', 'MALFORMED_JSON', '\u001b[31mred\u0007'],
];

describe('the dead letter queue', () => {
  const pipeline = usePipeline();
  const count = () => pipeline.json(contract.dlqCount, ['dlq', 'count']);
  const peek = (...args: readonly string[]) =>
    pipeline.json(contract.dlqPeek, ['dlq', 'peek', ...args]);

  describe('that is empty', () => {
    beforeEach(() => pipeline.reset());

    it('is counted and looked into all the same', async () => {
      expect(await count()).toEqual({
        topic: DLQ_TOPIC,
        ...{ count: 0, replayed: 0, waiting: 0 },
        partitions: [{ partition: 0, count: 0, replayed: 0, waiting: 0 }],
        openTransactions: [],
      });
      const nothing = { total: 0, matched: 0, messages: [], openTransactions: [] };
      expect(await peek()).toEqual({ topic: DLQ_TOPIC, newestFirst: false, ...nothing });
    });

    it('shows records of other programs without stumbling over them', async () => {
      await pipeline.send(
        [
          { key: null, value: null },
          { key: 'k', value: 'plain text' },
          { key: Buffer.from([0xff]), value: 'x', headers: { constructor: 'anybody' } },
        ],
        DLQ_TOPIC,
      );
      const { messages } = await peek();
      expect(
        messages.map(({ key, originalEvent, reasonCode, origin }) => ({
          key,
          originalEvent,
          reasonCode,
          origin,
        })),
      ).toEqual([
        { key: null, originalEvent: null, reasonCode: null, origin: null },
        { key: 'k', originalEvent: 'plain text', reasonCode: null, origin: null },
        { key: { base64: '/w==' }, originalEvent: 'x', reasonCode: null, origin: null },
      ]);
      expect(messages[2]?.headers).toEqual({ constructor: 'anybody' });
      expect((await pipeline.run(['dlq', 'peek'])).code).toBe(0);
    });
  });

  describe('after a run with malformed requests', () => {
    beforeAll(async () => {
      await pipeline.reset();
      const fields = request(1, 1);
      const wrong = [
        request(1, 1, { userId: [1] }),
        request(1, -1),
        request(1, 1, { eventType: 'OTHER' }),
        request(1, 1, { userId: 'one' }),
      ];
      await pipeline.send([
        ...malformed.map(([value]) => ({ key: '1', value })),
        ...wrong,
        { ...fields, headers: { traceparent: '00-ab', raw: Buffer.from([0xff]) }, value: '[]' },
      ]);
      await pipeline.drain();
    });

    it('counts every one of them', async () => {
      expect(await count()).toMatchObject({ count: malformed.length + 5 });
    });

    it('tells why each was refused, and carries the original as it was', async () => {
      const { messages, total } = await peek('--max-messages', '100');
      expect(total).toBe(malformed.length + 5);
      expect(messages.map(({ reasonCode }) => reasonCode)).toEqual([
        ...malformed.map(([, code]) => code),
        ...['WRONG_TYPE', 'OUT_OF_RANGE', 'UNKNOWN_EVENT_TYPE', 'INVALID_FORMAT', 'NOT_AN_OBJECT'],
      ]);
      expect(messages.slice(0, malformed.length).map(({ originalEvent }) => originalEvent)).toEqual(
        malformed.map(([, , original]) => original),
      );
      for (const message of messages) {
        expect(message).toMatchObject({ key: '1', retryCount: 0, replayCount: 0 });
        expect(message.failureReason).toBeTruthy();
      }
    });

    it('tells where each came from, in the order in which they were sent', async () => {
      const { messages } = await peek('--max-messages', '100');
      const sent = await pipeline.records(REQUEST_TOPIC);
      expect(messages.map(({ origin }) => origin)).toEqual(
        sent.map(({ partition, offset }) => ({
          topic: REQUEST_TOPIC,
          partition,
          offset: offset.toString(),
        })),
      );
      messages.forEach(({ headers }, index) => {
        const origin = sent[index];
        expect(headers).toMatchObject({
          'coupon-dlq-origin-topic': REQUEST_TOPIC,
          'coupon-dlq-origin-partition': String(origin?.partition),
          'coupon-dlq-origin-offset': origin?.offset.toString(),
          'coupon-dlq-origin-timestamp': String(origin?.timestampMs),
          'coupon-dlq-retry-count': '0',
          'coupon-dlq-replay-count': '0',
        });
      });
    });

    it("keeps the record's own headers, those that are no text as base64", async () => {
      const [newest] = (await peek('--newest', '--max-messages', '1')).messages;
      expect(newest?.headers).toMatchObject({
        traceparent: '00-ab',
        raw: { base64: '/w==' },
        'coupon-dlq-reason': 'NOT_AN_OBJECT',
      });
    });

    it('holds letters that fit the contract byte for byte', async () => {
      const letters = await pipeline.records(DLQ_TOPIC);
      for (const { value } of letters) {
        contract.deadLetter.parse(JSON.parse(value?.toString() ?? ''));
      }
    });

    it('shows the oldest or the newest, as many as were asked for', async () => {
      const offsets = async (...args: readonly string[]) =>
        (await peek('--max-messages', '3', ...args)).messages.map(({ offset }) => offset);
      expect(await offsets()).toEqual(['0', '1', '2']);
      expect(await offsets('--newest')).toEqual(['11', '10', '9']);
    });

    it('lets no control character of a letter reach the terminal', async () => {
      const { code, stdout } = await pipeline.run(['dlq', 'peek', '--max-messages', '100']);
      expect(code).toBe(0);
      expect(stdout).toContain('[31mred');
      // eslint-disable-next-line no-control-regex -- they are what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    });
  });
});
