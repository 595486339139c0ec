import { CONSUMER_GROUP } from '../coupon/topics.js';
import { count } from '../text/figures.js';
import { shellWord } from '../text/shell-word.js';
import { situationOf, workIn, workingMembers } from './group.js';
import { retentionBytesRisk, retentionRisk, type RetentionRisk } from './retention.js';
import type { AdviceFacts, AdviceFinding, AdviceStep, KeyShare, Spread } from './facts.js';

type Step = Omit<AdviceStep, 'order'>;

/** A campaign with this share of the unread records keeps one partition busy, and the others idle. */
const ONE_KEY_SHARE = 0.5;
/** More partitions must take this share off the busiest one to be worth what they cost. */
const WORTHWHILE_SPREAD = 0.8;

/**
 * What to do, most urgent first. Where the group is behind: more consumers, more partitions, batches,
 * each only where it would help; capacityFindings says why the others would not.
 */
export function stepsFor(facts: AdviceFacts): readonly Step[] {
  return [...retentionSteps(facts), ...groupSteps(facts)];
}

function groupSteps(facts: AdviceFacts): readonly Step[] {
  switch (situationOf(facts)) {
    case 'drained':
    case 'small':
      return [];
    case 'nobody':
      return [startConsumers(facts)];
    case 'stalled':
      return [lookAtLog(facts)];
    case 'catching-up':
      return [waitForIt(facts)];
    case 'behind': {
      const steps: Step[] = [];
      if (facts.mode === 'scheduler') steps.push(leaveScheduler(facts));
      else if (consumersWontHelp(facts) === null) steps.push(moreConsumers(facts));
      const spread = betterSpread(facts);
      if (spread !== null) steps.push(morePartitions(facts, spread));
      steps.push(facts.mode === 'batch' ? largerBatches(facts) : batchMode(facts));
      return steps;
    }
  }
}

/** Which of the first two steps would not help a group that is behind, and why. */
export function capacityFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  if (situationOf(facts) !== 'behind') return [];
  const findings: AdviceFinding[] = [];
  const key = hotKey(facts);
  if (key !== null) {
    findings.push({
      code: 'HOT_KEY',
      severity: 'warning',
      message: `Campaign ${key.key} has ${percent(key.share)} of the unread records. One campaign is one key, so one partition (${String(key.partition)}) and one member: no number of partitions or members spreads it. Batches do help.`,
    });
  }
  const consumers = consumersWontHelp(facts);
  if (consumers !== null) {
    findings.push({ code: 'MORE_CONSUMERS_WONT_HELP', severity: 'info', message: consumers });
  }
  if (betterSpread(facts) === null) {
    findings.push({
      code: 'MORE_PARTITIONS_WONT_HELP',
      severity: 'info',
      message:
        key === null
          ? 'More partitions would not help: the campaigns that have unread records would not spread any better over them.'
          : `More partitions would not help: campaign ${key.key} stays on one of them.`,
    });
  }
  return findings;
}

/** The campaign that most of what is unread belongs to. */
function hotKey({ unreadKeys }: AdviceFacts): KeyShare | null {
  const first = unreadKeys[0];
  return first !== undefined && first.share > ONE_KEY_SHARE ? first : null;
}

/** Why step 1 won't help, or null where it will. */
function consumersWontHelp(facts: AdviceFacts): string | null {
  const { partitions, members } = facts.lag;
  if (members >= partitions.length) {
    return `More consumers would do nothing: ${workIn(partitions)}, and there ${members === 1 ? 'is' : 'are'} ${String(members)}.`;
  }
  const busy = partitions.filter(({ lag }) => lag > 0).length;
  if (hotKey(facts) !== null || busy <= workingMembers(partitions)) {
    return 'More consumers would do next to nothing: each partition with unread records has a member to itself already, or one partition has most of them.';
  }
  return null;
}

/** The fewest partitions that take enough off the busiest one. */
function betterSpread({ spreads }: AdviceFacts): Spread | null {
  const [now, ...more] = spreads;
  if (now === undefined) return null;
  const limit = now.busiestShare * WORTHWHILE_SPREAD;
  return more.find(({ busiestShare }) => busiestShare <= limit) ?? null;
}

function startConsumers({ lag, mode }: AdviceFacts): Step {
  const members = Math.min(Math.max(lag.partitions.length, 1), MEMBERS_A_PROCESS);
  return {
    action: 'Start consumers',
    command: consume(lag.group, members, mode),
    why: 'Nobody is in the group, so nothing is read.',
    expected: `${String(members)} members share ${String(lag.partitions.length)} partitions within seconds, and the lag falls.`,
    limits: 'They must use the store that the group has used so far (--store).',
  };
}

function lookAtLog({ lag, logPath }: AdviceFacts): Step {
  return {
    action: 'See what the members wait for',
    command: `tail -n 50 ${shellWord(logPath)}`,
    why: 'There are members and records, and nothing is committed: the store is down, locked or full, or a record is being retried for ever.',
    expected:
      'A line "... fails, attempt ..." names the cause; the members go on by themselves when it is gone.',
    limits: `More members of ${lag.group} would wait for the same thing. The log is that of this machine: look where the consumers run.`,
  };
}

function waitForIt({ lag }: AdviceFacts): Step {
  const seconds = Math.max(30, (lag.etaSeconds ?? 0) * 2);
  return {
    action: 'Wait',
    command: `coupons lag${groupFlag(lag.group)} --wait --timeout ${String(seconds)}`,
    why: 'More is read than comes in.',
    expected: `The lag is 0 in about ${String(lag.etaSeconds)} s.`,
    limits: 'Only as long as no more comes in than now.',
  };
}

