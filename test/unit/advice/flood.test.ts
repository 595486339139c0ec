import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advice/advice.js';
import type { AdviceFacts, DecidedFacts, SaleFacts } from '../../../src/advice/facts.js';
import { decidedBetween } from '../../../src/advice/sale.js';
import type { Campaign } from '../../../src/coupon/campaign.js';
import type { Outcome } from '../../../src/coupon/outcome.js';
import type { OutcomeMinute } from '../../../src/ports/store-history.js';
import { behind, codes, facts, partitionsWith, steps } from './facts.js';

/** Of 10,000 requests that were read, 4000 had not been decided before; all those that the test does not name were in vain. */
const NONE: DecidedFacts = { outcomes: 4000, issued: 0, duplicates: 0, missed: 0 };

/** 5000 a second come for campaign 7, and 1000 are read. */
function flooded(decided: Partial<DecidedFacts>, sale: Partial<SaleFacts> = {}): AdviceFacts {
  return facts({
    lag: behind({ inPerSecond: 5000, outPerSecond: 1000 }),
    unreadKeys: [{ key: '7', partition: 0, share: 0.9 }],
    sale: { onSale: [7], decided: { ...NONE, ...decided }, ...sale },
  });
}

describe('advice where a producer floods the topic', () => {
  it('limits the client, and says what becomes of the campaign that it asks for', () => {
    const given = flooded({ issued: 50 });
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
    expect(steps(flooded({}, { onSale: [8] }))).not.toContain('DEACTIVATE_CAMPAIGN');
    expect(steps(flooded({}, { onSale: [8] }))[0]).toBe('LIMIT_THE_PRODUCER');
  });

  it('leaves a campaign alone for which little of the flood is: its honest users would lose', () => {
    const given = { ...flooded({}), unreadKeys: [{ key: '7', partition: 0, share: 0.01 }] };
    expect(codes(given)).toContain('FLOOD');
    expect(steps(given)).not.toContain('DEACTIVATE_CAMPAIGN');
  });

  it('adds no partitions, which stay when the flood is over, and no larger batches', () => {
    const spreads = [
      { partitions: 3, busiestShare: 0.9 },
      { partitions: 6, busiestShare: 0.3 },
    ];
    const single = { ...flooded({}), spreads };
    const batch = { ...single, mode: 'batch' as const };
    expect(steps({ ...single, sale: null })).toContain('MORE_PARTITIONS');
    for (const given of [single, batch]) {
      expect(steps(given)).not.toContain('MORE_PARTITIONS');
      expect(steps(given)).not.toContain('LARGER_BATCHES');
      expect(codes(given)).not.toContain('PARTITIONS_MOVE_SALE');
    }
    expect(steps(single)).toContain('BATCH_MODE');
  });

  const isFlood = (given: AdviceFacts) => codes(given).includes('FLOOD');
  /** All that is read is decided for the first time. */
  const first = (decided: Partial<DecidedFacts>, onSale: readonly number[] = []) =>
    flooded({ outcomes: 10_000, ...decided }, { onSale });

  it.each([0.5, 1.2, 2, 10])(
    'at %d times the pace of the group, where more comes than is read',
    (times) => {
      const rates = { inPerSecond: 1000 * times, outPerSecond: 1000 };
      const lag = behind({ ...rates, trend: times < 1 ? 'falling' : 'growing' });
      const inactive = { ...first({}), lag };
      const sale = { ...first({ issued: 9000 }, [7]), lag };
      expect(isFlood(inactive)).toBe(times > 1);
      expect(isFlood(sale)).toBe(false);
    },
  );

  it('where the same users ask again and again, whether a campaign is on sale or not', () => {
    expect(isFlood(flooded({ issued: 1 }))).toBe(true);
    expect(isFlood(first({ issued: 1, duplicates: 9999 }, [7]))).toBe(true);
  });

  it('where campaigns are asked for that give nothing', () => {
    expect(isFlood(first({ issued: 900 }))).toBe(true);
    expect(isFlood(first({ issued: 1001 }))).toBe(false);
  });

  it('is none of a sale: not with users who come too early, too late, or whose requests failed', () => {
    expect(isFlood(first({ issued: 50, missed: 9000 }))).toBe(false);
    // What waits is for a campaign on sale: what is read now came before it.
    expect(isFlood(first({}, [7]))).toBe(false);
    expect(isFlood(flooded({ issued: 1001 }))).toBe(false);
  });

  it('is none of a group that keeps up, or where the store does not say', () => {
    expect(isFlood(flooded({}, { decided: null }))).toBe(false);
    expect(isFlood({ ...flooded({}), sale: null })).toBe(false);
    const falling = behind({ inPerSecond: 5000, outPerSecond: 1000, trend: 'falling' });
    expect(isFlood({ ...flooded({}), lag: falling })).toBe(false);
    const few = behind({ inPerSecond: 50, outPerSecond: 5 });
    expect(isFlood({ ...flooded({ outcomes: 9 }), lag: few })).toBe(false);
  });
});

describe('what was decided from one look to the other', () => {
  const NOW = 10 * 60_000;
  const minute = (
    couponId: number,
    outcome: Outcome,
    rows: number,
    reasonCode: string | null = null,
  ) => ({ minuteMs: 0, couponId, outcome, rows, reasonCode }) satisfies OutcomeMinute;
  const campaign = (couponId: number, validFromMs: number | null): Campaign => ({
    ...{ couponId, version: 1, name: null, totalQuantity: 9, issuedQuantity: 0 },
    ...{ status: 'ACTIVE', validFromMs, validUntilMs: null },
  });

  it('is the difference of what was counted', () => {
    const before = [minute(7, 'ISSUED', 5), minute(7, 'INACTIVE', 1)];
    const after = [minute(7, 'ISSUED', 8), minute(7, 'INACTIVE', 10), minute(7, 'DUPLICATE', 2)];
    expect(decidedBetween({ before, after }, [], NOW)).toEqual({
      ...{ outcomes: 14, issued: 3, duplicates: 2, missed: 0 },
    });
  });

  it('was missed by those who come about the time of a sale, and by those whose requests failed', () => {
    const missed = (some: readonly OutcomeMinute[], campaigns: readonly Campaign[] = []) =>
      decidedBetween({ before: [], after: some }, campaigns, NOW).missed;
    expect(missed([minute(7, 'SOLD_OUT', 9)])).toBe(0);
    expect(missed([minute(7, 'SOLD_OUT', 9), minute(8, 'ISSUED', 1)])).toBe(0);
    expect(missed([minute(7, 'SOLD_OUT', 9), minute(7, 'ISSUED', 1)])).toBe(9);
    expect(missed([minute(7, 'NOT_STARTED', 9)], [campaign(7, NOW + 60_000)])).toBe(9);
    expect(missed([minute(7, 'NOT_STARTED', 9)], [campaign(7, NOW + 3_600_000)])).toBe(0);
    expect(missed([minute(7, 'DEAD_LETTERED', 9, 'PROCESSING_FAILED')])).toBe(9);
    expect(missed([minute(7, 'DEAD_LETTERED', 9, 'MALFORMED_JSON')])).toBe(0);
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
