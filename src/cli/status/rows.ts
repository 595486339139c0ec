import type { ChalkInstance } from 'chalk';
import { linesOf } from '../../history/rebalances.js';
import { longestWaitMs } from '../../lag/partition-lag.js';
import { printable } from '../../output/printable.js';
import { clip } from '../../output/width.js';
import { facts } from '../../output/wrap.js';
import type { Place } from '../../ports/lag-sample.js';
import type { Part } from '../../readings/part.js';
import type { CampaignsStatus } from '../../status/campaigns.js';
import type { ClusterStatus } from '../../status/cluster.js';
import type { EventsStatus } from '../../status/events.js';
import type { GroupStatus } from '../../status/group.js';
import type { LettersStatus } from '../../status/letters.js';
import { memberProcesses, type MemberProcess } from '../../status/members.js';
import type { GroupRates } from '../../status/rates.js';
import type { StatusReport } from '../../status/status.js';
import { distanceOf, type StoreStatus } from '../../status/store.js';
import { count, counted, duration, perSecond } from '../../text/figures.js';
import { ranges } from '../../text/ranges.js';
import { timeAt, timesAt } from '../../text/times.js';
import { lineText } from '../../words/en/history-lines.js';
import type { CommandPlace } from './place.js';
import { topicLines } from './topic-lines.js';
import type { StatusView } from './view.js';

interface RowView extends Pick<StatusView, 'paint' | 'columns'> {
  /** When the status was read. */
  readonly atMs: number;
}

const LABEL_COLUMNS = 'dead letters  '.length;
const MOST_PROCESSES = 4;
const MOST_EVENTS = 2;

/** What a part says, a line of facts an element. */
type Lines = readonly (readonly string[])[];

/** A row a part, in the order of the questions of a night: is Kafka there, does the group keep up, what came of it? */
export function statusRows(
  { atMs, parts, rates }: StatusReport,
  place: CommandPlace,
  { paint, columns }: Pick<StatusView, 'paint' | 'columns'>,
): readonly string[] {
  const view = { paint, columns, atMs };
  return [
    ...row('cluster', parts.cluster, view, (data) => clusterLines(data, place, paint)),
    ...row('topics', parts.topics, view, (data) => topicLines(data, parts, paint)),
    ...row('group', parts.group, view, (data) => groupLines(data, rates, view)),
    ...row('members', parts.group, view, memberLines),
    ...row('store', parts.store, view, (data) => storeLines(data, paint)),
    ...row('dead letters', parts.letters, view, letterLines),
    ...row('audit', parts.events, view, (data) => auditLines(data, view, parts)),
    ...row('events', parts.events, view, (data) => eventLines(data, view)),
    ...row('campaigns', parts.campaigns, view, campaignLines),
  ];
}

/** What is older than this look is dimmed, with its time; what was never read is "-". */
function row<Data>(
  label: string,
  { data, failure, asOfMs }: Part<Data>,
  view: RowView,
  lines: (data: Data) => Lines,
): readonly string[] {
  const room = view.columns - LABEL_COLUMNS;
  const texts = (): readonly string[] => {
    if (data === null) return [`-  ${view.paint.dim(failure?.code ?? 'NO_ANSWER')}`];
    const drawn = lines(data).flatMap((parts) => facts(parts, room).split('\n'));
    if (failure === null) return drawn;
    const age = `figures of ${asOfMs === null ? '-' : timeAt(view.atMs, asOfMs)}`;
    return [age, ...drawn].map((line) => view.paint.dim(line));
  };
  return texts().map(
    (text, line) => (line === 0 ? label : '').padEnd(LABEL_COLUMNS) + clip(text, room),
  );
}

function clusterLines(
  { clusterId, brokers }: ClusterStatus,
  { context }: CommandPlace,
  paint: ChalkInstance,
): Lines {
  const answering = brokers.filter(({ answers }) => answers).length;
  const text = `${String(answering)} of ${counted(brokers.length, 'broker')} ${answering === 1 ? 'answers' : 'answer'}`;
  return [
    [
      ...(context === null ? [] : [paint.bold(context)]),
      printable(clusterId),
      answering === brokers.length ? text : paint.red(text),
    ],
  ];
}

function groupLines({ lag }: GroupStatus, rates: GroupRates | null, view: RowView): Lines {
  const { group, presence, state, members, totalLag, partitions } = lag;
  const waitedMs = longestWaitMs(partitions);
  const isThere = presence !== 'unknown';
  return [
    [
      printable(group),
      isThere ? state : 'no such group',
      ...(isThere ? [counted(members, 'member')] : []),
      view.paint.bold(`lag ${count(totalLag)}`),
      ...(totalLag === 0 ? [] : [`oldest waits ${waitedMs === null ? '-' : duration(waitedMs)}`]),
    ],
    ...(rates === null ? [] : [rateFacts(rates, totalLag, view)]),
  ];
}

function rateFacts(
  { inPerSecond, outPerSecond, trend, etaSeconds, sinceMs }: GroupRates,
  totalLag: number,
  { atMs }: RowView,
): readonly string[] {
  return [
    `in ${perSecond(inPerSecond)}`,
    `out ${perSecond(outPerSecond)}`,
    ...(sinceMs === null ? [] : [`since ${timeAt(atMs, sinceMs)}`]),
    totalLag === 0 ? 'drained' : (trend ?? 'trend not known'),
    ...(totalLag > 0 && etaSeconds !== null ? [`drained in ${duration(etaSeconds * 1000)}`] : []),
  ];
}

