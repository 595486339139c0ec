import { counted, perSecond } from '../text/figures.js';
import type { AdviceFacts, AdviceFinding } from './facts.js';
import { CAUTION_ABOVE } from '../lag/status.js';

/** What a group needs: nothing, somebody, a look at its log, patience, or more capacity. */
export type Situation = 'drained' | 'nobody' | 'stalled' | 'catching-up' | 'small' | 'behind';

/** A lag that is gone within this needs no work on the group. */
const SOON_SECONDS = 300;

export function situationOf({ lag }: AdviceFacts): Situation {
  if (lag.totalLag === 0) return 'drained';
  if (lag.members === 0 && lag.presence !== 'hidden') return 'nobody';
  if (lag.status === 'STALLED') return 'stalled';
  if (lag.etaSeconds !== null && lag.etaSeconds <= SOON_SECONDS) return 'catching-up';
  if (lag.totalLag <= CAUTION_ABOVE && lag.trend !== 'growing') return 'small';
  return 'behind';
}

/** What there is to say of the group itself. */
export function groupFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  return [...situationFindings(facts), ...memberFindings(facts)];
}

function situationFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  const { lag, observedMs } = facts;
  const group = `Group ${lag.group}`;
  const records = counted(lag.totalLag, 'record');
  const waiting = `${records} ${lag.totalLag === 1 ? 'waits' : 'wait'}`;
  const rates = `in ${perSecond(lag.inPerSecond)}, out ${perSecond(lag.outPerSecond)}`;
  switch (situationOf(facts)) {
    case 'drained':
      return [
        lag.presence === 'unknown'
          ? {
              code: 'NO_SUCH_GROUP',
              severity: 'info',
              message: `${group} does not exist, and there is nothing that it could read.`,
            }
          : { code: 'KEEPS_UP', severity: 'info', message: `${group} has read everything.` },
      ];
    case 'nobody':
      return [
        lag.presence === 'unknown'
          ? {
              code: 'NO_SUCH_GROUP',
              severity: 'critical',
              message: `${group} does not exist: nobody has ever joined it, and ${waiting}.`,
            }
          : {
              code: 'NO_MEMBERS',
              severity: 'critical',
              message: `Nobody is in ${lag.group}, and ${waiting}.`,
            },
      ];
    case 'stalled':
      return [
        {
          code: 'STALLED',
          severity: 'critical',
          message: `${group} stands still: ${counted(lag.members, 'member')}, ${records} to read, and no offset was committed for ${seconds(observedMs)}.`,
        },
      ];
    case 'catching-up':
      return [
        {
          code: 'CATCHING_UP',
          severity: 'info',
          message: `${group} catches up: ${records} to go, ${rates}, done in about ${String(lag.etaSeconds)} s.`,
        },
      ];
    case 'small':
      return [
        {
          code: 'KEEPS_UP',
          severity: 'info',
          message: `${group} keeps up: ${records} to go, ${rates}.`,
        },
      ];
    case 'behind':
      return [
        {
          code: lag.trend === 'growing' ? 'FALLS_BEHIND' : 'BEHIND',
          severity: 'warning',
          message:
            lag.trend === 'growing'
              ? `${group} falls behind: ${records} to read and growing, ${rates}.`
              : `${group} is behind: ${records} to read, ${rates}${etaOf(facts)}.`,
        },
        ...serviceTime(facts),
      ];
  }
}

function etaOf({ lag }: AdviceFacts): string {
  if (lag.etaSeconds === null) return ', not catching up';
  return `, done in about ${String(Math.round(lag.etaSeconds / 60))} min`;
}

/** What one record costs one member that always has something to do: most of it is the store. */
function serviceTime({ lag, mode }: AdviceFacts): readonly AdviceFinding[] {
  // The scheduler spends its time waiting, and what it does with it says nothing of the store.
  if (mode === 'scheduler') return [];
  const working = workingMembers(lag.partitions);
  if (working === 0 || lag.outPerSecond === null || lag.outPerSecond === 0) return [];
  const ms = (working * 1000) / lag.outPerSecond;
  const how = mode === null ? '' : ` in ${mode} mode`;
  return [
    {
      code: 'TIME_PER_RECORD',
      severity: 'info',
      message: `A busy member takes about ${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms a record${how}, most of it the store's transaction.`,
    },
  ];
}

/** Members that have something to read. */
export function workingMembers(partitions: AdviceFacts['lag']['partitions']): number {
  const working = partitions.filter(({ lag, memberId }) => lag > 0 && memberId !== null);
  return new Set(working.map(({ memberId }) => memberId)).size;
}

/** A partition has one reader, so that many members at most have something to do. */
export function workIn({ length }: AdviceFacts['lag']['partitions']): string {
  const partitions = counted(length, 'partition');
  return `${partitions} ${length === 1 ? 'has' : 'have'} work for ${counted(length, 'member')}`;
}

function memberFindings({ lag }: AdviceFacts): readonly AdviceFinding[] {
  const findings: AdviceFinding[] = [];
  if (lag.idleMembers.length > 0) {
    findings.push({
      code: 'IDLE_MEMBERS',
      severity: 'warning',
      message: `${String(lag.idleMembers.length)} of ${String(lag.members)} members sit idle: ${workIn(lag.partitions)}, no more.`,
    });
  }
  if (lag.presence === 'hidden') {
    findings.push({
      code: 'MEMBERS_HIDDEN',
      severity: 'info',
      message: `The members of ${lag.group} can't be seen, for it is of a kind that Kafka describes in a way of its own: nothing is said of them here.`,
    });
  }
  return findings;
}

function seconds(ms: number): string {
  return `${String(Math.round(ms / 1000))} s`;
}
