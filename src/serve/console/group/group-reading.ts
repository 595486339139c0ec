import { REQUEST_TOPIC } from '../../../coupon/topics.js';
import { measureLag, type LagReport } from '../../../lag/lag.js';
import { sampleLag, type LagAdmin, type LagLog } from '../../../lag/sample.js';
import { CAUTION_ABOVE } from '../../../lag/status.js';
import { movementOver, slideWindow } from '../../../lag/window.js';
import type { Clock } from '../../../ports/clock.js';
import type { LagSample } from '../../../ports/lag-sample.js';
import type { LogReader } from '../../../ports/log.js';
import { withMismatch, type StoreHere } from '../../../records/store-comparison.js';
import type { GroupData } from '../wire/group.js';
import { groupData } from './group-data.js';
import { LagHistories } from './lag-histories.js';

/** What the group did before this long a pause says nothing of how it does now. */
const LONGEST_PAUSE_MS = 5 * 60_000;
/** Rates of the charts: members commit their offsets in steps, which would look like bursts in one second. */
const RATE_OVER_MS = 3000;

/** What a chart shows of a look at the group. */
export type GroupPoint = Readonly<
  Record<'inPerSecond' | 'outPerSecond' | 'lag' | 'waitedMs', number | null>
>;

export interface GroupSources {
  readonly admin: LagAdmin;
  readonly reader: LagLog & Pick<LogReader, 'read'>;
  readonly group: string;
  /** The store that the group's offsets are compared with. */
  readonly here: StoreHere;
  readonly clock: Pick<Clock, 'now'>;
}

/** Looks at a group again and again, as `coupons lag --watch` does. */
export class GroupReading {
  readonly #sources: GroupSources;
  readonly #histories = new LagHistories();
  #samples: readonly LagSample[] = [];
  #point: GroupPoint | null = null;

  constructor(sources: GroupSources) {
    this.#sources = sources;
  }

  async read(): Promise<GroupData> {
    const { admin, reader, group, here, clock } = this.#sources;
    const looked = await sampleLag(admin, reader, { group, topic: null }, clock.now);
    const sample = await withMismatch(looked, reader, here);
    const latestMs = this.#samples.at(-1)?.takenAtMs ?? -Infinity;
    if (sample.takenAtMs - latestMs > LONGEST_PAUSE_MS) this.#samples = [];
    const report = reportOf(sample, this.#samples);
    this.#samples = slideWindow(this.#samples, sample);
    this.#histories.add(report.partitions);
    const data = groupData(report, sample.group.described, this.#histories);
    this.#point = { ...ratesOf(this.#samples), lag: data.totalLag, waitedMs: data.timeLagMs };
    return data;
  }

  /** Of the looks since the last time that it was taken, the latest one; null: there was none. */
  takePoint(): GroupPoint | null {
    const point = this.#point;
    this.#point = null;
    return point;
  }

  /** What was seen of the request topic, over the window that the status is judged by; null before the first look. */
  observed(): Observed | null {
    const samples = this.#samples.map(ofRequests);
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined) return null;
    const lag = reportOf(last, samples.slice(0, -1));
    return { lag, last, observedMs: last.takenAtMs - first.takenAtMs };
  }
}

export interface Observed {
  readonly lag: LagReport;
  readonly last: LagSample;
  readonly observedMs: number;
}

function reportOf(sample: LagSample, window: readonly LagSample[]): LagReport {
  return measureLag(sample, { warnAbove: CAUTION_ABOVE }, window);
}

function ofRequests(sample: LagSample): LagSample {
  const { partitions, offline, missingTopics } = sample;
  const isOfRequests = ({ topic }: { readonly topic: string }) => topic === REQUEST_TOPIC;
  return {
    ...sample,
    partitions: partitions.filter(isOfRequests),
    offline: offline.filter(isOfRequests),
    missingTopics: missingTopics.filter((topic) => topic === REQUEST_TOPIC),
  };
}

/** Over the last seconds, or since the look before where that is longer ago. */
function ratesOf(samples: readonly LagSample[]): Pick<GroupPoint, 'inPerSecond' | 'outPerSecond'> {
  const last = samples.at(-1);
  if (last === undefined || samples.length < 2) return { inPerSecond: null, outPerSecond: null };
  const recent = samples.findIndex(({ takenAtMs }) => last.takenAtMs - takenAtMs <= RATE_OVER_MS);
  const { spanMs, appended, consumed } = movementOver(
    samples.slice(Math.min(recent, samples.length - 2)),
  );
  // A tenth is more than a chart shows.
  const perSecond = (records: number) =>
    spanMs === 0 ? null : Math.round((records * 10_000) / spanMs) / 10;
  return { inPerSecond: perSecond(appended), outPerSecond: perSecond(consumed) };
}
