import { expect, it } from 'vitest';
import { groupReadings } from '../../../src/lag/group-readings.js';

it('a group reads on at its committed offsets, or at the start of the log, up to both its ends', async () => {
  const committed = new Map([['t', new Map([[0, { offset: 5n, mark: null }]])]]);
  const admin = { committedOffsets: () => Promise.resolve(committed) };
  const ends = { startOffset: 1n, endOffset: 9n, stableEndOffset: 7n };
  const reader = {
    bounds: () => Promise.resolve([0, 1].map((partition) => ({ partition, ...ends }))),
  };
  const readings = await groupReadings(admin, reader, 'g', 't');
  expect(readings.map(({ offset }) => offset)).toEqual([5n, 1n]);
  expect(readings[0]).toMatchObject({
    topic: 't',
    partition: 0,
    endOffset: 9n,
    stableEndOffset: 7n,
  });
  expect(await groupReadings(admin, reader, 'g', 'not-its-own')).toEqual([]);
});
