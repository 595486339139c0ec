import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advice/advice.js';
import type { AdviceFacts, TopicFacts } from '../../../src/advice/facts.js';
import { findingText } from '../../../src/words/en/advice-findings.js';
import { behind, codes, facts, partitionsWith, steps } from './facts.js';

/** The request topic of a healthy cluster, but for this. */
function topicWith(overrides: Partial<TopicFacts>): AdviceFacts {
  const given = facts({ lag: behind({ partitions: partitionsWith([{ lag: 0 }]) }) });
  const [requests, ...others] = given.topics;
  if (requests === undefined) throw new Error('no topic');
  return { ...given, topics: [{ ...requests, ...overrides }, ...others] };
}

describe('advice about replicas', () => {
  const partition = {
    partition: 1,
    hasLeader: true,
    leaderAnswers: true,
    inSyncReplicas: 3,
    sizeBytes: 0,
  };

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
    expect(inState({ hasLeader: false, leaderAnswers: false, inSyncReplicas: 0 })).toEqual([
      'OFFLINE_PARTITION',
      'KEEPS_UP',
    ]);
    expect(inState({ leaderAnswers: false })).toEqual(['LEADER_SILENT', 'KEEPS_UP']);
    expect(inState({ inSyncReplicas: 2 })).toEqual(['UNDER_REPLICATED', 'KEEPS_UP']);
    expect(inState({ inSyncReplicas: 1 })).toEqual(['WRITES_REFUSED', 'KEEPS_UP']);
  });
});

describe('advice for a group that is kept from working', () => {
  const hotKey = [{ key: '1', partition: 0, share: 0.9 }];
  const slow = facts({ unreadKeys: hotKey });
  const refusing = slow.topics.map((topic) => ({ ...topic, minInSyncReplicas: 4 }));

  it('is to repair the brokers first: what it reads meanwhile says nothing of its capacity', () => {
    expect(steps(slow)).toContain('BATCH_MODE');
    expect(codes(slow)).toContain('HOT_KEY');
    const given = { ...slow, topics: refusing };
    expect(steps(given)).toEqual(['REPAIR_REPLICAS', 'REPAIR_REPLICAS']);
    expect(codes(given)).not.toContain('HOT_KEY');
  });

  it('names a store that was not read, and begins with it', () => {
    const storeFailure = { code: 'STORE_UNREACHABLE', message: 'It is away.', hint: null };
    const given = { ...slow, storeFailure };
    expect(steps(given)).toEqual(['FIX_THE_STORE']);
    expect(codes(given)).toContain('STORE_NOT_READ');
  });
});

describe('advice about dead letters', () => {
  it('warns when they grow, and mentions those that lie there', () => {
    expect(
      codes(facts({ deadLetters: { before: 3, after: 5, replayed: null, recent: null } })),
    ).toContain('DLQ_GROWS');
    expect(
      codes(facts({ deadLetters: { before: 5, after: 5, replayed: null, recent: null } })),
    ).toContain('DLQ_NOT_EMPTY');
    expect(codes(facts({ deadLetters: null }))).not.toContain('DLQ_NOT_EMPTY');
  });

  it('are told from those that were replayed, where the store says which', () => {
    const told = (replayed: number | null) =>
      advise(facts({ deadLetters: { before: 5, after: 5, replayed, recent: null } }))
        .findings.filter(({ code }) => code === 'DLQ_NOT_EMPTY')
        .map(findingText);
    expect(told(null)).toEqual([expect.stringContaining('holds 5 dead letters.')]);
    expect(told(0)).toEqual([expect.stringContaining('5 dead letters, none of them replayed.')]);
    expect(told(2)).toEqual([expect.stringContaining('5 dead letters: 2 replayed, 3 not.')]);
    expect(told(5)).toEqual([expect.stringContaining('5 dead letters, all of them replayed.')]);
  });

  it('asks for their cause where they come, or came a few minutes ago', () => {
    const caughtUp = { lag: behind({ partitions: partitionsWith([{ lag: 0 }]), status: 'OK' }) };
    const recent = (letters: number) => ({ topic: 'dlq', letters, periodMs: 600_000 });
    const lately = facts({
      ...caughtUp,
      deadLetters: { before: 5, after: 5, replayed: null, recent: recent(3) },
    });
    expect(codes(lately)).toContain('DLQ_GREW');
    expect(steps(lately)).toEqual(['FIND_WHY_DEAD_LETTERS_COME']);
    const now = facts({
      ...caughtUp,
      deadLetters: { before: 3, after: 5, replayed: null, recent: recent(2) },
    });
    expect(codes(now)).toContain('DLQ_GROWS');
    expect(steps(now)).toEqual(['FIND_WHY_DEAD_LETTERS_COME']);
    const old = facts({
      ...caughtUp,
      deadLetters: { before: 5, after: 5, replayed: null, recent: recent(0) },
    });
    expect(codes(old)).toContain('DLQ_NOT_EMPTY');
    expect(steps(old)).toEqual([]);
  });
});
