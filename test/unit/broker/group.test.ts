import { expect, test } from 'vitest';
import { Group } from '../../../src/broker/groups/group.js';
import { INITIAL_REBALANCE_DELAY_MS } from '../../../src/broker/groups/join-phase.js';
import type { JoinRequest, JoinResult } from '../../../src/broker/groups/member.js';
import { ErrorCode } from '../../../src/broker/wire/error-code.js';
import { ManualClock } from '../../support/clock/manual.js';

const SESSION_MS = 10_000;
const REBALANCE_MS = 60_000;

const newcomer: JoinRequest = {
  memberId: '',
  instanceId: null,
  clientId: 'client',
  clientHost: '/127.0.0.1',
  sessionTimeoutMs: SESSION_MS,
  rebalanceTimeoutMs: REBALANCE_MS,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.from('topics') }],
  memberIdRequired: false,
};

function setUp() {
  const clock = new ManualClock();
  const group = new Group('g', clock, () => undefined);
  const join = (request: Partial<JoinRequest> = {}) => group.join({ ...newcomer, ...request });
  const sync = (member: JoinResult, assigned: Readonly<Record<string, string>> = {}) =>
    group.sync({
      memberId: member.memberId,
      instanceId: null,
      generation: member.generation,
      assignments: Object.entries(assigned).map(([memberId, assignment]) => ({
        memberId,
        assignment: Buffer.from(assignment),
      })),
    });
  const beat = (member: JoinResult) => group.heartbeat(member.memberId, null, member.generation);
  /** Members that joined together and were assigned their own ids. */
  const stable = async (count: number): Promise<readonly [JoinResult, ...JoinResult[]]> => {
    const joining = Array.from({ length: count }, () => join());
    clock.advance(2 * INITIAL_REBALANCE_DELAY_MS);
    const [first, ...others] = await Promise.all(joining);
    if (first === undefined) throw new Error('no members');
    const members = [first, ...others] as const;
    const ids = Object.fromEntries(members.map(({ memberId }) => [memberId, memberId]));
    const leader = members.find((member) => member.memberId === member.leader) ?? first;
    await Promise.all([...others.map((member) => sync(member)), sync(leader, ids)]);
    return members;
  };
  const state = () => group.describe().state;
  return { clock, group, join, sync, beat, stable, state };
}

test('members that come together share the first generation', async () => {
  const { clock, join, state } = setUp();
  const joining = [join(), join(), join()];
  expect(state()).toBe('PreparingRebalance');
  clock.advance(2 * INITIAL_REBALANCE_DELAY_MS);
  const members = await Promise.all(joining);
  expect(members.map(({ generation }) => generation)).toEqual([1, 1, 1]);
  expect(new Set(members.map(({ leader }) => leader)).size).toBe(1);
  expect(members.map((member) => member.members.length).sort()).toEqual([0, 0, 3]);
  expect(state()).toBe('CompletingRebalance');
});

test('each member gets what the leader assigned to it', async () => {
  const { clock, join, sync, state } = setUp();
  const joining = [join(), join()];
  clock.advance(2 * INITIAL_REBALANCE_DELAY_MS);
  const [leader, follower] = await Promise.all(joining);
  if (leader === undefined || follower === undefined) throw new Error('no members');
  const waiting = sync(follower);
  const assigned = { [leader.memberId]: 'p0', [follower.memberId]: 'p1' };
  expect((await sync(leader, assigned)).assignment.toString()).toBe('p0');
  expect((await waiting).assignment.toString()).toBe('p1');
  expect(state()).toBe('Stable');
});

test('a newcomer of version 4 on is given its id first', async () => {
  const { join } = setUp();
  const refused = await join({ memberIdRequired: true });
  expect(refused.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED);
  expect(refused.memberId).toMatch(/^client-/);
});

