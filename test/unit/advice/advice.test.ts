import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advice/advice.js';
import { behind, codes, commands, facts, partitionsWith } from './facts.js';

const BATCH = 'coupons consume --concurrency 3 --mode batch';

describe('advice for a group that is behind', () => {
  it('goes from consumers over partitions to batches', () => {
    const partitions = partitionsWith(
      [1, 1, 1].map(() => ({ lag: 900, member: 'coupons-single-1' })),
    );
    const given = facts({ lag: behind({ members: 1, partitions, outPerSecond: 100 }) });
    expect(commands(given)).toEqual([
      'coupons consume --concurrency 2',
      'coupons topics alter coupon-issue-requests --partitions 6 --wait-drained',
      BATCH,
    ]);
    expect(advise(given).steps.map(({ order }) => order)).toEqual([1, 2, 3]);
    expect(advise(given).steps[0]?.expected).toContain(
      '3.0 times as many records a second, about 300/s',
    );
    expect(codes(given)).toContain('FALLS_BEHIND');
  });

  it('speaks of the group that was asked about, whatever its name', () => {
    const given = facts({ lag: behind({ group: "ann's" }) });
    for (const command of commands(given)) expect(command).toContain(" --group 'ann'\\''s'");
  });

  it('does not ask for more consumers than partitions, and says why', () => {
    const given = facts();
    expect(commands(given)[0]).toContain('topics alter');
    expect(advise(given).findings).toContainEqual({
      code: 'MORE_CONSUMERS_WONT_HELP',
      severity: 'info',
      message:
        'More consumers would do nothing: 3 partitions have work for 3 members, and there are 3.',
    });
  });

  it('speaks of one partition, one member and one record as of one', () => {
    const partitions = partitionsWith([{ lag: 900, member: 'coupons-single-1' }]);
    const messages = [
      ...advise(facts({ lag: behind({ members: 1, partitions }) })).findings,
      ...advise(facts({ lag: behind({ members: 0, totalLag: 1 }) })).findings,
    ].map(({ message }) => message);
    expect(messages).toContainEqual(
      'More consumers would do nothing: 1 partition has work for 1 member, and there is 1.',
    );
    expect(messages).toContainEqual('Nobody is in coupon-issue-group, and 1 record waits.');
  });

  it('names the campaign that one partition is stuck with: only batches help', () => {
    const given = facts({
      lag: behind({
        members: 2,
        partitions: partitionsWith([
          { lag: 9000, member: 'coupons-single-1' },
          { lag: 10, member: 'coupons-single-2' },
          { lag: 0, member: 'coupons-single-2' },
        ]),
      }),
      unreadKeys: [{ key: '7', partition: 0, share: 0.98 }],
      spreads: [
        { partitions: 3, busiestShare: 0.99 },
        { partitions: 6, busiestShare: 0.98 },
      ],
    });
    expect(commands(given)).toEqual([BATCH]);
    expect(codes(given)).toEqual(
      expect.arrayContaining(['HOT_KEY', 'MORE_CONSUMERS_WONT_HELP', 'MORE_PARTITIONS_WONT_HELP']),
    );
    const hot = advise(given).findings.find(({ code }) => code === 'HOT_KEY');
    expect(hot?.message).toMatch(
      /^Campaign 7 has 98% of the unread records\. One campaign is one key/,
    );
  });

  it('takes the fewest partitions that spread the campaigns better', () => {
    const spreads = [
      { partitions: 3, busiestShare: 0.5 },
      { partitions: 6, busiestShare: 0.45 },
      { partitions: 12, busiestShare: 0.3 },
      { partitions: 24, busiestShare: 0.2 },
    ];
    expect(commands(facts({ spreads }))[0]).toContain('--partitions 12 ');
  });

  it('tells members apart that call themselves alike: two consumers on one host', () => {
    const partitions = partitionsWith([
      { lag: 900, member: 'coupons-single-1', memberId: 'a' },
      { lag: 900, member: 'coupons-single-1', memberId: 'b' },
      { lag: 0, member: 'coupons-single-1', memberId: 'b' },
    ]);
    const given = facts({ lag: behind({ members: 2, partitions, outPerSecond: 200 }) });
    expect(codes(given)).toContain('MORE_CONSUMERS_WONT_HELP');
    const cost = advise(given).findings.find(({ code }) => code === 'TIME_PER_RECORD');
    expect(cost?.message).toContain('about 10 ms a record');
  });

  it('asks for larger batches where the members work in batches already', () => {
    const given = facts({ mode: 'batch', spreads: [{ partitions: 3, busiestShare: 0.3 }] });
    expect(commands(given)).toEqual([`${BATCH} --batch-size 500`]);
  });

  it('asks first to leave the old scheduler', () => {
    const alone = facts({ mode: 'scheduler', lag: behind({ members: 1 }) });
    expect(commands(alone).some((command) => command.includes('scheduler'))).toBe(false);
    expect(commands(facts({ mode: 'scheduler' }))[0]).toBe('coupons consume --concurrency 3');
    expect(advise(facts({ mode: 'scheduler' })).steps[0]?.why).toContain('20 a second');
  });

  it('keeps to the group that was asked about', () => {
    const given = facts({ lag: behind({ group: 'other' }), spreads: [] });
    expect(commands(given)).toEqual([`${BATCH} --group other`]);
  });

  it('says what a record costs a busy member', () => {
    const message = advise(facts()).findings.find(
      ({ code }) => code === 'TIME_PER_RECORD',
    )?.message;
    expect(message).toBe(
      "A busy member takes about 10 ms a record in single mode, most of it the store's transaction.",
    );
  });

  it('leaves a group alone that is done in a few minutes', () => {
    const given = facts({
      lag: behind({ status: 'CAUTION', trend: 'falling', etaSeconds: 90, outPerSecond: 600 }),
    });
    expect(commands(given)).toEqual(['coupons lag --wait --timeout 180']);
    expect(codes(given)).toEqual(['CATCHING_UP']);
  });

  it('helps one that would take an hour', () => {
    const given = facts({ lag: behind({ status: 'CAUTION', trend: 'falling', etaSeconds: 3600 }) });
    expect(codes(given)).toContain('BEHIND');
    expect(commands(given)).toHaveLength(2);
  });
});

