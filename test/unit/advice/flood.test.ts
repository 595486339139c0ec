import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advice/advice.js';
import type { AdviceFacts, SaleFacts } from '../../../src/advice/facts.js';
import { decidedBetween } from '../../../src/advice/sale.js';
import type { OutcomeMinute } from '../../../src/ports/store-history.js';
import { behind, codes, facts, partitionsWith, steps } from './facts.js';

/** 5000 a second come for campaign 7, 1000 are read, and so many of 10,000 are issued a coupon. */
function flooded(issued: number, sale: Partial<SaleFacts> = {}): AdviceFacts {
  return facts({
    lag: behind({ inPerSecond: 5000, outPerSecond: 1000 }),
    unreadKeys: [{ key: '7', partition: 0, share: 0.9 }],
    sale: { onSale: [7], decided: { outcomes: 4000, issued }, ...sale },
  });
}

describe('advice where a producer floods the topic', () => {
  it('limits the client, and says what becomes of the campaign that it asks for', () => {
    const given = flooded(50);
    expect(advise(given).findings[0]).toEqual({
      ...{ code: 'FLOOD', severity: 'critical' },
      ...{ inPerSecond: 5000, outPerSecond: 1000, consumed: 10_000, issued: 50 },
    });
    expect(advise(given).steps.slice(0, 2)).toEqual([
      {
        code: 'LIMIT_THE_PRODUCER',
        bootstrap: '127.0.0.1:9092',
        // 3 MB of the topic are 12,000 records.
        bytesPerSecond: 250_000,
        outPerSecond: 1000,
      },
      { code: 'DEACTIVATE_CAMPAIGN', couponId: 7, share: 0.9, unread: 8100 },
    ]);
  });

  it('leaves a campaign alone that is not on sale: it issues nothing', () => {
    expect(steps(flooded(0, { onSale: [8] }))).not.toContain('DEACTIVATE_CAMPAIGN');
    expect(steps(flooded(0, { onSale: [8] }))[0]).toBe('LIMIT_THE_PRODUCER');
  });

  it('is none of a sale, of a group that keeps up, or where the store does not say', () => {
    expect(codes(flooded(1001))).not.toContain('FLOOD');
    expect(codes(flooded(50, { decided: null }))).not.toContain('FLOOD');
    expect(codes({ ...flooded(50), sale: null })).not.toContain('FLOOD');
    const near = { lag: behind({ inPerSecond: 1900, outPerSecond: 1000 }) };
    expect(codes({ ...flooded(50), ...near })).not.toContain('FLOOD');
    const falling = behind({ inPerSecond: 5000, outPerSecond: 1000, trend: 'falling' });
    expect(codes({ ...flooded(50), lag: falling })).not.toContain('FLOOD');
    const few = behind({ inPerSecond: 50, outPerSecond: 5 });
    expect(
      codes({ ...flooded(0, { decided: { outcomes: 9, issued: 0 } }), lag: few }),
    ).not.toContain('FLOOD');
  });

  it('counts what was decided from one look to the other', () => {
    const minute = (
      minuteMs: number,
      outcome: 'ISSUED' | 'SOLD_OUT',
      rows: number,
    ): OutcomeMinute => ({
      ...{ minuteMs, outcome, rows },
      ...{ couponId: 7, reasonCode: null },
    });
    const before = [minute(0, 'ISSUED', 5), minute(0, 'SOLD_OUT', 1)];
    const after = [minute(0, 'ISSUED', 8), minute(0, 'SOLD_OUT', 1), minute(60_000, 'SOLD_OUT', 9)];
    expect(decidedBetween(before, after)).toEqual({ outcomes: 12, issued: 3 });
  });
});

describe('advice on partitions during a sale', () => {
  const sold = (...onSale: number[]) => facts({ sale: { onSale, decided: null } });

  it('says when not to add them, and puts them last', () => {
    // 6 partitions instead of 3: campaign 1 stays, others move.
    const moved = advise(sold(...Array.from({ length: 20 }, (_unused, index) => index + 1)));
    const finding = moved.findings.find(({ code }) => code === 'PARTITIONS_MOVE_SALE');
    expect(finding).toMatchObject({ severity: 'warning', partitions: 6, unread: 9000 });
    expect(moved.steps.map(({ code }) => code)).toEqual(['BATCH_MODE', 'MORE_PARTITIONS']);
  });

  it('gives them where no campaign on sale moves', () => {
    expect(steps(sold())).toEqual(['MORE_PARTITIONS', 'BATCH_MODE']);
    expect(codes(sold())).not.toContain('PARTITIONS_MOVE_SALE');
  });
});

describe('advice on what is not known', () => {
  it('does not say that a group has read everything whose log ends before what was committed', () => {
    const partitions = partitionsWith([{ lag: 0 }, { lag: 0 }]).map((each, index) =>
      index === 0 ? each : { ...each, endOffset: 20n, stableEndOffset: 20n },
    );
    const given = facts({ lag: behind({ partitions, status: 'WARNING' }) });
    expect(codes(given)).toEqual(['LAG_NOT_KNOWN']);
    expect(advise(given).findings[0]).toMatchObject({ severity: 'critical', partitions: [1] });
  });

  it('does not say it of offline partitions, which have a finding of their own', () => {
    const partitions = partitionsWith([{ lag: 0 }]);
    const offlinePartitions = [{ topic: 'coupon-issue-requests', partition: 1 }];
    expect(codes(facts({ lag: behind({ partitions, offlinePartitions }) }))).toEqual([]);
  });

  it('wants no more members and no larger batches for a group that read nothing while it looked', () => {
    const given = facts({
      lag: behind({ outPerSecond: 0, etaSeconds: null, status: 'WARNING' }),
      observedMs: 10_000,
    });
    expect(codes(given)).toContain('STALLED');
    expect(steps(given)).toEqual(['READ_THE_LOG']);
  });

  it('asks for a longer look at a group that may commit once a minute', () => {
    const given = facts({ lag: behind({ trend: null, status: 'CAUTION' }) });
    expect(codes(given)).toEqual(['NO_COMMIT_SEEN']);
    expect(steps(given)).toEqual(['OBSERVE_LONGER']);
  });
});
