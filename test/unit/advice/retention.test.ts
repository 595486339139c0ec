import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advice/advice.js';
import type { AdviceFacts } from '../../../src/advice/facts.js';
import type { LagReport } from '../../../src/lag/lag.js';
import { behind, codes, commands, facts, partitionsWith } from './facts.js';

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
    expect(commands(waiting(100))[0]).toBe(
      'kafka-configs --bootstrap-server 127.0.0.1:9092 --alter --entity-type topics --entity-name coupon-issue-requests --add-config retention.ms=1209600000',
    );
  });

  it('calls it critical when they are nearly gone', () => {
    expect(advise(waiting(165)).findings[0]).toMatchObject({
      code: 'RETENTION_RISK',
      severity: 'critical',
    });
  });

  it('keeps records longer that have outlived it already, and counts in seconds where it is short', () => {
    const outlived = waiting(24 * 7 * 3);
    expect(commands(outlived)[0]).toContain(`retention.ms=${2 * 3 * 7 * 24 * HOUR_MS}`);
    expect(advise(outlived).findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/has waited 21 days, .* at 7 days: it may go at any moment\.$/),
    );
    const topics = outlived.topics.map((topic) => ({ ...topic, retentionMs: 12_000 }));
    const short = advise({ ...waiting(10 / 3600), topics }).findings.map(({ message }) => message);
    expect(short).toContainEqual(
      expect.stringMatching(
        /has waited 10.0 s, and retention deletes it at 12.0 s: 2.0 s are left/,
      ),
    );
  });

  it('does not where the group has read them before', () => {
    expect(codes(waiting(165, 600))).not.toContain('RETENTION_RISK');
    expect(codes(waiting(165, 20_000))).toContain('RETENTION_RISK');
  });

  it('warns when unread records fill half of what is kept, and keeps more first', () => {
    // 2,000 records a partition, half of them unread: 500,000 of its 1,000,000 bytes.
    expect(codes(unreadHalf(1_000_001))).not.toContain('RETENTION_BYTES_RISK');
    expect(codes(unreadHalf(1_000_000))).toContain('RETENTION_BYTES_RISK');
    expect(commands(unreadHalf(1_000_000))[0]).toMatch(/--add-config retention\.bytes=2000000$/);
    expect(advise(unreadHalf(555_000)).findings[0]).toMatchObject({
      code: 'RETENTION_BYTES_RISK',
      severity: 'critical',
      message: expect.stringContaining('about 488 KiB, and retention keeps 542 KiB') as string,
    });
  });

  it('does not where all is kept, the group catches up, or no size is told', () => {
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
    expect(commands({ ...waiting(100), topics })[0]).toMatch(
      /--add-config retention\.ms=1209600000,retention\.bytes=2000000$/,
    );
  });

  it('says what is lost already', () => {
    const [partition] = partitionsWith([{ lag: 5 }]);
    if (partition === undefined) throw new Error('no partition');
    const lag = behind({ partitions: [{ ...partition, startOffset: 1003n }] });
    expect(advise(facts({ lag })).findings[0]).toMatchObject({
      code: 'DELETED_UNREAD',
      message: expect.stringContaining('3 offsets') as string,
    });
  });
});
