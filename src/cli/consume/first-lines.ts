/** What a run says once at its start, and when it is asked to end. */
import type { ConsumeMode } from '../../consume/consume-mode.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { count, counted } from '../../text/figures.js';
import { spellTarget } from '../confirm/target.js';
import type { GlobalOptions } from '../settings/options.js';

/** What of the command's options says what a run does. */
export interface Running {
  readonly group: string;
  readonly concurrency: number;
  readonly mode: ConsumeMode;
  readonly batchSize: number;
  readonly untilDrained?: boolean;
  readonly maxRecords?: number;
}

type Place = Pick<GlobalOptions, 'contextName' | 'brokers' | 'store'>;

/** For people. `logPath` as it was given, or the default. */
export function firstLines(
  run: Running,
  place: Place,
  clusterId: string,
  logPath: string,
  columns: number,
): readonly string[] {
  const { group } = run;
  return [
    spellTarget({ topics: [REQUEST_TOPIC], store: true, clusterId }, place, columns),
    `Group ${group}: ${membersOf(run)}. ${howItEnds(run)}`,
    `Log: ${logPath}`,
  ];
}

/** The same for the log, in one line. */
export function startedLine(run: Running, place: Place, clusterId: string): string {
  const target = spellTarget({ topics: [REQUEST_TOPIC], store: true, clusterId }, place);
  return `started: group ${run.group}, ${membersOf(run)}; ${target}`;
}

function membersOf({ concurrency, mode, batchSize }: Running): string {
  return `${counted(concurrency, 'member')}, ${mode === 'batch' ? `batches of ${count(batchSize)}` : `mode ${mode}`}`;
}

function howItEnds({ untilDrained = false, maxRecords }: Running): string {
  const goals = [
    ...(untilDrained ? ['when the group is drained'] : []),
    ...(maxRecords === undefined ? [] : [`after ${counted(maxRecords, 'record')}`]),
  ];
  return goals.length === 0
    ? 'ctrl-C ends it.'
    : `It ends ${goals.join(' or ')}; ctrl-C ends it before.`;
}

/** After the first ctrl-C. `onTheWay`: transactions that were sent to the store and are not committed yet. */
export function stoppingLine(mode: ConsumeMode, onTheWay: number): string {
  const unit = mode === 'batch' ? 'batch' : 'record';
  const units = onTheWay === 1 ? unit : mode === 'batch' ? 'batches' : 'records';
  const what = onTheWay === 0 ? '' : ` finishing ${count(onTheWay)} ${units} on the way,`;
  return `Stopping:${what} leaving the group. ctrl-C again ends it at once.`;
}
