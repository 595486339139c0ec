import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { drawLag, drawMovement, lagLine } from '../../../../src/cli/lag/table.js';
import type { LagNote } from '../../../../src/lag/notes.js';
import { behind, partitionsWith } from '../../advice/facts.js';

const paint = new Chalk({ level: 0 });
const view = { paint, columns: 80, most: null };
const hot = {
  code: 'HOT_PARTITION',
  topic: 'coupon-issue-requests',
  partition: 0,
  lag: 900,
  share: 0.9,
} as const;
const far = partitionsWith([
  { lag: 1_234_567_890, member: 'a-client-id-of-a-member-that-is-rather-long', waitedMs: 250_000 },
  { lag: 12, member: 'coupons-single-2' },
]);

describe('the table of lag', () => {
  it('fits 80 columns, however long the client ids are', () => {
    const report = behind({
      partitions: far,
      notes: [{ code: 'TOPIC_MISSING', topic: 'orders' }],
    });
    const text = drawLag(report, { paint, columns: 80, most: null });
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(text).toContain('a-client-id-');
  });

  it('names the process of a member that says it: two consumers call their members alike', () => {
    const partitions = partitionsWith([{ lag: 0, member: 'coupons-batch-1' }]);
    const [partition] = partitions.map((each) => ({ ...each, pid: 4711 }));
    const text = (shown: typeof partitions) => drawLag(behind({ partitions: shown }), view);
    expect(text(partition === undefined ? [] : [partition])).toContain(
      'coupons-batch-1, pid 4711 on 127.0.0.1',
    );
    expect(text(partitions)).toContain('coupons-batch-1 on 127.0.0.1');
  });

  it('is not steered by what a member calls itself', () => {
    const evil = 'evil\u001b[31m\n\u0007X';
    const partitions = partitionsWith([{ lag: 5, member: evil }]);
    const idleMembers = [{ clientId: evil, host: '127.0.0.1' }];
    const note = { code: 'IDLE_MEMBERS', group: 'g', members: 2, idleMembers } as const;
    const report = behind({ partitions, notes: [note] });
    const text = drawLag(report, { paint, columns: 80, most: null });
    expect(text).toContain('assigned: evil�[31m��X.');
    for (const steering of ['\u001b', '\u0007']) expect(text).not.toContain(steering);
  });

  it('keeps the partitions with the most lag where there is no room for all', () => {
    const partitions = partitionsWith([{ lag: 0 }, { lag: 5 }, { lag: 900 }, { lag: 7 }]);
    const text = drawLag(behind({ partitions }), { paint, columns: 80, most: 2 });
    expect(text.match(/^ +\d+ /gm)?.map(Number)).toEqual([2, 3]);
    expect(text).toContain('and 2 partitions with less lag');
  });

  it('does not sound the alarm for a group that does not exist', () => {
    const text = drawLag(behind({ presence: 'unknown', status: 'STOPPED' }), {
      paint,
      columns: 80,
      most: null,
    });
    expect(text).toMatch(
      /^coupon-issue-group {2}no such group {2}9,000 records not yet consumed\n/,
    );
    expect(text).not.toContain('STOPPED');
    const line = lagLine(behind({ presence: 'unknown', state: 'Dead' }), 'now', 120);
    expect(line).toMatch(/^now {2}coupon-issue-group {2}no such group {2}/);
  });

  it('says that the lag keeps growing only where it does: an offline partition is a warning too', () => {
    const growing = 'The lag keeps growing. `coupons advise` says what to do.';
    expect(drawLag(behind({ status: 'WARNING', trend: 'growing' }), view)).toContain(growing);
    expect(drawLag(behind({ status: 'WARNING', trend: null }), view)).not.toContain(growing);
  });

  it('says that the group has no member, whatever its notes say', () => {
    const text = drawLag(behind({ status: 'STOPPED', notes: [hot] }), view);
    expect(text).toContain('The group has no member. Start members with `coupons consume`.');
  });

  it('points to advise once', () => {
    const text = drawLag(behind({ status: 'STALLED', notes: [hot] }), view);
    expect(text.match(/coupons advise/g)).toHaveLength(1);
    expect(drawLag(behind({ status: 'STALLED' }), view)).toContain('but no offset is committed');
  });

  it('says where the lag is going, and draws how it came here as far as there is room', () => {
    const report = behind({ etaSeconds: 75 });
    expect(drawMovement(report, [1, 2, 4], view)).toBe(
      'in 500/s  out 300/s  growing  drained in 1 min 15 s  ▃▅█',
    );
    expect(drawMovement(report, Array<number>(200).fill(1), view)).toHaveLength(80);
    expect(lagLine(behind({ totalLag: 0 }), 'now', 120)).toMatch(/drained$/);
  });

  it('is green only where members read what comes next', () => {
    const colours = new Chalk({ level: 1 });
    const green = colours.green('OK');
    const drawn = (members: number, presence: 'present' | 'hidden') =>
      drawLag(behind({ status: 'OK', totalLag: 0, members, presence }), {
        ...view,
        paint: colours,
      });
    expect(drawn(3, 'present')).toContain(green);
    expect(drawn(0, 'hidden')).toContain(green);
    expect(drawn(0, 'present')).not.toContain(green);
  });

  it('is not green where the store here is not the group’s, or is not known to be', () => {
    const colours = new Chalk({ level: 1 });
    const place = { group: 'coupon-issue-group', path: '/data/coupons.db' };
    const failure = { code: 'STORE_BUSY', message: 'The store is locked.', hint: null };
    const report = { status: 'OK', totalLag: 0, members: 3, presence: 'present' } as const;
    const drawn = (notes: readonly LagNote[]) =>
      drawLag(behind({ ...report, notes }), { ...view, paint: colours });
    expect(drawn([])).toContain(colours.green('OK'));
    const unknown = drawn([{ code: 'STORE_NOT_COMPARED', ...place, failure }]);
    expect(unknown).not.toContain(colours.green('OK'));
    expect(unknown).toContain('The store is locked.');
  });
});
