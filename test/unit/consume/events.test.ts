import { expect, it } from 'vitest';
import { describeEvent, type ConsumeEvent } from '../../../src/consume/events.js';

const position = { topic: 'coupon-issue-requests', partition: 2, offset: 41n };
const of = { couponId: 7, traceparent: null };

it.each<[ConsumeEvent, string]>([
  [
    { kind: 'retry', position, ...of, retry: 2, retries: 3, delayMs: 2000, reason: 'refused' },
    'coupon-issue-requests/2@41: retry 2 of 3 in 2 s: refused',
  ],
  [
    { kind: 'dead-letter', position, ...of, reasonCode: 'X', reason: 'refused', retryCount: 3 },
    'coupon-issue-requests/2@41: dead letter X after 3 retries: refused',
  ],
  [
    { kind: 'outage', what: 'the store', lastedMs: 0, reason: 'locked' },
    'the store does not work, waiting for it: locked',
  ],
  [
    { kind: 'outage', what: 'the broker', lastedMs: 61_000, reason: 'no answer' },
    'the broker does not work for 1 min 1 s, waiting for it: no answer',
  ],
  [
    { kind: 'recovered', what: 'the store', of: 'store', afterMs: 3400 },
    'the store works again, after 3 s',
  ],
  [
    { kind: 'fenced', partition: 1, offset: 7n },
    'partition 1: another member has moved on to offset 7; looking up where to go on',
  ],
  [
    { kind: 'joined', member: 1, partitions: [0, 2] },
    'member 1 has joined the group, with partitions 0, 2',
  ],
  [
    { kind: 'joined', member: 4, partitions: [] },
    'member 4 has joined the group, without a partition',
  ],
  [{ kind: 'left', member: 1 }, 'member 1 has given its partitions back'],
  [{ kind: 'assigned', member: 4, partitions: [] }, 'member 4 has no partition and sits idle'],
  [
    {
      kind: 'assigned',
      member: 1,
      partitions: [
        { partition: 0, offset: 5n },
        { partition: 2, offset: 0n },
      ],
    },
    'member 1 took partition 0 at offset 5, partition 2 at offset 0',
  ],
  [
    {
      kind: 'applied',
      partition: 0,
      firstOffset: 5n,
      nextOffset: 9n,
      records: 4,
      outcomes: { ISSUED: 2, SOLD_OUT: 1 },
      repeated: 1,
    },
    'partition 0 offset 5..8: 4 applied (ISSUED 2, SOLD_OUT 1, repeated 1)',
  ],
  [
    { kind: 'records-lost', partition: 0, records: 12n },
    'partition 0: 12 records were deleted by retention before they were read',
  ],
  [{ kind: 'stopping', why: 'drained', onTheWay: 0 }, 'stopping: drained'],
])('the log says of $kind', (event, line) => {
  expect(describeEvent(event)).toBe(line);
});
