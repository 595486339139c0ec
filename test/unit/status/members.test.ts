import { expect, it } from 'vitest';
import { memberProcesses } from '../../../src/status/members.js';

const member = (memberId: string, partitions: readonly number[], pid: number | null) => ({
  memberId,
  clientId: `coupons-single-${memberId}`,
  host: '10.0.0.7',
  assignment: { requests: partitions },
  subscription: ['requests'],
  isAssignmentReadable: true,
  store: pid === null ? null : { id: 'one', host: 'issuer-1', path: '/c.db', sinceMs: 1, pid },
});

it('members of one process are together, those of other programs each by itself, the busiest first', () => {
  const found = memberProcesses([
    member('1', [4], null),
    member('2', [], null),
    member('3', [2], 7),
    member('4', [0, 1], 7),
    member('5', [3], 8),
  ]);
  expect(
    found.map(({ host, pid, clientIds, partitions }) => [
      ...[host, pid, clientIds.length],
      partitions.map(({ partition }) => partition),
    ]),
  ).toEqual([
    ['issuer-1', 7, 2, [0, 1, 2]],
    ['10.0.0.7', null, 1, [4]],
    ['issuer-1', 8, 1, [3]],
    ['10.0.0.7', null, 1, []],
  ]);
});
