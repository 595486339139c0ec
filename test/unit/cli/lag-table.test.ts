import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { drawLag, drawMovement, lagLine } from '../../../src/cli/lag/table.js';
import { behind, partitionsWith } from '../advice/facts.js';

const paint = new Chalk({ level: 0 });
const far = partitionsWith([
  { lag: 1_234_567_890, member: 'a-client-id-of-a-member-that-is-rather-long', waitedMs: 250_000 },
  { lag: 12, member: 'coupons-single-2' },
]);

describe('the table of lag', () => {
  it('fits 80 columns, however long the client ids are', () => {
    const report = behind({ partitions: far, notes: ['A note '.repeat(30)] });
    const text = drawLag(report, { paint, columns: 80, most: null });
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(text).toContain('a-client-id-');
  });

  it('is not steered by what a member calls itself', () => {
    const evil = 'evil\u001b[31m\n\u0007X';
    const partitions = partitionsWith([{ lag: 5, member: evil }]);
    const report = behind({ partitions, notes: [`1 of 2 members sit idle: ${evil}.`] });
    const text = drawLag(report, { paint, columns: 80, most: null });
    expect(text).toContain('sit idle: evil�[31m��X.');
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
    expect(text).toMatch(/^coupon-issue-group {2}no such group {2}9,000 records wait for it\n/);
    expect(text).not.toContain('STOPPED');
    const line = lagLine(behind({ presence: 'unknown', state: 'Dead' }), 'now', 120);
    expect(line).toMatch(/^now {2}coupon-issue-group {2}no such group {2}/);
  });

  it('says that the lag keeps growing only where it does: an offline partition is a warning too', () => {
    const view = { paint, columns: 80, most: null };
    const growing = 'The lag keeps growing. `coupons advise` says what to do.';
    expect(drawLag(behind({ status: 'WARNING', trend: 'growing' }), view)).toContain(growing);
    expect(drawLag(behind({ status: 'WARNING', trend: null }), view)).not.toContain(growing);
  });

  it('says that nobody is in the group, whatever else there is to say', () => {
    const notes = ['Partition 0 is hot. `coupons advise` looks for the campaign behind it.'];
    const text = drawLag(behind({ status: 'STOPPED', notes }), { paint, columns: 80, most: null });
    expect(text).toContain('Nobody is in the group: start members with `coupons consume`.');
  });

  it('says where the lag is going, and draws how it came here as far as there is room', () => {
    const report = behind({ etaSeconds: 75 });
    const view = { paint, columns: 80, most: null };
    expect(drawMovement(report, [1, 2, 4], view)).toBe(
      'in 500/s  out 300/s  growing  drained in 1 min 15 s  ▃▅█',
    );
    expect(drawMovement(report, Array<number>(200).fill(1), view)).toHaveLength(80);
    expect(lagLine(behind({ totalLag: 0 }), 'now', 120)).toMatch(/drained$/);
  });
});
