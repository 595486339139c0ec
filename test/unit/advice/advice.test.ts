import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advice/advice.js';
import { RECORDS_PER_SECOND } from '../../../src/advice/capacity.js';
import { behind, codes, facts, partitionsWith, steps } from './facts.js';

const group = 'coupon-issue-group';
const topic = 'coupon-issue-requests';

describe('advice for a group that is behind', () => {
  it('goes from consumers to partitions to batches', () => {
    const partitions = partitionsWith(
      [1, 1, 1].map(() => ({ lag: 900, member: 'coupons-single-1' })),
    );
    const given = facts({ lag: behind({ members: 1, partitions, outPerSecond: 100 }) });
    expect(advise(given).steps).toEqual([
      {
        code: 'MORE_CONSUMERS',
        group,
        members: 2,
        running: 1,
        partitions: 3,
        mode: 'single',
        outPerSecond: 100,
        storeKind: 'sqlite',
      },
      {
        code: 'MORE_PARTITIONS',
        group,
        topic,
        partitions: 6,
        busiestShareNow: 0.35,
        busiestShareThen: 0.2,
        movedOnSale: [],
      },
      { code: 'BATCH_MODE', group, members: 3, mode: 'single', storeKind: 'sqlite' },
    ]);
    expect(codes(given)).toContain('FALLS_BEHIND');
  });

  it('hears where more arrives than one host can do', () => {
    const most = RECORDS_PER_SECOND.sqlite.batch;
    const given = facts({ lag: behind({ inPerSecond: most + 1 }) });
    expect(advise(given).findings).toContainEqual({
      ...{ code: 'BEYOND_ONE_HOST', severity: 'warning' },
      ...{ inPerSecond: most + 1, hostPerSecond: most, storeKind: 'sqlite' },
    });
    expect(codes(facts({ lag: behind({ inPerSecond: most }) }))).not.toContain('BEYOND_ONE_HOST');
  });

  it('hears it of one host on PostgreSQL, and not of several', () => {
    const inPerSecond = RECORDS_PER_SECOND.postgres.batch + 1;
    const on = (hosts: readonly string[]) => {
      const partitions = partitionsWith(
        hosts.map((_host, index) => ({ lag: 900, member: `coupons-batch-${index}` })),
      ).map((partition, index) => ({ ...partition, host: hosts[index] ?? null }));
      return codes(facts({ storeKind: 'postgres', lag: behind({ inPerSecond, partitions }) }));
    };
    expect(on(['10.0.0.1', '10.0.0.1'])).toContain('BEYOND_ONE_HOST');
    expect(on(['10.0.0.1', '10.0.0.2'])).not.toContain('BEYOND_ONE_HOST');
  });

  it('does not ask for more consumers than partitions, and says why', () => {
    const given = facts();
    expect(steps(given)[0]).toBe('MORE_PARTITIONS');
    expect(advise(given).findings).toContainEqual({
      code: 'MORE_CONSUMERS_WONT_HELP',
      severity: 'info',
      reason: { code: 'A_MEMBER_PER_PARTITION', members: 3, partitions: 3 },
    });
  });

  it('names the campaign that holds up its partition: only batches help', () => {
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
    expect(steps(given)).toEqual(['BATCH_MODE']);
    expect(codes(given)).toEqual(
      expect.arrayContaining(['HOT_KEY', 'MORE_CONSUMERS_WONT_HELP', 'MORE_PARTITIONS_WONT_HELP']),
    );
    expect(advise(given).findings).toContainEqual({
      code: 'HOT_KEY',
      severity: 'warning',
      key: '7',
      partition: 0,
      share: 0.98,
    });
    expect(advise(given).findings).toContainEqual({
      code: 'MORE_PARTITIONS_WONT_HELP',
      severity: 'info',
      hotKey: '7',
    });
  });

  it('takes the fewest partitions that spread the campaigns better', () => {
    const spreads = [
      { partitions: 3, busiestShare: 0.5 },
      { partitions: 6, busiestShare: 0.45 },
      { partitions: 12, busiestShare: 0.3 },
      { partitions: 24, busiestShare: 0.2 },
    ];
    expect(advise(facts({ spreads })).steps[0]).toMatchObject({ partitions: 12 });
  });

  it('tells members apart that call themselves alike: two consumers on one host', () => {
    const partitions = partitionsWith([
      { lag: 900, member: 'coupons-single-1', memberId: 'a' },
      { lag: 900, member: 'coupons-single-1', memberId: 'b' },
      { lag: 0, member: 'coupons-single-1', memberId: 'b' },
    ]);
    const given = facts({ lag: behind({ members: 2, partitions, outPerSecond: 200 }) });
    expect(codes(given)).toContain('MORE_CONSUMERS_WONT_HELP');
    expect(advise(given).findings).toContainEqual(
      expect.objectContaining({ code: 'TIME_PER_RECORD', msPerRecord: 10 }),
    );
  });

  it('asks for larger batches where the members work in batches already', () => {
    const given = facts({ mode: 'batch', spreads: [{ partitions: 3, busiestShare: 0.3 }] });
    expect(advise(given).steps).toEqual([
      { code: 'LARGER_BATCHES', group, members: 3, batchSize: 500 },
    ]);
  });

  it('asks first to leave the old scheduler', () => {
    const alone = facts({ mode: 'scheduler', lag: behind({ members: 1 }) });
    expect(steps(alone)).not.toContain('MORE_CONSUMERS');
    expect(advise(facts({ mode: 'scheduler' })).steps[0]).toEqual({
      code: 'LEAVE_SCHEDULER',
      group,
      members: 3,
      storeKind: 'sqlite',
    });
  });

  it('gives the group that was asked about to each step', () => {
    const given = facts({ lag: behind({ group: 'other' }) });
    for (const step of advise(given).steps) expect(step).toMatchObject({ group: 'other' });
  });

  it('says what a record costs a busy member', () => {
    expect(advise(facts()).findings).toContainEqual({
      code: 'TIME_PER_RECORD',
      severity: 'info',
      msPerRecord: 10,
      mode: 'single',
    });
  });

  it('leaves a group alone that is done in a few minutes', () => {
    const given = facts({
      lag: behind({ status: 'CAUTION', trend: 'falling', etaSeconds: 90, outPerSecond: 600 }),
    });
    expect(advise(given).steps).toEqual([
      { code: 'WAIT', group, etaSeconds: 90, timeoutSeconds: 180 },
    ]);
    expect(codes(given)).toEqual(['CATCHING_UP']);
  });

  it('helps one that would take an hour', () => {
    const given = facts({ lag: behind({ status: 'CAUTION', trend: 'falling', etaSeconds: 3600 }) });
    expect(codes(given)).toContain('BEHIND');
    expect(steps(given)).toHaveLength(2);
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

  it('does not say that a group has read everything that never existed', () => {
    const given = facts({
      lag: behind({ presence: 'unknown', partitions: partitionsWith([{ lag: 0 }]), members: 0 }),
    });
    expect(codes(given)).toEqual(['NO_SUCH_GROUP']);
    expect(steps(given)).toEqual([]);
  });

  it('has nothing to do for the few records of a group under load', () => {
    const lag = behind({
      partitions: partitionsWith([{ lag: 40 }]),
      status: 'OK',
      trend: 'steady',
    });
    expect(advise(facts({ lag })).steps).toEqual([]);
  });

  it('starts consumers where the group has no member', () => {
    const lag = behind({ members: 0, state: 'Empty', status: 'STOPPED' });
    expect(advise(facts({ lag, mode: null })).steps).toEqual([
      { code: 'START_CONSUMERS', group, members: 3, partitions: 3, mode: null },
    ]);
    expect(codes(facts({ lag }))).toEqual(['NO_MEMBERS']);
  });

  it('says so where the group never existed', () => {
    const lag = behind({ members: 0, state: 'Dead', status: 'STOPPED', presence: 'unknown' });
    expect(codes(facts({ lag }))).toEqual(['NO_SUCH_GROUP']);
  });

  it('does not send more members to a store that does not answer', () => {
    const lag = behind({ status: 'STALLED', trend: 'steady' });
    expect(advise(facts({ lag })).steps).toEqual([
      { code: 'READ_THE_LOG', group, logPath: '/data/logs/application.log' },
    ]);
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

describe('advice for a group that an open transaction holds back', () => {
  const transaction = { topic, partition: 0, sinceOffset: 1000n, records: 900 };
  const [held] = partitionsWith([{ lag: 900, member: 'coupons-single-1' }]);
  if (held === undefined) throw new Error('there is one');
  const withStatus = (stableEndOffset: bigint) =>
    facts({
      lag: behind({
        partitions: [{ ...held, stableEndOffset }],
        openTransactions: [transaction],
        status: 'STALLED',
      }),
    });

  it('names the transaction, and does not blame the store', () => {
    const given = withStatus(1000n);
    expect(advise(given).findings[0]).toEqual({
      code: 'OPEN_TRANSACTION',
      severity: 'warning',
      transactions: [transaction],
    });
    expect(codes(given)).not.toContain('STALLED');
    expect(steps(given)).toEqual(['FIND_THE_PRODUCER']);
  });

  it('still looks at the group where there is something to read before it', () => {
    const given = withStatus(1500n);
    expect(codes(given)).toEqual(expect.arrayContaining(['STALLED', 'OPEN_TRANSACTION']));
    expect(steps(given)).toEqual(['READ_THE_LOG']);
  });
});