test('a newcomer makes the others rejoin, and the generation grows', async () => {
  const { beat, join, stable } = setUp();
  const [first] = await stable(1);
  const second = join();
  expect(beat(first)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  const again = await join({ memberId: first.memberId });
  expect([again.generation, (await second).generation]).toEqual([2, 2]);
  expect(beat(first)).toBe(ErrorCode.ILLEGAL_GENERATION);
});

test('who does not rejoin within the rebalance timeout is left behind', async () => {
  const { beat, clock, group, join, stable } = setUp();
  const [first] = await stable(1);
  const second = join();
  for (let waitedMs = 0; waitedMs < REBALANCE_MS; waitedMs += SESSION_MS / 2) {
    expect(beat(first)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    clock.advance(SESSION_MS / 2);
  }
  const joined = await second;
  expect(joined.leader).toBe(joined.memberId);
  expect(group.members.map(({ id }) => id)).toEqual([joined.memberId]);
  expect(beat(first)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
});

test('a member that is silent for its session timeout is removed, and the others rebalance', async () => {
  const { beat, clock, group, stable } = setUp();
  const [first, second] = await stable(2);
  if (second === undefined) throw new Error('no member');
  clock.advance(SESSION_MS - 1);
  expect(beat(first)).toBe(ErrorCode.NONE);
  clock.advance(1);
  expect(group.members.map(({ id }) => id)).toEqual([first.memberId]);
  expect(beat(first)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  expect(beat(second)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
});

test('a group whose last member leaves is empty', async () => {
  const { group, stable, state } = setUp();
  const [only] = await stable(1);
  expect(group.leave(only.memberId, null)).toBe(ErrorCode.NONE);
  expect(state()).toBe('Empty');
});

test('a leader that dies before it assigns sends the others back to join', async () => {
  const { clock, join, sync, state } = setUp();
  const joining = [join(), join()];
  clock.advance(2 * INITIAL_REBALANCE_DELAY_MS);
  const [, follower] = await Promise.all(joining);
  if (follower === undefined) throw new Error('no member');
  const waiting = sync(follower);
  clock.advance(SESSION_MS);
  expect((await waiting).errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  expect(state()).toBe('PreparingRebalance');
  const again = await join({ memberId: follower.memberId });
  expect(again.leader).toBe(follower.memberId);
});

test('the protocol is the one that all members know', async () => {
  const { clock, join } = setUp();
  const metadata = Buffer.alloc(0);
  const both = [
    { name: 'sticky', metadata },
    { name: 'range', metadata },
  ];
  const joining = [join({ protocols: both }), join()];
  clock.advance(2 * INITIAL_REBALANCE_DELAY_MS);
  expect((await Promise.all(joining)).map((joined) => joined.protocolName)).toEqual([
    'range',
    'range',
  ]);
});

test('a member that shares no protocol with the others is refused', async () => {
  const { join, stable } = setUp();
  await stable(1);
  const stranger = await join({ protocols: [{ name: 'other', metadata: Buffer.alloc(0) }] });
  expect(stranger.errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
});

test('offsets without a member are taken only while there are none', async () => {
  const { group, stable } = setUp();
  expect(group.commitError('', null, -1)).toBe(ErrorCode.NONE);
  const [member] = await stable(1);
  expect(group.commitError('', null, -1)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  expect(group.commitError(member.memberId, null, 1)).toBe(ErrorCode.NONE);
  expect(group.commitError(member.memberId, null, 0)).toBe(ErrorCode.ILLEGAL_GENERATION);
  expect(group.commitError('stranger', null, 1)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
});

test('a static member that starts again keeps its assignment without a rebalance', async () => {
  const { clock, group, join, state } = setUp();
  const joining = join({ instanceId: 'i' });
  clock.advance(2 * INITIAL_REBALANCE_DELAY_MS);
  const before = await joining;
  await group.sync({
    ...before,
    instanceId: 'i',
    assignments: [{ memberId: before.memberId, assignment: Buffer.from('p0') }],
  });
  const after = await join({ instanceId: 'i' });
  expect(after.generation).toBe(before.generation);
  expect(after.memberId).not.toBe(before.memberId);
  const synced = await group.sync({ ...after, instanceId: 'i', assignments: [] });
  expect(synced.assignment.toString()).toBe('p0');
  expect(state()).toBe('Stable');
  expect(group.heartbeat(before.memberId, 'i', before.generation)).toBe(
    ErrorCode.FENCED_INSTANCE_ID,
  );
});

test('first members that come one after the other are waited for a little longer', async () => {
  const { clock, join, state } = setUp();
  const first = join();
  clock.advance(INITIAL_REBALANCE_DELAY_MS - 1);
  const second = join();
  clock.advance(INITIAL_REBALANCE_DELAY_MS);
  expect(state()).toBe('PreparingRebalance');
  clock.advance(1);
  expect([(await first).generation, (await second).generation]).toEqual([1, 1]);
});

test('a member that waits for a rebalance to end is not taken for silent', async () => {
  const { beat, clock, group, join, stable } = setUp();
  const [first, second] = await stable(2);
  if (second === undefined) throw new Error('no member');
  void join({ memberId: first.memberId, protocols: [{ name: 'range', metadata: Buffer.of(1) }] });
  expect(beat(first)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  for (let beats = 0; beats < 3; beats++) {
    clock.advance(SESSION_MS / 2);
    beat(second);
  }
  expect(group.members.map(({ id }) => id)).toEqual([first.memberId, second.memberId]);
});
