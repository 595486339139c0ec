import { stripVTControlCharacters } from 'node:util';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { drawTopic } from '../../../../src/cli/topics/draw-topic.js';
import type { SizedPartition, SizedTopic } from '../../../../src/topics/sizes.js';

const GIB = 1024 ** 3;

const partition = (number: number, changes: Partial<SizedPartition> = {}): SizedPartition => ({
  partition: number,
  leader: 2,
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  startOffset: 0n,
  endOffset: 123_456n,
  stableEndOffset: 123_456n,
  sizeBytes: 1.5 * GIB,
  ...changes,
});

const topic = (changes: Partial<SizedTopic> = {}): SizedTopic => ({
  name: 'coupon-issue-requests',
  partitions: [partition(0), partition(1, { isr: [2, 3] })],
  replicationFactor: 3,
  sizeBytes: 3 * GIB,
  sizeOnDiskBytes: 9 * GIB,
  config: {},
  effectiveConfig: { 'retention.ms': '604800000', 'retention.bytes': String(2 * GIB) },
  ...changes,
});

const draw = (changes: Partial<SizedTopic> = {}, columns = 160, level: 0 | 1 = 0) =>
  drawTopic(topic(changes), { paint: new Chalk({ level }), columns });

describe('a topic that is described', () => {
  it('has the size of each partition, of all, and of all replicas', () => {
    const text = draw();
    expect(text).toMatch(/^ {2}size 3\.0 GiB, 9\.0 GiB with all replicas$/m);
    expect(text).toMatch(/ RECORDS +SIZE {2}STATE$/m);
    expect(text).toMatch(/ 123,456 {2}1\.5 GiB {2}under-replicated$/m);
    expect(text).toContain('retention 7 days or 2.0 GiB a partition');
  });

  it('has its size once where there is one replica', () => {
    expect(draw({ replicationFactor: 1 })).toMatch(/^ {2}size 3\.0 GiB$/m);
  });

  it('has a dash for a size that no broker tells, and no line for the sum', () => {
    const partitions = [partition(0, { sizeBytes: null }), partition(1)];
    const text = draw({ partitions, sizeBytes: null, sizeOnDiskBytes: null });
    expect(text).toMatch(/ 123,456 +-$/m);
    expect(text).not.toContain('with all replicas');
    expect(draw({ sizeOnDiskBytes: null })).toMatch(/^ {2}size 3\.0 GiB$/m);
  });

  it('names a transaction that is open', () => {
    const held = partition(1, { stableEndOffset: 123_000n });
    expect(draw({ partitions: [partition(0), held] })).toContain(
      '456 records wait behind a transaction that is open in coupon-issue-requests partition 1 since offset 123000',
    );
    expect(draw()).not.toContain('transaction');
  });

  it('says of a leader that does not answer that the partition can be neither read nor written', () => {
    const silent = partition(1, { startOffset: null, endOffset: null, stableEndOffset: null });
    const text = draw({ partitions: [partition(0), silent] });
    expect(text).toMatch(/^ +1 +2 +1,2,3 .* leader does not answer$/m);
    expect(text).toContain('note: Partition 1 is led by broker 2, without an answer: no reads');
  });

  it('fits 80 columns: what start and end tell already is left out first', () => {
    expect(widthOfTable(draw())).toBeGreaterThan(80);
    const narrow = draw({}, 80);
    expect(widthOfTable(narrow)).toBeLessThanOrEqual(80);
    expect(narrow).toMatch(/ START +END +SIZE {2}STATE$/m);
  });

  it('has all columns where they just fit, in colour too', () => {
    const width = widthOfTable(draw());
    for (const level of [0, 1] as const) {
      expect(draw({}, width, level)).toContain('RECORDS');
      expect(draw({}, width - 1, level)).not.toContain('RECORDS');
    }
  });
});

/** Of its widest row. */
function widthOfTable(text: string): number {
  const lines = stripVTControlCharacters(text).split('\n');
  const titles = lines.findIndex((line) => line.startsWith('PARTITION'));
  return Math.max(...lines.slice(titles, titles + 3).map(({ length }) => length));
}
