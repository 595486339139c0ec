import { REQUEST_TOPIC } from '../coupon/topics.js';
import { CliError } from '../errors.js';
import { measureLag, type LagReport } from '../lag/lag.js';
import { sampleLag, type LagAdmin, type LagLog } from '../lag/sample.js';
import { CAUTION_ABOVE } from '../lag/status.js';
import { slideWindow } from '../lag/window.js';
import type { Clock } from '../ports/clock.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { LagSample } from '../ports/lag-sample.js';
import { recentSinceMs } from './recent.js';

export interface GroupStatus {
  /** Of all topics that the group reads; with a window of looks where it is watched. */
  readonly lag: LagReport;
  /** What it was measured from. */
  readonly sample: LagSample;
  /** Requests that came since `sinceMs`, by their timestamps; null where this can't be told. */
  readonly asked: number | null;
  readonly sinceMs: number;
}

export type GroupStatusAdmin = LagAdmin & Pick<ClusterAdmin, 'offsetsAtTime'>;

export interface GroupSources {
  readonly admin: GroupStatusAdmin;
  readonly reader: LagLog;
  readonly group: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Looks at a group once, or again and again. */
export class GroupStatusReading {
  readonly #sources: GroupSources;
  #window: readonly LagSample[] = [];

  constructor(sources: GroupSources) {
    this.#sources = sources;
  }

  async read(): Promise<GroupStatus> {
    const { admin, reader, group, clock } = this.#sources;
    const sinceMs = recentSinceMs(clock.now());
    const [before, sample] = await Promise.all([
      offsetsThen(admin, sinceMs),
      sampleLag(admin, reader, { group, topic: null }, clock.now),
    ]);
    const lag = measureLag(sample, { warnAbove: CAUTION_ABOVE }, this.#window);
    this.#window = slideWindow(this.#window, sample);
    return { lag, sample, asked: askedSince(before, sample), sinceMs };
  }
}

type Offsets = ReadonlyMap<number, bigint>;

/** Null where Kafka can't tell of all partitions. */
async function offsetsThen(
  admin: Pick<ClusterAdmin, 'offsetsAtTime'>,
  sinceMs: number,
): Promise<Offsets | null> {
  try {
    return await admin.offsetsAtTime(REQUEST_TOPIC, sinceMs);
  } catch (error) {
    if (error instanceof CliError) return null;
    throw error;
  }
}

function askedSince(before: Offsets | null, { partitions, offline }: LagSample): number | null {
  if (before === null || offline.some(({ topic }) => topic === REQUEST_TOPIC)) return null;
  const ofRequests = partitions.filter(({ topic }) => topic === REQUEST_TOPIC);
  return ofRequests.reduce((sum, { partition, startOffset, endOffset }) => {
    const from = before.get(partition) ?? startOffset;
    return sum + Math.max(0, Number(endOffset - from));
  }, 0);
}