function memberLines({ sample }: GroupStatus): Lines {
  const processes = memberProcesses(sample.group.described);
  const hidden = processes.length - MOST_PROCESSES;
  if (processes.length === 0) return [['none']];
  return [
    ...processes.slice(0, MOST_PROCESSES).map(processFacts),
    ...(hidden > 0 ? [[`and ${count(hidden)} more`]] : []),
  ];
}

function processFacts({ host, pid, mode, clientIds, partitions }: MemberProcess) {
  return [
    printable(pid === null ? host : `${host} pid ${String(pid)}`),
    counted(clientIds.length, 'member'),
    mode ?? printable(clip(clientIds[0] ?? '', LONGEST_CLIENT_ID)),
    partitions.length === 0 ? 'no partitions' : partitionText(partitions),
  ];
}

const LONGEST_CLIENT_ID = 24;
const LONGEST_RANGES = 40;

function partitionText(partitions: readonly Place[]): string {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const word = partitions.length === 1 ? 'partition' : 'partitions';
  return topics
    .map((topic) => {
      const own = partitions.filter((each) => each.topic === topic);
      const of = topics.length === 1 ? '' : ` of ${printable(topic)}`;
      const which = ranges(own.map(({ partition }) => partition));
      return which.length > LONGEST_RANGES
        ? `${counted(own.length, 'partition')}${of}`
        : `${word} ${which}${of}`;
    })
    .join(', ');
}

function storeLines(
  { path, partitions, mismatch, topic }: StoreStatus,
  paint: ChalkInstance,
): Lines {
  const { equal, aheadOffsets, behindOffsets, unknown } = distanceOf(partitions);
  const of = counted(partitions.length, 'partition');
  const distance = [
    ...(aheadOffsets === 0 ? [] : [`${counted(aheadOffsets, 'offset')} ahead of the commits`]),
    ...(behindOffsets === 0 ? [] : [`${counted(behindOffsets, 'offset')} behind the commits`]),
    ...(unknown === 0 ? [] : [`nothing to compare in ${count(unknown)} of ${of}`]),
  ];
  const compared =
    equal === partitions.length ? [`at the committed offsets of ${topic}`] : distance;
  return [[printable(path), ...(mismatch === null ? compared : [paint.red(mismatch.code)])]];
}

function letterLines(letters: LettersStatus): Lines {
  const { total, behindOpenTransaction, recent, latest } = letters;
  if (total === null) return [['there is no dead letter topic']];
  const looked = latest.reduce((sum, { letters }) => sum + letters, 0);
  const reasons = latest
    .slice(0, MOST_REASONS)
    .map(({ reasonCode, letters }) => `${count(letters)} ${printable(reasonCode ?? 'no reason')}`);
  return [
    [
      `${count(total)} in all`,
      ...(total === 0 ? [] : [replayedText(letters)]),
      `${count(recent)} in the last 10 minutes`,
      ...(behindOpenTransaction === 0
        ? []
        : [`${count(behindOpenTransaction)} behind an open transaction`]),
    ],
    ...(looked === 0 ? [] : [[`of the latest ${count(looked)}: ${reasons.join(', ')}`]]),
  ];
}

function replayedText({ replayed, replayedUnknown }: LettersStatus): string {
  return replayed === null
    ? `- replayed (${replayedUnknown ?? '-'})`
    : `${count(replayed)} replayed`;
}

const MOST_REASONS = 3;

function auditLines(
  { lastAudit, outcomesSinceAudit }: EventsStatus,
  { paint, atMs: nowMs }: RowView,
  parts: StatusReport['parts'],
): Lines {
  if (lastAudit === null) return [['none was recorded']];
  const { verdict, atMs, records, findings, couponId } = lastAudit;
  const agoMs = Math.max(0, (parts.events.asOfMs ?? atMs) - atMs);
  return [
    [
      verdict === 'PASS' ? verdict : paint.red(verdict),
      ...(couponId === null ? [] : [`of coupon ${String(couponId)} only`]),
      `${timeAt(nowMs, atMs)}, ${duration(agoMs)} ago`,
      counted(records, 'record'),
      ...(findings === 0 ? [] : [counted(findings, 'finding')]),
      ...(outcomesSinceAudit === true ? ['outcomes have come since'] : []),
    ],
  ];
}

function eventLines({ recent }: EventsStatus, { atMs }: RowView): Lines {
  const lines = linesOf(recent.toReversed()).toReversed().slice(0, MOST_EVENTS);
  if (lines.length === 0) return [['none in the last hour']];
  const timeOf = timesAt(
    atMs,
    lines.map((line) => line.atMs),
  );
  return lines.map((line) => [`${timeOf(line.atMs)}  ${printable(lineText(line))}`]);
}

function campaignLines({ total, onSale }: CampaignsStatus): Lines {
  if (total === 0) return [['none yet: `coupons campaigns create 1 --stock 100`']];
  return [[`${count(total)} in all`, `${count(onSale)} on sale`]];
}
