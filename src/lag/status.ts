import { JUDGED_AFTER_MS } from './cadence.js';
import type { LagTrend } from './trend.js';

export type LagStatus = 'OK' | 'CAUTION' | 'WARNING' | 'STALLED' | 'STOPPED';

/** "LAG > 100: caution", as the operators of this pipeline always read it (docs/contract.md). */
export const CAUTION_ABOVE = 100;

/** What a status rests on. */
export interface LagSituation {
  readonly totalLag: number;
  /** Whether the lag of some partition is not known. */
  readonly isIncomplete: boolean;
  /** Whether records were deleted before the group read them, and it has read nothing since. */
  readonly hasLostRecords: boolean;
  /** Whether the group's own store lacks what the group has committed: nothing reads that again by itself. */
  readonly isAheadOfStore: boolean;
  /** Or may have some that can't be seen. */
  readonly hasMembers: boolean;
  /** CAUTION above so many records: CAUTION_ABOVE unless the user says otherwise. */
  readonly warnAbove: number;
  /** How long the window of samples is; 0 for a single sample. */
  readonly windowMs: number;
  /** Whether the group had read all that it could at some sample of the window. */
  readonly touchedZero: boolean;
  /** A shorter time than this says nothing of this group. */
  readonly judgedAfterMs: number;
  /** For how long there was something to read and no committed offset moved. */
  readonly stillMs: number;
  /** For how long a transaction has been open that records wait behind. */
  readonly transactionOpenMs: number;
  readonly trend: LagTrend | null;
}

/**
 * How a group does, the first rule that applies:
 *
 * 1. OK: nothing to do. "LAG = 0: normal", as the operators of this pipeline always read it.
 * 2. STOPPED: there is lag, and the group has no member. Burrow: STOP.
 * 3. STALLED: there was something to read all the while, and no committed offset moved. Burrow: STALL.
 * 4. WARNING: the lag grows. "LAG keeps growing: warning"; Burrow: WARN, when the group consumes
 *    but its lag does not fall. Not where the group had caught up within the window, which Burrow
 *    calls OK. The same where the lag of some partition is not known, and where records were deleted
 *    unread, or are committed and not in the store. And where a transaction stays open: no member can read what waits behind it.
 * 5. CAUTION: more lag than `warnAbove`. "LAG > 100: caution".
 * 6. OK: some lag, as any group under load has it.
 */
export function statusOf(situation: LagSituation): LagStatus {
  const { totalLag, hasMembers, warnAbove, windowMs, touchedZero, trend } = situation;
  const isWrong = situation.isIncomplete || situation.hasLostRecords || situation.isAheadOfStore;
  if (totalLag === 0 && !isWrong) return 'OK';
  if (totalLag > 0 && !hasMembers) return 'STOPPED';
  if (situation.stillMs >= situation.judgedAfterMs) return 'STALLED';
  if (isWrong || situation.transactionOpenMs >= JUDGED_AFTER_MS) return 'WARNING';
  if (trend === 'growing' && windowMs >= JUDGED_AFTER_MS && !touchedZero) return 'WARNING';
  return totalLag > warnAbove ? 'CAUTION' : 'OK';
}