describe('advice for a group that is not about capacity', () => {
  it('has nothing to do for a group that has read everything', () => {
    const lag = behind({ partitions: partitionsWith([{ lag: 0 }]), status: 'OK', trend: 'steady' });
    expect(advise(facts({ lag }))).toEqual({
      findings: [expect.objectContaining({ code: 'KEEPS_UP', severity: 'info' })],
      steps: [],
    });
  });

  it('does not say that a group has read everything that never was', () => {
    const given = facts({
      lag: behind({ presence: 'unknown', partitions: partitionsWith([{ lag: 0 }]), members: 0 }),
    });
    expect(codes(given)).toEqual(['NO_SUCH_GROUP']);
    expect(commands(given)).toEqual([]);
  });

  it('has nothing to do for the few records of a group under load', () => {
    const lag = behind({
      partitions: partitionsWith([{ lag: 40 }]),
      status: 'OK',
      trend: 'steady',
    });
    expect(advise(facts({ lag })).steps).toEqual([]);
  });

  it('starts consumers where nobody is in the group', () => {
    const lag = behind({ members: 0, state: 'Empty', status: 'STOPPED' });
    expect(commands(facts({ lag, mode: null }))).toEqual(['coupons consume --concurrency 3']);
    expect(codes(facts({ lag }))).toEqual(['NO_MEMBERS']);
  });

  it('says so where the group never was', () => {
    const lag = behind({ members: 0, state: 'Dead', status: 'STOPPED', presence: 'unknown' });
    expect(codes(facts({ lag }))).toEqual(['NO_SUCH_GROUP']);
  });

  it('does not send more members to a store that does not answer', () => {
    const lag = behind({ status: 'STALLED', trend: 'steady' });
    expect(commands(facts({ lag }))).toEqual(['tail -n 50 /data/logs/application.log']);
    expect(advise(facts({ lag })).findings[0]).toMatchObject({
      code: 'STALLED',
      severity: 'critical',
    });
  });

  it('counts the members that have nothing to do', () => {
    const idleMembers = [{ clientId: 'coupons-single-4', host: '127.0.0.1' }];
    expect(codes(facts({ lag: behind({ members: 4, idleMembers }) }))).toContain('IDLE_MEMBERS');
  });
});
