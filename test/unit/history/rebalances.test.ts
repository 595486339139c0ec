import { expect, it } from 'vitest';
import type { Happening } from '../../../src/history/happenings.js';
import { linesOf } from '../../../src/history/rebalances.js';
import { lineText } from '../../../src/words/en/history-lines.js';

const group = 'coupon-issue-group';

function assigned(
  atMs: number,
  host: string,
  member: number,
  partitions: readonly number[],
): Happening {
  const actor = { user: 'ops', host, pid: 4711 };
  return {
    kind: 'PARTITIONS_ASSIGNED',
    id: atMs,
    atMs,
    actor,
    run: host,
    group,
    member,
    partitions,
  };
}

const textsOf = (happenings: readonly Happening[]) => linesOf(happenings).map(lineText);

it('assignments that follow one another are one rebalance', () => {
  expect(
    textsOf([
      assigned(1000, 'web-2', 1, [2]),
      assigned(1100, 'web-1', 2, []),
      assigned(1200, 'web-1', 1, [0, 1]),
    ]),
  ).toEqual([
    `group ${group} rebalanced: web-1 (pid 4711) member 1: 0 1, member 2: none; web-2 (pid 4711) member 1: 2`,
  ]);
});

it('a group that rebalances again and again is told once a minute, with what it came to', () => {
  const storm = Array.from({ length: 90 }, (_unused, second) =>
    assigned(second * 1000, 'web-1', 1, [second]),
  );
  expect(textsOf(storm)).toEqual([
    `group ${group} rebalanced: 61 assignments within 1 min 0 s, in the end web-1 (pid 4711) member 1: 60`,
    `group ${group} rebalanced: 29 assignments within 28.0 s, in the end web-1 (pid 4711) member 1: 89`,
  ]);
});

it('what happens between two of them ends a rebalance', () => {
  const outage: Happening = {
    ...{ kind: 'OUTAGE', id: 2, atMs: 2000, run: 'web-1', of: 'store', elapsedMs: 1500 },
    actor: { user: 'ops', host: 'web-1', pid: 4711 },
  };
  const lines = linesOf([assigned(1000, 'web-1', 1, [0]), outage, assigned(3000, 'web-1', 1, [0])]);
  expect(lines.map(({ kind }) => kind)).toEqual(['REBALANCE', 'OUTAGE', 'REBALANCE']);
});
