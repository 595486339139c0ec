import { LARGE_BATCH, MEMBERS_A_PROCESS, RECORDS_PER_SECOND } from './capacity.js';
import { movedKeys } from '../topics/key-sample.js';
import { disturbanceSteps, isDisturbed } from './disturbance.js';
import { floodSteps, isFlooded } from './flood.js';
import { situationOf, workingMembers } from './group.js';
import { retentionBytesRisk, retentionRisk } from './retention.js';
import { areLettersComing } from './topics.js';
import type { AdviceFacts, KeyShare, Spread } from './facts.js';
import type { AdviceFinding, NoUseForConsumers } from './finding.js';
import type { AdviceStep } from './step.js';

/** A campaign above this share of the unread records keeps one partition busy, and the others idle. */
const ONE_KEY_SHARE = 0.5;
/** More partitions are worth their cost where the busiest one keeps at most this much of its share. */
const WORTHWHILE_SPREAD = 0.8;
/** Two commits of a group that commits once a minute. */
const LONG_ENOUGH_SECONDS = 150;

/**
 * What to do, most urgent first. Where the group is behind: more consumers, more partitions, batches,
 * each only where it would help; capacityFindings says why the others would not.
 */
export function stepsFor(facts: AdviceFacts): readonly AdviceStep[] {
  const { lag, mismatch, host } = facts;
  // Whatever else would be done for the group is done with its store.
  if (mismatch !== null) {
    return [
      { code: 'USE_THE_GROUPS_STORE', group: lag.group, mismatch, host },
      ...retentionSteps(facts),
    ];
  }
  return [
    ...retentionSteps(facts),
    ...disturbanceSteps(facts),
    ...floodSteps(facts),
    ...groupSteps(facts),
    ...deadLetterSteps(facts),
  ];
}

/** Whatever the group needs: the requests that fail now are those that a replay has to send again. */
function deadLetterSteps(facts: AdviceFacts): readonly AdviceStep[] {
  return areLettersComing(facts) ? [{ code: 'FIND_WHY_DEAD_LETTERS_COME' }] : [];
}

function groupSteps(facts: AdviceFacts): readonly AdviceStep[] {
  const { lag, mode, logPath } = facts;
  const { group } = lag;
  switch (situationOf(facts)) {
    case 'drained':
    case 'not-known':
    case 'small':
      return [];
    case 'not-judged':
      return [{ code: 'OBSERVE_LONGER', group, seconds: LONG_ENOUGH_SECONDS }];
    case 'no-members': {
      const partitions = lag.partitions.length;
      return [
        { code: 'START_CONSUMERS', group, members: membersFor(partitions), partitions, mode },
      ];
    }
    case 'held-back': {
      const [transaction] = lag.openTransactions;
      return transaction === undefined
        ? []
        : [{ code: 'FIND_THE_PRODUCER', transaction, bootstrap: facts.bootstrap }];
    }
    case 'stalled':
      return [{ code: 'READ_THE_LOG', group, logPath }];
    case 'catching-up':
      return [waitFor(group, lag.etaSeconds ?? 0)];
    case 'behind':
      return isDisturbed(facts) ? [] : capacitySteps(facts);
  }
}

function capacitySteps(facts: AdviceFacts): readonly AdviceStep[] {
  const { lag, mode, storeKind } = facts;
  const { group } = lag;
  const members = membersFor(lag.partitions.length);
  const steps: AdviceStep[] = [];
  if (mode === 'scheduler') {
    steps.push({ code: 'LEAVE_SCHEDULER', group, members, storeKind });
  } else if (noUseForConsumers(facts) === null) {
    steps.push(moreConsumers(facts));
  }
  // What is limited next needs neither: partitions stay for good.
  if (isFlooded(facts)) {
    return mode === 'batch'
      ? steps
      : [...steps, { code: 'BATCH_MODE', group, members, mode, storeKind }];
  }
  const spread = betterSpread(facts);
  const partitions = spread === null ? [] : [morePartitions(facts, spread)];
  const batches: AdviceStep =
    mode === 'batch'
      ? { code: 'LARGER_BATCHES', group, members, batchSize: LARGE_BATCH }
      : { code: 'BATCH_MODE', group, members, mode, storeKind };
  // What costs campaigns on sale their order comes last.
  const isRisky = spread !== null && movedOnSale(facts, spread).length > 0;
  return [...steps, ...(isRisky ? [batches, ...partitions] : [...partitions, batches])];
}

/** Which of the first two steps would not help a group that is behind, and why; or that none would. */
export function capacityFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  if (situationOf(facts) !== 'behind' || isDisturbed(facts)) return [];
  const findings: AdviceFinding[] = [...beyondOneHost(facts)];
  const hot = hotKey(facts);
  if (hot !== null) findings.push({ code: 'HOT_KEY', severity: 'warning', ...hot });
  const reason = noUseForConsumers(facts);
  if (reason !== null) {
    findings.push({ code: 'MORE_CONSUMERS_WONT_HELP', severity: 'info', reason });
  }
  if (isFlooded(facts)) return findings;
  findings.push(...saleFindings(facts));
  if (betterSpread(facts) === null) {
    const key = hot?.key ?? null;
    findings.push({ code: 'MORE_PARTITIONS_WONT_HELP', severity: 'info', hotKey: key });
  }
  return findings;
}

