import { measureLag, type LagReport } from '../../../src/lag/lag.js';
import type { LagSample, PartitionSample } from '../../../src/ports/lag-sample.js';
import { slideWindow } from '../../../src/lag/window.js';

export const TOPIC = 'coupon-issue-requests';
export const NOW = Date.UTC(2026, 10, 22, 12);

export interface Offsets {
  readonly topic?: string;
  readonly committed: number | null;
  readonly end: number;
  /** Where the oldest open transaction began; none is open where it is left out. */
  readonly openSince?: number;
  readonly start?: number;
  readonly clientId?: string;
}

function partition(number: number, offsets: Offsets): PartitionSample {
  const { topic = TOPIC, committed, end, openSince = end, start = 0 } = offsets;
  const { clientId = 'coupons-single-1' } = offsets;
  return {
    topic,
    partition: number,
    committedOffset: committed === null ? null : BigInt(committed),
    mark: null,
    startOffset: BigInt(start),
    endOffset: BigInt(end),
    stableEndOffset: BigInt(openSince),
    oldestUnprocessedTimestampMs: null,
    memberId: 'coupons-1',
    clientId,
    host: '/127.0.0.1',
    pid: null,
  };
}

export interface Look {
  readonly atSeconds: number;
  readonly members?: number;
  readonly partitions: readonly Offsets[];
}

export function sample({ atSeconds, members = 3, partitions }: Look): LagSample {
  return {
    takenAtMs: NOW + atSeconds * 1000,
    group: {
      group: 'coupon-issue-group',
      state: members > 0 ? 'Stable' : 'Empty',
      members,
      described: [],
      idleMembers: [],
      unreadableMembers: [],
    },
    partitions: partitions.map((offsets, number) => partition(number, offsets)),
    offline: [],
    missingTopics: [],
    abandonedTopics: [],
    unreadTopic: null,
    recentLetters: null,
    mismatch: null,
  };
}

/** One partition, looked at every two seconds: [committed, end] at each look. */
export function recorded(offsets: readonly (readonly [number | null, number])[]): readonly Look[] {
  return offsets.map(([committed, end], index) => ({
    atSeconds: index * 2,
    partitions: [{ committed, end }],
  }));
}

/** What a watch shows at its last look. */
export function watch(looks: readonly Look[], warnAbove = 100): LagReport {
  const samples = looks.map(sample);
  const now = samples.at(-1);
  if (now === undefined) throw new Error('nothing was recorded');
  const window = samples.slice(0, -1).reduce(slideWindow, []);
  return measureLag(now, { warnAbove }, window);
}
