import { expect, it } from 'vitest';
import type { StoredPosition } from '../../../src/ports/coupon-store.js';
import type { StoreMark } from '../../../src/ports/group-store.js';
import { firstStore, mismatchOf } from '../../../src/records/standing.js';
import { MemoryLog } from '../../support/memory/log.js';

const GROUP = 'coupon-issue-group';
const OWN = { id: 'own', host: 'here', path: '/own.db', sinceMs: 5, pid: null };
const OTHER = { ...OWN, id: 'other', path: '/other.db' };

interface Case {
  /** What the group has committed in partition 0, and with which mark. */
  readonly committed: number | null;
  readonly mark?: StoreMark;
  /** Where the store stands there. */
  readonly position: number | null;
  readonly clusterId?: string;
  readonly positionsOf?: string;
}

/** Against a log of ten records, a marker, and two more records: offsets 0 to 9, 11 and 12. */
async function mismatch({ committed, mark, position, ...given }: Case) {
  const log = new MemoryLog(1);
  for (let record = 0; record < 10; record += 1) log.append(0, {});
  log.appendMarker(0);
  for (let record = 0; record < 2; record += 1) log.append(0, {});
  const { clusterId = log.id, positionsOf = GROUP } = given;
  const source = { clusterId, group: positionsOf, topic: log.topic, partition: 0 };
  const lastApplied = { offset: 0n, timestampMs: 0, checksum: 0 };
  const positions: readonly StoredPosition[] =
    position === null ? [] : [{ ...source, nextOffset: BigInt(position), lastApplied }];
  const offset = committed === null ? null : { offset: BigInt(committed), mark: mark ?? null };
  const found = await mismatchOf(
    log,
    { clusterId: log.id, group: GROUP, topic: log.topic },
    { ...OWN, positions, committed: new Map([[0, offset]]), bounds: await log.bounds() },
  );
  return found?.code ?? null;
}

const followed = (applied: bigint | null): StoreMark => ({ ...OWN, applied });

it.each<readonly [string, Case, string | null]>([
  ['nothing is committed', { committed: null, position: null }, null],
  ['they agree', { committed: 10, mark: followed(10n), position: 10 }, null],
  ['the commit is late', { committed: 4, mark: followed(4n), position: 10 }, null],
  ['a marker was passed', { committed: 11, mark: followed(10n), position: 10 }, null],
  [
    'it began behind what was deleted',
    { committed: 5, mark: followed(null), position: null },
    null,
  ],
  [
    'it is an older copy',
    { committed: 10, mark: followed(10n), position: 4 },
    'OFFSETS_AHEAD_OF_STORE',
  ],
  [
    'it is older than its first record',
    { committed: 10, mark: followed(10n), position: null },
    'OFFSETS_AHEAD_OF_STORE',
  ],
  [
    'another one is named',
    { committed: 4, mark: { ...OTHER, applied: 4n }, position: 10 },
    'OFFSETS_OF_ANOTHER_STORE',
  ],
  ['none is named, and it is ahead', { committed: 4, position: 10 }, null],
  ['none is named, and a marker is between', { committed: 11, position: 10 }, null],
  [
    'none is named, and records are between',
    { committed: 12, position: 10 },
    'OFFSETS_AHEAD_OF_STORE',
  ],
  ['none is named, and it knows nothing', { committed: 12, position: null }, null],
  [
    'it has read another cluster',
    { committed: null, position: 3, clusterId: 'a' },
    'STORE_OF_ANOTHER_CLUSTER',
  ],
  [
    'another group has read another cluster into it',
    { committed: null, position: 3, clusterId: 'a', positionsOf: 'b' },
    'STORE_OF_ANOTHER_CLUSTER',
  ],
  [
    'another group has read this cluster into it',
    { committed: null, position: 3, positionsOf: 'b' },
    null,
  ],
])('a store beside a group: %s', async (_what, given, expected) => {
  expect(await mismatch(given)).toBe(expected);
});

it('of members that start at once, the store of the first run counts; then the smaller id', () => {
  const later = { ...OTHER, sinceMs: 6 };
  expect(firstStore([later, OWN])).toBe(OWN);
  expect(firstStore([OWN, OTHER])).toBe(OTHER);
  expect(firstStore([OTHER, OWN])).toBe(OTHER);
  expect(firstStore([])).toBeNull();
});
