/** What the parts of a status come to: findings, the worst first, and one word. */
import type { ReplicaFinding, RetentionFinding, Severe } from '../advice/finding.js';
import { partitionFindings } from '../advice/topics.js';
import { retentionFindings } from '../advice/retention.js';
import { CONSUME_MODES, type ConsumeMode } from '../consume/consume-mode.js';
import { DLQ_TOPIC, profileFor, REQUEST_TOPIC } from '../coupon/topics.js';
import type { Failure } from '../errors.js';
import type { ClusterStatus } from './cluster.js';
import type { EventsStatus } from './events.js';
import { SEVERITIES, type StatusFinding, type StatusVerdict } from './finding.js';
import type { GroupStatus } from './group.js';
import { groupFindings } from './group-findings.js';
import { RECENT_LETTERS_MS, type LettersStatus } from './letters.js';
import { allReadNow, PART_NAMES, readNow, type PartName, type StatusParts } from './parts.js';
import type { GroupRates } from './rates.js';
import { LARGE_LOG_BYTES, type StoreCondition } from '../ports/store-access.js';
import { isBeyondEnd, type StoreStatus } from './store.js';
import type { TopicsStatus } from './topics.js';

/** A consumer that has failed within this time is worth a look, though another one may run by now. */
const FAILED_WITHIN_MS = 10 * 60_000;

/** `rates`: null where the group was not read. */
export function judge(
  parts: StatusParts,
  rates: GroupRates | null,
  nowMs: number,
): readonly StatusFinding[] {
  const { group, topics, cluster, store, campaigns, letters, events } = allReadNow(parts);
  const findings: readonly StatusFinding[] = [
    ...notRead(parts),
    ...(campaigns === null || campaigns.oversold.length === 0
      ? []
      : [{ code: 'OVERSOLD', severity: 'critical', campaigns: campaigns.oversold } as const]),
    ...(events === null ? [] : auditFindings(events)),
    ...(store === null || group === null ? [] : storeFindings(store, group.lag.group)),
    ...(topics === null ? [] : topicFindings(topics, cluster)),
    ...(group === null || rates === null
      ? []
      : groupFindings(group, rates, lastModeOf(group.lag.group, events))),
    ...(group === null || topics === null ? [] : retention(group, topics)),
    ...(group === null ? [] : missingTopics(group)),
    ...(cluster === null ? [] : silentBrokers(cluster)),
    ...(letters === null ? [] : letterFindings(letters)),
    ...(events === null ? [] : consumerFindings(events, nowMs)),
  ];
  return findings.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
}

/** Of the consumer of the group that started last, within the hour that is read; null: not known. */
function lastModeOf(group: string, events: EventsStatus | null): ConsumeMode | null {
  const started = (events?.recent ?? []).flatMap((event) =>
    event.kind === 'CONSUMER_STARTED' && event.group === group ? [event.mode] : [],
  );
  return CONSUME_MODES.find((mode) => mode === started[0]) ?? null;
}

/** `findings`: as judge gives them. */
export function verdictOf([worst]: readonly StatusFinding[]): StatusVerdict {
  return worst === undefined ? 'OK' : (worst.severity.toUpperCase() as StatusVerdict);
}

/** One finding a reason: a broker or a store that is away fails several parts. */
function notRead(parts: StatusParts): readonly StatusFinding[] {
  const isNoTopic = (readNow(parts.topics)?.missing ?? []).length > 0;
  const byReason = new Map<string, { failure: Failure; names: PartName[] }>();
  for (const name of PART_NAMES) {
    const { failure, data } = parts[name];
    if (failure === null && data !== null) continue;
    const reason = failure ?? NOT_READ_YET;
    // That is a finding of its own.
    if (isNoTopic && reason.code === 'TOPIC_NOT_FOUND') continue;
    const found = byReason.get(reason.code) ?? { failure: reason, names: [] };
    found.names.push(name);
    byReason.set(reason.code, found);
  }
  return [...byReason.values()].map(({ failure, names }) => ({
    code: 'NOT_READ',
    severity: 'unknown',
    parts: names,
    failure,
  }));
}

const NOT_READ_YET: Failure = {
  code: 'NO_ANSWER',
  message: 'There was no answer yet.',
  hint: null,
};

function auditFindings({ lastAudit }: EventsStatus): readonly StatusFinding[] {
  if (lastAudit?.verdict !== 'FAIL') return [];
  const { atMs, findings } = lastAudit;
  return [{ code: 'AUDIT_FAILED', severity: 'critical', atMs, findings }];
}

