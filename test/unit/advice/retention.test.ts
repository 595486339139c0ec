import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advice/advice.js';
import type { AdviceFacts } from '../../../src/advice/facts.js';
import type { LagReport } from '../../../src/lag/lag.js';
import { behind, codes, facts, partitionsWith } from './facts.js';

const HOUR_MS = 3_600_000;

const waiting = (hours: number, etaSeconds: number | null = null): AdviceFacts =>
  facts({
    lag: behind({
      etaSeconds,
      partitions: partitionsWith([{ lag: 10_000, waitedMs: hours * HOUR_MS }]),
    }),
  });

/** Partitions of 2,000 records in a megabyte, of which the group has read half. */
function unreadHalf(
  retentionBytes: number | null,
  lag: Partial<LagReport> = {},
  sizeBytes: number | null = 1_000_000,
): AdviceFacts {
  const given = facts({
    lag: behind({ partitions: partitionsWith([{ lag: 1000 }, { lag: 1000 }]), ...lag }),
  });
  const topics = given.topics.map((topic) => ({
    ...topic,
    retentionBytes,
    partitions: topic.partitions.map((partition) => ({ ...partition, sizeBytes })),
  }));
  return { ...given, topics };
}

describe('advice about retention', () => {
  it('warns when unread records have waited for half of it, and keeps them longer first', () => {
    expect(codes(waiting(80))).not.toContain('RETENTION_RISK');
    expect(codes(waiting(100))).toContain('RETENTION_RISK');
    expect(advise(waiting(100)).steps[0]).toEqual({
      code: 'KEEP_LONGER',
      topic: 'coupon-issue-requests',
      bootstrap: '127.0.0.1:9092',
      age: { share: 100 / (7 * 24), newValue: 14 * 24 * HOUR_MS },
      size: null,
    });
  });

  it('calls it critical when they are nearly gone', () => {
    expect(advise(waiting(165)).findings[0]).toMatchObject({
      code: 'RETENTION_RISK',
      severity: 'critical',
    });
  });

  it('keeps records longer that have outlived it already', () => {
    const outlived = advise(waiting(24 * 7 * 3));
    expect(outlived.steps[0]).toMatchObject({ age: { newValue: 2 * 3 * 7 * 24 * HOUR_MS } });
    expect(outlived.findings).toContainEqual({
      code: 'RETENTION_RISK',
      severity: 'critical',
      topic: 'coupon-issue-requests',
      waitedMs: 3 * 7 * 24 * HOUR_MS,
      retentionMs: 7 * 24 * HOUR_MS,
    });
  });

  it('does not where the group has read them before', () => {
    expect(codes(waiting(165, 600))).not.toContain('RETENTION_RISK');
    expect(codes(waiting(165, 20_000))).toContain('RETENTION_RISK');
  });

  it('warns when unread records fill half of what is kept, and keeps more first', () => {
    // 2,000 records a partition, half of them unread: 500,000 of its 1,000,000 bytes.
    expect(codes(unreadHalf(1_000_001))).not.toContain('RETENTION_BYTES_RISK');
    expect(codes(unreadHalf(1_000_000))).toContain('RETENTION_BYTES_RISK');
    expect(advise(unreadHalf(1_000_000)).steps[0]).toMatchObject({
      age: null,
      size: { newValue: 2_000_000 },
    });
    expect(advise(unreadHalf(555_000)).findings[0]).toMatchObject({
      code: 'RETENTION_BYTES_RISK',
      severity: 'critical',
      unreadBytes: 500_000,
      retentionBytes: 555_000,
    });
  });

  it('does not where all is kept, the group catches up, or no size is known', () => {
    for (const given of [
      unreadHalf(null),
      unreadHalf(500_000, { etaSeconds: 60 }),
      unreadHalf(500_000, {}, null),
    ]) {
      expect(codes(given)).not.toContain('RETENTION_BYTES_RISK');
    }
  });

  it('keeps longer and more in one step where both are short', () => {
    const { topics } = unreadHalf(1_000_000);
    expect(advise({ ...waiting(100), topics }).steps[0]).toMatchObject({
      age: { newValue: 14 * 24 * HOUR_MS },
      size: { newValue: 2_000_000 },
    });
  });

  it('says what is lost already', () => {
    const [partition] = partitionsWith([{ lag: 5 }]);
    if (partition === undefined) throw new Error('no partition');
    const lag = behind({ partitions: [{ ...partition, startOffset: 1003n }] });
    expect(advise(facts({ lag })).findings[0]).toMatchObject({
      code: 'DELETED_UNREAD',
      deletedOffsets: 3n,
    });
  });
});
