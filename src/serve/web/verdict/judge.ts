/** One verdict over all that is known: the worst of it. */
import type { AuditData } from '../../console/wire/audit.js';
import type { CampaignsData } from '../../console/wire/campaigns.js';
import type { GroupData, LagStatusName } from '../../console/wire/group.js';
import type { Part } from '../../console/wire/part.js';
import type { Tone } from '../tone.js';
import type { StreamState } from '../stream.js';

export interface Judged {
  readonly code:
    LagStatusName | 'IDLE' | 'NO_GROUP' | 'OVERSOLD' | 'AUDIT_FAILED' | 'STORE_UNKNOWN' | 'LOST';
  readonly tone: Tone;
}

export interface Facts {
  readonly stream: StreamState;
  readonly group: Part<GroupData> | undefined;
  readonly campaigns: Part<CampaignsData> | undefined;
  readonly audit: AuditData | undefined;
  /** When the server said last that it is there, by its clock; null: not yet. */
  readonly beatMs: number | null;
}

/** A reading that takes longer than a beat has not failed yet, but what was read before says nothing of now. */
const OLD_AFTER_MS = 5000;

/** Null while nothing is known yet. */
export function judge({ stream, group, campaigns, audit, beatMs }: Facts): Judged | null {
  if (stream === 'connecting') return null;
  if (stream !== 'live') return { code: 'LOST', tone: 'neutral' };
  // Broken promises first: whatever the lag is, these need a person.
  if ((campaigns?.data?.oversold ?? 0) > 0) return { code: 'OVERSOLD', tone: 'bad' };
  if (audit?.last?.verdict === 'FAIL') return { code: 'AUDIT_FAILED', tone: 'bad' };
  if (group === undefined || (group.data === null && group.failure === null)) return null;
  if (group.failure !== null || group.data === null || isOld(group, beatMs)) {
    return { code: 'UNKNOWN', tone: 'bad' };
  }
  const judged = judgeGroup(group.data);
  // Whether more was issued than there is can't be said without the store.
  const isStoreKnown =
    campaigns === undefined || (campaigns.failure === null && !isOld(campaigns, beatMs));
  return judged.tone === 'good' && !isStoreKnown ? { code: 'STORE_UNKNOWN', tone: 'bad' } : judged;
}

/** Whether it is so long ago that a part was read. */
export function isOld({ asOfMs }: Pick<Part<unknown>, 'asOfMs'>, beatMs: number | null): boolean {
  return asOfMs !== null && beatMs !== null && beatMs - asOfMs > OLD_AFTER_MS;
}

const TONES: Readonly<Record<LagStatusName, Tone>> = {
  OK: 'good',
  CAUTION: 'caution',
  WARNING: 'caution',
  STALLED: 'bad',
  STOPPED: 'bad',
  UNKNOWN: 'bad',
};

function judgeGroup({ state, status, totalLag, memberCount, notes }: GroupData): Judged {
  if (totalLag === 0 && memberCount === 0 && status === 'OK') {
    // Kafka calls a group that does not exist Dead.
    const isMissing = state === 'Dead' || notes.some(({ code }) => code === 'NO_SUCH_GROUP');
    return { code: isMissing ? 'NO_GROUP' : 'IDLE', tone: 'neutral' };
  }
  return { code: status, tone: TONES[status] };
}

/** Whether an audit says nothing about now any more. */
export function isAuditStale(endedAtMs: number, nowMs: number, staleAfterMs: number): boolean {
  return nowMs - endedAtMs > staleAfterMs;
}
