import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../src/ports/log.js';
import { requestOf } from '../../../src/records/request-of.js';

function record(fields: object, changes: Partial<LogRecord> = {}): LogRecord {
  return {
    topic: 'coupon-issue-requests',
    partition: 0,
    offset: 17n,
    timestamp: 1_795_739_916_004n,
    key: null,
    value: Buffer.from(JSON.stringify({ couponId: 1, userId: 42, ...fields })),
    headers: {},
    ...changes,
  };
}

const named = (eventId: string) => ({ ok: true, request: { eventId, couponId: 1, userId: 42 } });

const POSITION_NAME = 'coupon-issue-requests/0@17@1795739916004';

describe('a request is named', () => {
  it('by its eventId, whatever the headers say', () => {
    const headers = { 'coupon-event-id': Buffer.from('other') };
    expect(requestOf(record({ eventId: 'mine' }, { headers }))).toEqual(named('mine'));
  });

  it.each([{}, { eventId: null }])('by its position where it has none: %j', (fields) => {
    expect(requestOf(record(fields))).toEqual(named(POSITION_NAME));
  });

  it('by the last header of a replay where it has none', () => {
    const headers = { 'coupon-event-id': [Buffer.from('first'), Buffer.from('second')] };
    expect(requestOf(record({}, { headers }))).toEqual(named('second'));
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['too long', Buffer.alloc(201, 'x')],
    ['not printable', Buffer.from('a\nb')],
    ['repeated without a value', []],
  ])('by its position where the header is %s', (_, value) => {
    expect(requestOf(record({}, { headers: { 'coupon-event-id': value } }))).toEqual(
      named(POSITION_NAME),
    );
  });

  it('by the end of its position where the topic’s name is as long as Kafka allows', () => {
    const parsed = requestOf(record({}, { topic: 't'.repeat(249), timestamp: -(2n ** 63n) }));
    const name = parsed.ok ? parsed.request.eventId : '';
    expect(name).toHaveLength(200);
    expect(name).toMatch(/t\/0@17@-9223372036854775808$/);
  });
});

it('a value that is no request says why', () => {
  expect(requestOf(record({ userId: 0 }))).toMatchObject({ malformed: { code: 'OUT_OF_RANGE' } });
});
