import type { TopicFacts } from '../../advice/facts.js';
import { longestWaitMs } from '../../lag/partition-lag.js';
import { isoTime } from '../../output/output.js';
import type { StoredEvent } from '../../ports/store-history.js';
import type { CampaignFigures, CampaignsStatus } from '../../status/campaigns.js';
import type { EventsStatus } from '../../status/events.js';
import type { StatusFinding } from '../../status/finding.js';
import type { GroupStatus } from '../../status/group.js';
import { verdictOf } from '../../status/judge.js';
import { RECENT_LETTERS_MS, type LettersStatus } from '../../status/letters.js';
import { memberProcesses } from '../../status/members.js';
import { allReadNow, PART_NAMES } from '../../status/parts.js';
import type { GroupRates } from '../../status/rates.js';
import type { StatusReport } from '../../status/status.js';
import type { StoreStatus } from '../../status/store.js';
import type { TopicsStatus } from '../../status/topics.js';
import { statusFindingText } from '../../words/en/status-findings.js';
import type { CommandPlace } from './place.js';

/** The JSON document of `coupons status` (docs/status.md). What was not read at this look is null. */
export function statusDocument(
  { atMs, group, parts, rates, findings }: StatusReport,
  place: CommandPlace,
) {
  const now = allReadNow(parts);
  const { cluster, topics, store, campaigns, letters, events } = now;
  return {
    at: isoTime(atMs),
    verdict: verdictOf(findings),
    findings: findings.map((finding) => findingJson(finding, place)),
    unread: PART_NAMES.flatMap((part) => {
      const { failure } = parts[part];
      return failure === null ? [] : [{ part, error: failure }];
    }),
    context: place.context,
    cluster: cluster && { clusterId: cluster.clusterId, brokers: cluster.brokers },
    topics: topics && topicsJson(topics),
    group: now.group && groupJson(group, now.group, rates),
    members: now.group && memberProcesses(now.group.sample.group.described),
    store: store && storeJson(store),
    campaigns: campaigns && campaignsJson(campaigns),
    deadLetters: letters && lettersJson(letters),
    events: events && eventsJson(events),
  };
}

function findingJson(finding: StatusFinding, place: CommandPlace) {
  const { message, command } = statusFindingText(finding, place);
  const { code, severity } = finding;
  return { code, severity, message, command: place.pasted(command) };
}

function topicsJson({ topics, missing }: TopicsStatus) {
  return [
    ...topics.map((topic) => ({ name: topic.name, exists: true, ...partitionsJson(topic) })),
    ...missing.map((name) => ({
      ...{ name, exists: false },
      ...{ partitions: 0, offline: [], silentLeaders: [], underReplicated: [] },
    })),
  ];
}

function partitionsJson({ partitions, replicationFactor }: TopicFacts) {
  const numbers = (which: (each: TopicFacts['partitions'][number]) => boolean) =>
    partitions.filter(which).map(({ partition }) => partition);
  return {
    partitions: partitions.length,
    offline: numbers(({ hasLeader }) => !hasLeader),
    silentLeaders: numbers(({ hasLeader, leaderAnswers }) => hasLeader && !leaderAnswers),
    underReplicated: numbers(
      ({ hasLeader, inSyncReplicas }) => hasLeader && inSyncReplicas < replicationFactor,
    ),
  };
}

function groupJson(group: string, { lag }: GroupStatus, rates: GroupRates | null) {
  return {
    group,
    state: lag.state,
    members: lag.members,
    totalLag: lag.totalLag,
    timeLagMs: longestWaitMs(lag.partitions),
    inPerSecond: rates?.inPerSecond ?? null,
    outPerSecond: rates?.outPerSecond ?? null,
    ratesSince: isoTime(rates?.sinceMs ?? null),
    trend: rates?.trend ?? null,
    etaSeconds: rates?.etaSeconds ?? null,
  };
}

function storeJson({ path, id, topic, partitions, mismatch }: StoreStatus) {
  return { path, id, topic, partitions, mismatch: mismatch?.code ?? null };
}

function campaignsJson({ campaigns, total, onSale, decided, sinceMs, isCounted }: CampaignsStatus) {
  return {
    total,
    onSale,
    decided: isCounted ? decided : null,
    decidedSince: isoTime(sinceMs),
    mostActive: campaigns.map(campaignJson),
  };
}

function campaignJson(campaign: CampaignFigures) {
  const { soldOutAtMs, validFromMs, validUntilMs, isOnSale, ...figures } = campaign;
  return {
    ...figures,
    onSale: isOnSale,
    left: campaign.totalQuantity - campaign.issuedQuantity,
    soldOutAt: isoTime(soldOutAtMs),
    validFrom: isoTime(validFromMs),
    validUntil: isoTime(validUntilMs),
  };
}

function lettersJson({ total, ...letters }: LettersStatus) {
  return { exists: total !== null, total, ...letters, recentMs: RECENT_LETTERS_MS };
}

function eventsJson({ lastAudit, outcomesSinceAudit, recent }: EventsStatus) {
  return {
    lastAudit: lastAudit && eventJson(lastAudit),
    outcomesSinceAudit,
    recent: recent.map(eventJson),
  };
}

function eventJson(event: StoredEvent) {
  const { atMs, actor, ...details } = event;
  return { at: isoTime(atMs), by: `${actor.user}@${actor.host}`, pid: actor.pid, ...details };
}
