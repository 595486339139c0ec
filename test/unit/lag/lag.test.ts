import { describe, expect, it } from 'vitest';
import { isAbove, measureLag, type LagReport } from '../../../src/lag/lag.js';
import { NOW, recorded, sample, TOPIC, watch, type Offsets } from './recorded-lag.js';

const once = (...partitions: Offsets[]): LagReport => watch([{ atSeconds: 0, partitions }]);

describe('a single look at the lag', () => {
  it('is what lies between the committed offset and the end', () => {
    expect(once({ committed: 40, end: 100 })).toEqual({
      group: 'coupon-issue-group',
      state: 'Stable',
      members: 3,
      totalLag: 60,
      status: 'OK',
      trend: null,
      inPerSecond: null,
      outPerSecond: null,
      etaSeconds: null,
      partitions: [
        {
          topic: TOPIC,
          partition: 0,
          committedOffset: 40n,
          startOffset: 0n,
          endOffset: 100n,
          stableEndOffset: 100n,
          lag: 60,
          timeLagMs: null,
          memberId: 'coupons-1',
          clientId: 'coupons-single-1',
          host: '/127.0.0.1',
          pid: null,
        },
      ],
      presence: 'present',
      hotPartition: null,
      idleMembers: [],
      notes: [],
      offlinePartitions: [],
      openTransactions: [],
      missingTopics: [],
      abandonedTopics: [],
      recentDeadLetters: null,
      unreadableMembers: [],
    });
  });

  it('counts from the start of the log where nothing was committed, or it was deleted', () => {
    const report = once(
      { committed: null, start: 10, end: 100 },
      { committed: 5, start: 20, end: 100 },
      { committed: 0, end: 0 },
    );
    expect(report.partitions.map(({ lag }) => lag)).toEqual([90, 80, 0]);
    expect(report.totalLag).toBe(170);
    expect(report.partitions[0]?.committedOffset).toBeNull();
  });

  it('is 0, but not OK, where the group has committed beyond the end', () => {
    expect(once({ committed: 120, end: 100 })).toMatchObject({ totalLag: 0, status: 'WARNING' });
  });

  it('is not OK where records were deleted unread, or a topic is not there', () => {
    const lost = once({ committed: 5, start: 20, end: 20 });
    expect(lost).toMatchObject({ totalLag: 0, status: 'WARNING' });
    const now = sample({ atSeconds: 0, partitions: [{ committed: 5, end: 5 }] });
    const missing = measureLag({ ...now, missingTopics: ['orders'] }, { warnAbove: 100 });
    expect(missing).toMatchObject({ totalLag: 0, status: 'WARNING' });
    expect(isAbove(missing, 1000)).toBe(true);
  });

  it('measures offsets that no double can hold', () => {
    const far = 2n ** 60n;
    const now = sample({ atSeconds: 0, partitions: [{ committed: 0, end: 0 }] });
    const partitions = now.partitions.map((each) => ({
      ...each,
      committedOffset: far,
      endOffset: far + 3n,
    }));
    expect(measureLag({ ...now, partitions }, { warnAbove: 100 }).totalLag).toBe(3);
  });

  it('says how long the oldest pending record has waited', () => {
    const now = sample({
      atSeconds: 0,
      partitions: [
        { committed: 1, end: 2 },
        { committed: 2, end: 2 },
        { committed: 1, end: 2 },
      ],
    });
    const oldest = [NOW - 1500, null, NOW + 10];
    const partitions = now.partitions.map((each, index) => ({
      ...each,
      oldestUnprocessedTimestampMs: oldest[index] ?? null,
    }));
    const report = measureLag({ ...now, partitions }, { warnAbove: 100 });
    expect(report.partitions.map(({ timeLagMs }) => timeLagMs)).toEqual([1500, 0, 0]);
  });

  it('cautions above 100 records, or above what was asked for', () => {
    expect(once({ committed: 0, end: 100 }).status).toBe('OK');
    expect(once({ committed: 0, end: 60 }, { committed: 0, end: 41 }).status).toBe('CAUTION');
    expect(watch(recorded([[0, 101]]), 500).status).toBe('OK');
  });

  it('says that a group without members has stopped, if there is something to do', () => {
    const partitions = [{ committed: 0, end: 1 }];
    expect(watch([{ atSeconds: 0, members: 0, partitions }]).status).toBe('STOPPED');
    const drained = [{ committed: 1, end: 1 }];
    expect(watch([{ atSeconds: 0, members: 0, partitions: drained }]).status).toBe('OK');
  });
});

describe('a record timestamp that is no instant', () => {
  const waited = (oldestUnprocessedTimestampMs: number) => {
    const now = sample({ atSeconds: 0, partitions: [{ committed: 0, end: 5 }] });
    const partitions = now.partitions.map((each) => ({ ...each, oldestUnprocessedTimestampMs }));
    const { notes, partitions: measured } = measureLag({ ...now, partitions }, { warnAbove: 100 });
    return { timeLagMs: measured[0]?.timeLagMs, notes };
  };

  it('gives no waiting time', () => {
    for (const timestamp of [-1, 0, -9e18, 1e18, 2 ** 63, NOW / 1000]) {
      expect(waited(timestamp).timeLagMs).toBeNull();
    }
    expect(waited(NOW - 5000)).toEqual({ timeLagMs: 5000, notes: [] });
    expect(waited(NOW + 1e9).timeLagMs).toBe(0);
  });

  it('in seconds is noted as a mistake of its producer', () => {
    const unit = { code: 'TIMESTAMP_UNIT', topic: TOPIC, unit: 'seconds', partitions: [0] };
    expect(waited(Math.floor(NOW / 1000)).notes).toEqual([unit]);
    expect(waited(-1).notes).toEqual([]);
  });
});

describe('an open transaction', () => {
  const held = { committed: 3, end: 10, openSince: 3 };
  const transaction = { topic: TOPIC, partition: 0, sinceOffset: 3n, records: 7 };

  it('is named, and what waits behind it is lag', () => {
    const report = once(held);
    expect(report).toMatchObject({ totalLag: 7, status: 'OK', openTransactions: [transaction] });
    expect(report.notes).toEqual([{ code: 'OPEN_TRANSACTION', transactions: [transaction] }]);
  });

  it('does not make a group look stalled that has read all that it can', () => {
    const looks = [0, 4, 8, 12].map((atSeconds) => ({ atSeconds, partitions: [held] }));
    expect(watch(looks).status).toBe('WARNING');
    // A transaction each, as a producer has them that writes in transactions: no reason to worry.
    const short = [0, 4, 8, 12].map((atSeconds) => ({
      atSeconds,
      partitions: [{ committed: 3 + atSeconds, end: 10 + atSeconds, openSince: 3 + atSeconds }],
    }));
    expect(watch(short).status).toBe('OK');
    const stalled = [0, 4, 8, 12].map((atSeconds) => ({
      atSeconds,
      partitions: [{ committed: 0, end: 10, openSince: 3 }],
    }));
    expect(watch(stalled).status).toBe('STALLED');
  });

  it('is not what a growing lag is blamed on the group for', () => {
    const looks = [0, 4, 8, 12].map((atSeconds) => ({
      atSeconds,
      partitions: [{ committed: 3 + atSeconds, end: 10 + 9 * atSeconds, openSince: 3 + atSeconds }],
    }));
    expect(watch(looks, 1000).status).toBe('OK');
  });
});
