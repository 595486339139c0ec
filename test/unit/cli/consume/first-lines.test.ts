import { expect, test } from 'vitest';
import { stoppingLine } from '../../../../src/cli/consume/first-lines.js';

test.each([
  ['batch', 3, 'Stopping: finishing 3 batches on the way, leaving the group.'],
  ['batch', 1, 'Stopping: finishing 1 batch on the way, leaving the group.'],
  ['single', 1200, 'Stopping: finishing 1,200 records on the way, leaving the group.'],
  ['scheduler', 1, 'Stopping: finishing 1 record on the way, leaving the group.'],
  ['single', 0, 'Stopping: leaving the group.'],
] as const)(
  'a stop in mode %s with %d on the way says what is finished',
  (mode, onTheWay, line) => {
    expect(stoppingLine(mode, onTheWay)).toBe(`${line} ctrl-C again ends it at once.`);
  },
);