function storeFindings(
  store: StoreStatus & StoreCondition,
  group: string,
): readonly StatusFinding[] {
  return [...positionFindings(store, group), ...conditionFindings(store)];
}

function conditionFindings({
  path,
  isLocked,
  writeAheadLogBytes: logBytes,
}: StoreCondition & Pick<StoreStatus, 'path'>): readonly StatusFinding[] {
  const isLarge = logBytes > LARGE_LOG_BYTES;
  return [
    ...(isLocked ? [{ code: 'STORE_LOCKED', severity: 'warning', path } as const] : []),
    ...(isLarge ? [{ code: 'STORE_LOG_LARGE', severity: 'caution', path, logBytes } as const] : []),
  ];
}

function positionFindings(
  { mismatch, partitions, topic }: StoreStatus,
  group: string,
): readonly StatusFinding[] {
  if (mismatch !== null) return [{ ...mismatch, severity: 'critical', group }];
  return partitions.filter(isBeyondEnd).map(({ partition, nextOffset, endOffset }) => ({
    code: 'STORE_BEYOND_END',
    severity: 'critical',
    topic,
    partition,
    offset: nextOffset ?? 0n,
    endOffset,
  }));
}

function topicFindings(
  { topics, missing, replicaBrokers }: TopicsStatus,
  cluster: ClusterStatus | null,
): readonly StatusFinding[] {
  const up = cluster?.brokers.map(({ id }) => id) ?? replicaBrokers;
  const down = replicaBrokers.filter((id) => !up.includes(id));
  return [
    ...missing.map((topic) => ({
      code: 'TOPIC_MISSING' as const,
      severity: 'critical' as const,
      topic,
      profile: profileFor(cluster?.brokers.length ?? 0),
    })),
    ...topics.flatMap(partitionFindings).flatMap(ofStatus),
    ...(down.length === 0
      ? []
      : [
          {
            code: 'BROKERS_DOWN' as const,
            severity: 'warning' as const,
            brokers: down,
            topic: topics[0]?.name ?? REQUEST_TOPIC,
          },
        ]),
  ];
}

/** What advice only mentions is none of a status. */
function ofStatus(finding: Severe<ReplicaFinding | RetentionFinding>): readonly StatusFinding[] {
  const { severity } = finding;
  return severity === 'info' ? [] : [{ ...finding, severity }];
}

function retention({ lag }: GroupStatus, { topics }: TopicsStatus): readonly StatusFinding[] {
  const partitions = lag.partitions.filter(({ topic }) => topic === REQUEST_TOPIC);
  const facts = { topic: REQUEST_TOPIC, topics, lag: { ...lag, partitions } };
  return retentionFindings(facts).flatMap(ofStatus);
}

/** The group's others: a missing topic of the pipeline is known already. */
function missingTopics({ lag }: GroupStatus): readonly StatusFinding[] {
  return lag.missingTopics
    .filter((topic) => topic !== REQUEST_TOPIC && topic !== DLQ_TOPIC)
    .map((topic) => ({ code: 'TOPIC_MISSING', severity: 'caution', topic, profile: null }));
}

function silentBrokers({ brokers, limitMs }: ClusterStatus): readonly StatusFinding[] {
  const silent = brokers.filter(({ answers }) => !answers);
  if (silent.length === 0) return [];
  const of = brokers.length;
  return [{ code: 'BROKERS_SILENT', severity: 'warning', brokers: silent, of, limitMs }];
}

function letterFindings({ recent }: LettersStatus): readonly StatusFinding[] {
  if (recent === 0) return [];
  const withinMs = RECENT_LETTERS_MS;
  return [{ code: 'LETTERS_COME', severity: 'caution', letters: recent, withinMs }];
}

function consumerFindings({ recent }: EventsStatus, nowMs: number): readonly StatusFinding[] {
  const latest = recent.find(
    (event) => event.kind === 'CONSUMER_STARTED' || event.kind === 'CONSUMER_STOPPED',
  );
  if (latest?.kind !== 'CONSUMER_STOPPED' || latest.errorCode === null) return [];
  const { atMs, errorCode, actor } = latest;
  if (nowMs - atMs > FAILED_WITHIN_MS) return [];
  const { host, pid } = actor;
  return [{ code: 'CONSUMER_FAILED', severity: 'caution', errorCode, atMs, host, pid }];
}
