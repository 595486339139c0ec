import { describe, expect, it } from 'vitest';
import { busiestShare, sampleSize, spreadRanges } from '../../../src/topics/key-sample.js';

describe('a sample of what is unread', () => {
  const place = { topic: 't', partition: 0 };

  it('is all of it where that is little', () => {
    const all = { ...place, from: 5n, to: 85n };
    expect(spreadRanges(all, 80n)).toEqual([all]);
  });

  it('is spread evenly from the oldest records on', () => {
    const ranges = spreadRanges({ ...place, from: 1000n, to: 9000n }, 80n);
    expect(ranges.map(({ from, to }) => [from, to])).toEqual(
      [1000n, 2000n, 3000n, 4000n, 5000n, 6000n, 7000n, 8000n].map((from) => [from, from + 10n]),
    );
  });

  it('is smaller a partition the more there are, within limits', () => {
    expect([0, 1, 40, 800, 100_000].map(sampleSize)).toEqual([5000n, 5000n, 1000n, 50n, 50n]);
  });
});

it('the busiest share is that of the partition that the most records would be in', () => {
  const counts = [
    { key: Buffer.from('1'), records: 30 },
    { key: Buffer.from('2'), records: 10 },
  ];
  expect(busiestShare(counts, 1)).toBe(1);
  // The Java producer puts these two apart.
  expect(busiestShare(counts, 12)).toBe(0.75);
  expect(busiestShare([], 3)).toBe(0);
});

it('records without a key go to all partitions alike', () => {
  const counts = [
    { key: Buffer.from('1'), records: 30 },
    { key: null, records: 60 },
  ];
  expect(busiestShare(counts, 1)).toBe(1);
  expect(busiestShare(counts, 3)).toBeCloseTo(50 / 90);
});
