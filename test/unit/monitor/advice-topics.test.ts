import { describe, expect, it } from 'vitest';
import { advise, type AdviceFacts, type TopicFacts } from '../../../src/monitor/advice.js';
import { behind, codes, commands, facts, partitionsWith } from './advice-facts.js';

const HOUR_MS = 3_600_000;

/** The request topic of a healthy cluster, but for this. */
function topicWith(overrides: Partial<TopicFacts>): AdviceFacts {
  const given = facts({ lag: behind({ partitions: partitionsWith([{ lag: 0 }]) }) });
  const [requests, ...others] = given.topics;
  if (requests === undefined) throw new Error('no topic');
  return { ...given, topics: [{ ...requests, ...overrides }, ...others] };
}

const waiting = (hours: number, etaSeconds: number | null = null): AdviceFacts =>
  facts({
    lag: behind({
      etaSeconds,
      partitions: partitionsWith([{ lag: 10_000, waitedMs: hours * HOUR_MS }]),
    }),
  });

describe('advice about retention', () => {
  it('warns when unread records have waited for half of it, and keeps them longer first', () => {
    expect(codes(waiting(80))).not.toContain('RETENTION_RISK');
    expect(codes(waiting(100))).toContain('RETENTION_RISK');
    expect(commands(waiting(100))[0]).toBe(
      'kafka-configs --bootstrap-server 127.0.0.1:9092 --alter --entity-type topics --entity-name coupon-issue-requests --add-config retention.ms=1209600000',
    );
  });

  it('calls it critical when they are nearly gone', () => {
    expect(advise(waiting(165)).findings[0]).toMatchObject({
      code: 'RETENTION_RISK',
      severity: 'critical',
    });
  });

  it('does not where the group has read them before', () => {
    expect(codes(waiting(165, 600))).not.toContain('RETENTION_RISK');
    expect(codes(waiting(165, 20_000))).toContain('RETENTION_RISK');
  });

  it('says what is lost already', () => {
    const [partition] = partitionsWith([{ lag: 5 }]);
    if (partition === undefined) throw new Error('no partition');
    const lag = behind({ partitions: [{ ...partition, startOffset: 1003n }] });
    expect(advise(facts({ lag })).findings[0]).toMatchObject({
      code: 'DELETED_UNREAD',
      message: expect.stringContaining('3 offsets') as string,
    });
  });
});

describe('advice about replicas', () => {
  const partition = { partition: 1, hasLeader: true, inSyncReplicas: 3 };

  it('has nothing to say of the production profile', () => {
    expect(codes(topicWith({}))).toEqual(['KEEPS_UP']);
  });

  it('tells one replica, as a warning only where there are brokers for more', () => {
    const single = topicWith({ replicationFactor: 1, minInSyncReplicas: 1 });
    expect(advise(single).findings).toContainEqual(
      expect.objectContaining({ code: 'REPLICATION_FACTOR_1', severity: 'warning' }),
    );
    expect(advise({ ...single, brokers: 1 }).findings).toContainEqual(
      expect.objectContaining({ code: 'REPLICATION_FACTOR_1', severity: 'info' }),
    );
  });

  it('tells a min.insync.replicas that is too low, and one that is too high', () => {
    expect(codes(topicWith({ minInSyncReplicas: 1 }))).toContain('MIN_INSYNC_REPLICAS_1');
    expect(codes(topicWith({ minInSyncReplicas: 3 }))).toContain('MIN_INSYNC_REPLICAS_ALL');
  });

  it('tells partitions without a leader, without all replicas, or without enough of them', () => {
    const inState = (state: Partial<typeof partition>) =>
      codes(topicWith({ partitions: [{ ...partition, ...state }] }));
    expect(inState({ hasLeader: false, inSyncReplicas: 0 })).toEqual([
      'OFFLINE_PARTITION',
      'KEEPS_UP',
    ]);
    expect(inState({ inSyncReplicas: 2 })).toEqual(['UNDER_REPLICATED', 'KEEPS_UP']);
    expect(inState({ inSyncReplicas: 1 })).toEqual(['WRITES_REFUSED', 'KEEPS_UP']);
  });
});

describe('advice about dead letters', () => {
  it('warns when they grow, and mentions those that lie there', () => {
    expect(codes(facts({ deadLetters: { before: 3, after: 5 } }))).toContain('DLQ_GROWS');
    expect(codes(facts({ deadLetters: { before: 5, after: 5 } }))).toContain('DLQ_NOT_EMPTY');
    expect(codes(facts({ deadLetters: null }))).not.toContain('DLQ_NOT_EMPTY');
  });
});