function leaveScheduler({ lag }: AdviceFacts): Step {
  return {
    action: 'Leave scheduler mode',
    command: consume(lag.group, Math.min(lag.partitions.length, MEMBERS_A_PROCESS), 'single'),
    why: 'The scheduler wakes every 5 s and takes up to 100 records: 20 a second, whatever else is done.',
    expected: 'Records are read as they come: 100 to 200 a second and more.',
    limits: 'End the scheduler first (ctrl-C): members of both kinds would share the partitions.',
  };
}

function moreConsumers({ lag, mode }: AdviceFacts): Step {
  const { members, partitions, outPerSecond } = lag;
  const more = partitions.length - members;
  const factor = partitions.length / Math.max(members, 1);
  return {
    action: 'More consumers',
    command: consume(lag.group, more, mode),
    why: `${String(members)} ${members === 1 ? 'member works' : 'members work'} on ${String(partitions.length)} partitions: the easiest step, and it takes effect at once.`,
    expected: `${String(more)} more join beside those that run: up to ${factor.toFixed(1)} times as many records a second${outPerSecond === null || outPerSecond === 0 ? '' : `, about ${count(outPerSecond * factor)}/s`}.`,
    limits: `Beyond ${String(partitions.length)} members the others sit idle: a partition has one reader. They write to one store, so they run on its machine.`,
  };
}

function morePartitions({ topic, spreads, lag }: AdviceFacts, better: Spread): Step {
  const now = spreads[0]?.busiestShare ?? 1;
  return {
    action: 'More partitions',
    command: `coupons topics alter ${topic} --partitions ${String(better.partitions)} --wait-drained${groupFlag(lag.group)}`,
    why: `The busiest partition has ${percent(now)} of the records; with ${String(better.partitions)} partitions it would have ${percent(better.busiestShare)}.`,
    expected: `With ${String(better.partitions)} members, new requests are read up to ${(now / better.busiestShare).toFixed(1)} times as fast.`,
    limits: `What is unread stays where it is. Partitions are never taken away again, and moved campaigns lose their order unless ${lag.group} has read everything first.`,
  };
}

function batchMode({ lag, mode }: AdviceFacts): Step {
  const unsure = mode === null ? ' (unless they work so already)' : '';
  return {
    action: `Batch mode${unsure}`,
    command: consume(lag.group, batchMembers(lag), 'batch'),
    why: 'One record a transaction waits for one sync of the disk each; 100 records a transaction share one. It is the only step that speeds up a single campaign.',
    expected: 'About ten times the records a second, the disk permitting.',
    limits:
      'End the present members first (ctrl-C: they finish what they hold). At low load a record may wait up to half a second for its batch.',
  };
}

function largerBatches({ lag }: AdviceFacts): Step {
  return {
    action: 'Larger batches',
    command: `${consume(lag.group, batchMembers(lag), 'batch')} --batch-size 500`,
    why: 'The members work in batches already; larger ones share more of the cost of a transaction.',
    expected: 'Up to half as many records again, where 100 is the size now.',
    limits:
      'Beyond 500 there is little more to gain: the store, one writer on one disk, is then what limits.',
  };
}

function retentionSteps(facts: AdviceFacts): readonly Step[] {
  const { topic, bootstrap } = facts;
  const [age, size] = [retentionRisk(facts), retentionBytesRisk(facts)];
  const longer = [
    ...(age === null ? [] : [`retention.ms=${String(longerThan(age))}`]),
    ...(size === null ? [] : [`retention.bytes=${String(size.retentionBytes * 2)}`]),
  ];
  if (longer.length === 0) return [];
  const reached = [
    ...(age === null ? [] : [`they have waited ${percent(age.share)} of it`]),
    ...(size === null ? [] : [`they fill ${percent(size.share)} of what it keeps`]),
  ];
  return [
    {
      action: 'Keep unread records longer',
      command: `kafka-configs --bootstrap-server ${bootstrap} --alter --entity-type topics --entity-name ${topic} --add-config ${longer.join(',')}`,
      why: `Retention would delete the oldest unread records: ${reached.join(', and ')}.`,
      expected: 'Nothing is deleted for as long again as it is kept now.',
      limits: 'It takes disk space. What is deleted already does not come back.',
    },
  ];
}

/** Twice as long; also where records have outlived it already, as they do until their segment is closed. */
function longerThan({ retentionMs, waitedMs }: RetentionRisk): number {
  return 2 * Math.max(retentionMs, waitedMs);
}

/** More of them in one process gain nothing: it has one thread and one store. */
const MEMBERS_A_PROCESS = 12;

function batchMembers({ partitions }: AdviceFacts['lag']): number {
  return Math.min(Math.max(partitions.length, 1), MEMBERS_A_PROCESS);
}

function consume(group: string, members: number, mode: AdviceFacts['mode']): string {
  const modeFlag = mode === null || mode === 'single' ? '' : ` --mode ${mode}`;
  return `coupons consume --concurrency ${String(members)}${modeFlag}${groupFlag(group)}`;
}

function groupFlag(group: string): string {
  return group === CONSUMER_GROUP ? '' : ` --group ${shellWord(group)}`;
}

function percent(share: number): string {
  return `${String(Math.round(share * 100))}%`;
}
