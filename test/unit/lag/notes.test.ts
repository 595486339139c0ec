import { describe, expect, it } from 'vitest';
import { MemoryLog } from '../../support/memory/log.js';
import { isAbove, isDrained, measureLag } from '../../../src/lag/lag.js';
import type { LagSample } from '../../../src/ports/lag-sample.js';
import { sample, TOPIC, type Offsets } from './recorded-lag.js';

const look = (group: Partial<LagSample['group']>, ...partitions: Offsets[]) => {
  const taken = sample({ atSeconds: 0, partitions });
  return measureLag({ ...taken, group: { ...taken.group, ...group } }, { warnAbove: 100 });
};

describe('what lag says beside the figures', () => {
  it('says that a group does not exist, and does not call its partition hot', () => {
    const report = look(
      { state: 'Dead', members: 0 },
      { committed: null, end: 5000 },
      { committed: null, end: 0 },
    );
    expect(report).toMatchObject({ presence: 'unknown', hotPartition: null, totalLag: 5000 });
    expect(report.notes).toEqual([{ code: 'NO_SUCH_GROUP', group: 'coupon-issue-group' }]);
  });

  it('says that a group with members has committed nothing of the topic yet', () => {
    const report = look({}, { committed: null, end: 50 }, { committed: null, end: 20 });
    expect(report.presence).toBe('uncommitted');
    expect(report.notes).toEqual([
      { code: 'NOTHING_COMMITTED', group: 'coupon-issue-group', topics: [TOPIC] },
    ]);
  });

  it('does not take a group that commits but looks dead for one that does not exist', () => {
    const report = look({ state: 'Dead', members: 0 }, { committed: 5, end: 5 });
    expect(report.presence).toBe('hidden');
    const behind = look({ state: 'Dead', members: 0 }, { committed: 5, end: 500 });
    expect(behind.status).toBe('CAUTION');
    expect(report.notes).toEqual([{ code: 'MEMBERS_HIDDEN', group: 'coupon-issue-group' }]);
  });

  it('names the partition that holds more than half of the lag', () => {
    const report = look({}, { committed: 0, end: 20 }, { committed: 10, end: 190 });
    expect(report.hotPartition).toEqual({
      topic: 'coupon-issue-requests',
      partition: 1,
      lag: 180,
      share: 0.9,
    });
    expect(report.notes).toEqual([{ code: 'HOT_PARTITION', ...report.hotPartition }]);
  });

  it('names none where the lag is even, small, or of the only partition', () => {
    expect(look({}, { committed: 0, end: 90 }, { committed: 0, end: 90 }).hotPartition).toBeNull();
    expect(look({}, { committed: 0, end: 90 }, { committed: 0, end: 10 }).hotPartition).toBeNull();
    expect(look({}, { committed: 0, end: 900 }).hotPartition).toBeNull();
  });

  it('names the members without a partition', () => {
    const idleMembers = Array.from({ length: 7 }, (_unused, index) => ({
      clientId: `coupons-single-${String(index + 4)}`,
      host: '127.0.0.1',
    }));
    const report = look({ members: 10, idleMembers }, { committed: 5, end: 5 });
    expect(report.notes).toEqual([
      { code: 'IDLE_MEMBERS', group: 'coupon-issue-group', members: 10, idleMembers },
    ]);
  });

  it('says how much was deleted before it was read', () => {
    const report = look({}, { committed: 5, start: 20, end: 30 });
    expect(report.notes).toEqual([
      { code: 'DELETED_UNREAD', topic: TOPIC, partition: 0, deletedOffsets: 15n },
    ]);
  });

  it('says that a committed offset beyond the end hides what is unread', () => {
    const report = look({}, { committed: 90, end: 20 });
    expect(report).toMatchObject({ totalLag: 0, status: 'WARNING' });
    expect(report.notes).toEqual([
      {
        code: 'COMMITTED_BEYOND_END',
        topic: TOPIC,
        partition: 0,
        committedOffset: 90n,
        endOffset: 20n,
      },
    ]);
  });

  it('does not call a group drained whose log ends before what it has committed', async () => {
    const report = look({}, { committed: 90, end: 20 });
    expect(await isDrained(report, new MemoryLog(1))).toBe(false);
    expect(isAbove(report, 1000)).toBe(true);
  });

  it('does not call a group drained or OK while a partition is offline', async () => {
    const offline = [{ topic: TOPIC, partition: 1 }];
    const drained = {
      ...sample({ atSeconds: 0, partitions: [{ committed: 5, end: 5 }] }),
      offline,
    };
    const report = measureLag(drained, { warnAbove: 100 });
    expect(report).toMatchObject({ totalLag: 0, status: 'WARNING', offlinePartitions: offline });
    expect(report.notes).toEqual([{ code: 'PARTITION_OFFLINE', topic: TOPIC, partition: 1 }]);
    expect(await isDrained(report, new MemoryLog(2))).toBe(false);
    expect(isAbove(report, 1000)).toBe(true);

    const empty = { ...drained.group, members: 0, state: 'Empty' };
    expect(measureLag({ ...drained, group: empty }, { warnAbove: 100 }).status).toBe('WARNING');
    const behind = sample({ atSeconds: 0, members: 0, partitions: [{ committed: 0, end: 5 }] });
    expect(measureLag({ ...behind, offline }, { warnAbove: 100 }).status).toBe('STOPPED');
  });
});