/** What arrives faster than the one machine can be that all members run on is never read. */
function beyondOneHost({ lag, storeKind }: AdviceFacts): readonly AdviceFinding[] {
  const { inPerSecond } = lag;
  const hostPerSecond = RECORDS_PER_SECOND[storeKind].batch;
  if (inPerSecond === null || inPerSecond <= hostPerSecond || hostsOf(lag) > 1) return [];
  return [{ code: 'BEYOND_ONE_HOST', severity: 'warning', inPerSecond, hostPerSecond, storeKind }];
}

function hostsOf({ partitions }: AdviceFacts['lag']): number {
  return new Set(partitions.flatMap(({ host }) => host ?? [])).size;
}

/** The campaign with most of the unread records. */
function hotKey({ unreadKeys }: AdviceFacts): KeyShare | null {
  const first = unreadKeys[0];
  return first !== undefined && first.share > ONE_KEY_SHARE ? first : null;
}

/** Why more consumers won't help, or null where they will. */
function noUseForConsumers(facts: AdviceFacts): NoUseForConsumers | null {
  const { partitions, members } = facts.lag;
  if (members >= partitions.length) {
    return { code: 'A_MEMBER_PER_PARTITION', members, partitions: partitions.length };
  }
  const unread = partitions.filter(({ lag }) => lag > 0).length;
  return hotKey(facts) !== null || unread <= workingMembers(partitions)
    ? { code: 'ALL_UNREAD_PARTITIONS_BUSY' }
    : null;
}

/** The fewest partitions that take enough off the busiest one. */
function betterSpread({ spreads }: AdviceFacts): Spread | null {
  const [now, ...more] = spreads;
  if (now === undefined) return null;
  const limit = now.busiestShare * WORTHWHILE_SPREAD;
  return more.find(({ busiestShare }) => busiestShare <= limit) ?? null;
}

/** When not to add partitions. */
function saleFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  const spread = betterSpread(facts);
  const couponIds = spread === null ? [] : movedOnSale(facts, spread);
  if (spread === null || couponIds.length === 0) return [];
  const { topic, lag } = facts;
  const { partitions } = spread;
  const code = 'PARTITIONS_MOVE_SALE';
  return [{ code, severity: 'warning', topic, partitions, couponIds, unread: lag.totalLag }];
}

/** The campaigns on sale whose requests would go to another partition. */
function movedOnSale({ sale, lag }: AdviceFacts, { partitions }: Spread): readonly number[] {
  const keys = (sale?.onSale ?? []).map((couponId) => Buffer.from(String(couponId)));
  return movedKeys(keys, lag.partitions.length, partitions).map(Number);
}

/** Twice the estimate, and at least 30 s: the rate of reading varies. */
function waitFor(group: string, etaSeconds: number): AdviceStep {
  return { code: 'WAIT', group, etaSeconds, timeoutSeconds: Math.max(30, etaSeconds * 2) };
}

function moreConsumers({ lag, mode, storeKind }: AdviceFacts): AdviceStep {
  const { group, members: running, outPerSecond } = lag;
  const partitions = lag.partitions.length;
  const members = partitions - running;
  const rates = { partitions, mode, outPerSecond };
  return { code: 'MORE_CONSUMERS', group, members, running, ...rates, storeKind };
}

function morePartitions(facts: AdviceFacts, better: Spread): AdviceStep {
  const { topic, spreads, lag } = facts;
  return {
    code: 'MORE_PARTITIONS',
    group: lag.group,
    topic,
    partitions: better.partitions,
    busiestShareNow: spreads[0]?.busiestShare ?? 1,
    busiestShareThen: better.busiestShare,
    movedOnSale: movedOnSale(facts, better),
  };
}

function retentionSteps(facts: AdviceFacts): readonly AdviceStep[] {
  const { topic, bootstrap } = facts;
  const [age, size] = [retentionRisk(facts), retentionBytesRisk(facts)];
  if (age === null && size === null) return [];
  return [
    {
      code: 'KEEP_LONGER',
      topic,
      bootstrap,
      // Records outlive retention.ms until their segment is closed, so what they have waited counts.
      age: age && { share: age.share, newValue: 2 * Math.max(age.retentionMs, age.waitedMs) },
      size: size && { share: size.share, newValue: 2 * size.retentionBytes },
    },
  ];
}

/** As many as one process can use. */
export function membersFor(partitions: number): number {
  return Math.min(Math.max(partitions, 1), MEMBERS_A_PROCESS);
}
