import { expect, it } from 'vitest';
import { fieldsOf } from '../../../../src/cli/consume/event-fields.js';
import type { ConsumeEvent } from '../../../../src/consume/events.js';

const position = { topic: 'coupon-issue-requests', partition: 2, offset: 41n };
const traceparent = {
  text: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  isSampled: true,
};

it.each<[ConsumeEvent, Readonly<Record<string, unknown>>]>([
  [
    {
      ...{ kind: 'dead-letter', position, couponId: 7, traceparent },
      ...{ reasonCode: 'MALFORMED_JSON', reason: 'no JSON', retryCount: 0 },
    },
    {
      ...{ kind: 'dead-letter', ...position, couponId: 7 },
      ...{ reasonCode: 'MALFORMED_JSON', reason: 'no JSON', retryCount: 0 },
      ...{ trace_id: traceparent.traceId, span_id: traceparent.spanId },
    },
  ],
  [
    {
      ...{ kind: 'retry', position, couponId: null, traceparent: null },
      ...{ retry: 1, retries: 3, delayMs: 1000, reason: 'refused' },
    },
    {
      ...{ kind: 'retry', ...position, couponId: null },
      ...{ retry: 1, retries: 3, delayMs: 1000, reason: 'refused' },
    },
  ],
  [
    {
      ...{ kind: 'applied', partition: 0, firstOffset: 5n, nextOffset: 9n },
      ...{ records: 4, outcomes: { ISSUED: 3 }, repeated: 1 },
    },
    {
      ...{ kind: 'applied', topic: 'coupon-issue-requests', partition: 0 },
      ...{ firstOffset: 5n, nextOffset: 9n, records: 4, outcomes: { ISSUED: 3 }, repeated: 1 },
    },
  ],
  [
    { kind: 'records-lost', partition: 1, records: 12n },
    { kind: 'records-lost', topic: 'coupon-issue-requests', partition: 1, records: 12 },
  ],
  [
    {
      kind: 'assigned',
      member: 1,
      partitions: [{ ...{ lostRecords: 0n }, partition: 0, offset: 5n }],
    },
    { kind: 'assigned', member: 1, partitions: [{ partition: 0, offset: 5n }] },
  ],
  [
    { kind: 'joined', member: 1, partitions: [0] },
    { kind: 'joined', member: 1, partitions: [0] },
  ],
])('a program reads $kind from its fields', (event, fields) => {
  expect(fieldsOf(event)).toEqual(fields);
});
