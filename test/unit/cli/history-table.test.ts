/** What `coupons history` draws: times that say their day and year where they are not today's. */
import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import { drawHistory } from '../../../src/cli/history/table.js';
import {
  boundariesOf,
  bucketMsOf,
  bucketsOf,
  totalsOf,
  type Bucketing,
} from '../../../src/history/buckets.js';
import type { History } from '../../../src/history/history.js';
import { displayWidth } from '../../../src/output/width.js';
import { MINUTE_MS, type Period } from '../../../src/ports/store-history.js';

const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 10, 27, 2, 10, 41);
const SITE = { context: null, cluster: 'c', brokers: 'kafka:9092', store: '/data/coupons.db' };
const actor = { user: 'ops', host: 'web-1', pid: 4711 };

/** Something was issued, dead-lettered and purged in the first minute of the period. */
function historyOf(period: Period, by: Bucketing = 'auto'): History {
  const bucketMs = bucketMsOf(period, by);
  const boundaries = boundariesOf(period, bucketMs);
  const rows = { minuteMs: period.fromMs, couponId: 1, rows: 7 };
  const buckets = bucketsOf(
    boundaries,
    [
      { ...rows, outcome: 'ISSUED', reasonCode: null },
      { ...rows, outcome: 'DEAD_LETTERED', reasonCode: 'MALFORMED_JSON' },
    ],
    boundaries.map(() => 0),
  );
  const purged = { kind: 'LETTERS_PURGED', topic: 'coupon-issue-dlq', letters: 7 } as const;
  return {
    question: { period, bucketMs, topic: 'coupon-issue-requests', couponId: null, mostEvents: 9 },
    countedSinceMs: 0,
    buckets,
    totals: totalsOf(buckets),
    happenings: [{ ...purged, id: 1, atMs: period.fromMs + 9000, actor }],
    notes: [],
  };
}

function linesOf(period: Period, columns = 80): readonly string[] {
  const view = { paint: new Chalk({ level: 0 }), columns, nowMs: NOW };
  return drawHistory(historyOf(period), SITE, view).split('\n');
}

const starting = (lines: readonly string[], text: RegExp) => lines.find((line) => text.test(line));

describe('the times of a history', () => {
  test('have no day where all of it is of today', () => {
    const lines = linesOf({ fromMs: NOW - 41_000 - 60 * MINUTE_MS, toMs: NOW });
    expect(starting(lines, /^01:10 +0 /)).toBeDefined();
    expect(starting(lines, /^01:11 - 02:10:41 +nothing/)).toBeDefined();
    expect(starting(lines, /^MALFORMED_JSON +7 +01:10 +01:10$/)).toBeDefined();
    expect(starting(lines, /^01:10:09 +ops@web-1 purged/)).toBeDefined();
  });

  test('have the day where the period begins before midnight', () => {
    const lines = linesOf({ fromMs: NOW - 41_000 - 180 * MINUTE_MS, toMs: NOW });
    expect(starting(lines, /^11-26 23:10 +0 /)).toBeDefined();
    expect(starting(lines, /^11-26 23:15 - 11-27 02:10:41 +nothing/)).toBeDefined();
    expect(starting(lines, /^11-26 23:10:09 +ops@web-1 purged/)).toBeDefined();
  });

  test('have the day where the period is one day that is over', () => {
    const fromMs = Date.UTC(2026, 10, 20);
    const lines = linesOf({ fromMs, toMs: fromMs + DAY_MS / 2 });
    expect(starting(lines, /^11-20 00:15 - 12:00 +nothing/)).toBeDefined();
  });

  test.each([60, 80, 120])('have the year where it is not this one, on %d columns', (columns) => {
    const lines = linesOf({ fromMs: Date.UTC(2025, 9, 1), toMs: NOW }, columns);
    expect(starting(lines, /^2025-10-01 00:00 +0 /)).toBeDefined();
    expect(
      starting(lines, /^MALFORMED_JSON +7 +2025-10-01 00:00 +2025-10-01 00:00$/),
    ).toBeDefined();
    expect(starting(lines, /^2025-10-01 00:00:09 +ops@web-1 purged/)).toBeDefined();
    expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
  });
});
