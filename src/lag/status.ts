import type { LagTrend } from './trend.js';

export type LagStatus = 'OK' | 'CAUTION' | 'WARNING' | 'STALLED' | 'STOPPED';

/** "LAG > 100: caution", as the operators of this pipeline always read it (docs/contract.md). */
export const CAUTION_ABOVE = 100;

/** What a status rests on. */
export interface LagSituation {
  readonly totalLag: number;
  /** Partitions without a leader, whose lag is unknown. */
  readonly offlinePartitions: number;
  /** Or may have some that can't be seen. */
  readonly hasMembers: boolean;
  /** CAUTION above so many records: CAUTION_ABOVE unless the user says otherwise. */
  readonly warnAbove: number;
  /** How long the window of samples is; 0 for a single sample. */
  readonly windowMs: number;
  /** Whether the group had read all that it could at some sample of the window. */
  readonly touchedZero: boolean;
  /** For how long there was something to read and no committed offset moved. */
  readonly stillMs: number;
  /** For how long a transaction has been open that records wait behind. */
  readonly transactionOpenMs: number;
  readonly trend: LagTrend | null;
}

/**
 * A shorter window says nothing of a group: a healthy member pauses for up to 6 s (three retries,
 * after 1, 2 and 3 s), or for 5 s between two looks in scheduler mode.
 */
const JUDGED_AFTER_MS = 10_000;

/**
 * How a group does, the first rule that applies:
 *
 * 1. OK: nothing to do. "LAG = 0: normal", as the operators of this pipeline always read it.
 * 2. STOPPED: there is lag, and the group has no member. Burrow: STOP.
 * 3. STALLED: there was something to read all the while, and no committed offset moved. Burrow: STALL.
 * 4. WARNING: the lag grows. "LAG keeps growing: warning"; Burrow: WARN, when the group consumes
 *    but its lag does not fall. Not where the group had caught up within the window, which Burrow
 *    calls OK. The same where a partition is offline: its lag is not known. And where a transaction
 *    stays open: no member can read what waits behind it.
 * 5. CAUTION: more lag than `warnAbove`. "LAG > 100: caution".
 * 6. OK: some lag, as any group under load has it.
 */
export function statusOf(situation: LagSituation): LagStatus {
  const { totalLag, hasMembers, warnAbove, windowMs, touchedZero, stillMs, trend } = situation;
  const someOffline = situation.offlinePartitions > 0;
  if (totalLag === 0 && !someOffline) return 'OK';
  if (totalLag > 0 && !hasMembers) return 'STOPPED';
  if (stillMs >= JUDGED_AFTER_MS) return 'STALLED';
  if (someOffline || situation.transactionOpenMs >= JUDGED_AFTER_MS) return 'WARNING';
  if (trend === 'growing' && windowMs >= JUDGED_AFTER_MS && !touchedZero) return 'WARNING';
  return totalLag > warnAbove ? 'CAUTION' : 'OK';
}
