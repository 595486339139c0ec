import { describe, expect, it } from 'vitest';
import type { EventDetails, EventKind } from '../../../src/ports/store-history.js';
import { linesOf } from '../../../src/history/rebalances.js';
import { lineText } from '../../../src/words/en/history-lines.js';

const actor = { user: 'ops', host: 'web-1', pid: 4711 };
const atMs = Date.UTC(2026, 10, 27, 2, 1, 24);
const [run, group, topic] = ['a-run', 'its-group', 'its-topic'];
const manyPartitions = Array.from({ length: 1000 }, (_, partition) => partition);
const place = { group, topic, partitions: [0, 2] };

/** By kind, so that the compiler finds a missing one. */
const TEXTS: {
  readonly [Kind in EventKind]: readonly (readonly [EventDetails & { kind: Kind }, string])[];
} = {
  CONSUMER_STARTED: [
    [
      { kind: 'CONSUMER_STARTED', run, clusterId: 'c', group, topic, mode: 'batch', members: 2 },
      'consumer started on web-1 (pid 4711) by ops: group its-group, batch, 2 members',
    ],
  ],
  CONSUMER_STOPPED: [
    [
      { kind: 'CONSUMER_STOPPED', run, group, records: 1200, errorCode: null },
      'consumer stopped on web-1 (pid 4711) after 1,200 records',
    ],
    [
      { kind: 'CONSUMER_STOPPED', run, group, records: 1, errorCode: 'STORE_FULL' },
      'consumer on web-1 (pid 4711) ended by STORE_FULL after 1 record',
    ],
  ],
  PARTITIONS_ASSIGNED: [
    [
      { kind: 'PARTITIONS_ASSIGNED', run, group, member: 3, partitions: [] },
      'group its-group rebalanced: web-1 (pid 4711) member 3: none',
    ],
    [
      { kind: 'PARTITIONS_ASSIGNED', run, group, member: 3, partitions: [0, 2] },
      'group its-group rebalanced: web-1 (pid 4711) member 3: 0 2',
    ],
    [
      { kind: 'PARTITIONS_ASSIGNED', run, group, member: 3, partitions: manyPartitions },
      'group its-group rebalanced: web-1 (pid 4711) member 3: 1,000 partitions',
    ],
  ],
  OUTAGE: [
    [
      { kind: 'OUTAGE', run, of: 'dlq', elapsedMs: 12_400 },
      'the dead letter topic works again after an outage of 12.4 s, since 02:01:11, on web-1 (pid 4711)',
    ],
    [
      { kind: 'OUTAGE', run, of: 'broker', what: 'the group coordinator', elapsedMs: 12_400 },
      'the group coordinator works again after an outage of 12.4 s, since 02:01:11, on web-1 (pid 4711)',
    ],
  ],
  REPLAY_BEGUN: [
    [
      { kind: 'REPLAY_BEGUN', run, topic, letters: 100 },
      'ops@web-1 began to replay 100 dead letters of its-topic',
    ],
  ],
  LETTERS_REPLAYED: [
    [
      {
        ...{ kind: 'LETTERS_REPLAYED', topic, sent: 40, failed: 0, run, letters: 100 },
        endedBy: 'INTERRUPTED',
      },
      'ops@web-1 replayed 40 of 100 dead letters of its-topic; interrupted',
    ],
    [
      {
        ...{ kind: 'LETTERS_REPLAYED', topic, sent: 40, failed: 10, run, letters: 100 },
        endedBy: 'BROKER_UNREACHABLE',
      },
      'ops@web-1 replayed 40 of 100 dead letters of its-topic, 10 failed; ended by BROKER_UNREACHABLE',
    ],
    [
      { kind: 'LETTERS_REPLAYED', topic, sent: 100, failed: 0, run, letters: 100, endedBy: null },
      'ops@web-1 replayed 100 dead letters of its-topic',
    ],
    [
      { kind: 'LETTERS_REPLAYED', topic, sent: 120, failed: 0 },
      'ops@web-1 replayed 120 dead letters of its-topic',
    ],
    [
      { kind: 'LETTERS_REPLAYED', topic, sent: 1, failed: 2 },
      'ops@web-1 replayed 1 dead letter of its-topic, 2 failed',
    ],
  ],
  LETTERS_PURGED: [
    [{ kind: 'LETTERS_PURGED', topic, letters: 7 }, 'ops@web-1 purged 7 dead letters of its-topic'],
  ],
  OFFSETS_RESET: [
    [
      { kind: 'OFFSETS_RESET', ...place },
      'ops@web-1 reset the offsets of group its-group in its-topic (partitions 0, 2)',
    ],
  ],
  STORE_TAKEN_OVER: [
    [
      { kind: 'STORE_TAKEN_OVER', ...place },
      'ops@web-1 took group its-group over to this store (its-topic, partitions 0, 2)',
    ],
  ],
  PARTITIONS_ADDED: [
    [
      { kind: 'PARTITIONS_ADDED', topic, from: 3, to: 6 },
      'ops@web-1 added partitions to its-topic: 3 → 6',
    ],
  ],
  AUDITED: [
    [
      {
        ...{ kind: 'AUDITED', couponId: 7, verdict: 'FAIL', records: 9000, findings: 1 },
        ...{ unprocessed: 20, elapsedMs: 5 },
      },
      'audit of coupon 7 by ops@web-1: FAIL, 9,000 records, 1 finding, 20 unprocessed',
    ],
  ],
};

describe('an event in words', () => {
  it.each(Object.values(TEXTS).flat())('%o', (details: EventDetails, text: string) => {
    const lines = linesOf([{ ...details, id: 1, atMs, actor }]);
    expect(lines.map(lineText)).toEqual([text]);
  });
});
