import type { Worded } from '../../../words/languages.js';

export type LagStatusName = 'OK' | 'CAUTION' | 'WARNING' | 'STALLED' | 'STOPPED' | 'UNKNOWN';

export interface GroupData {
  readonly group: string;
  /** Kafka's word: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead. */
  readonly state: string;
  readonly members: readonly MemberData[];
  /** How many Kafka counts; `members` may lack those that can't be shown. */
  readonly memberCount: number;
  readonly status: LagStatusName;
  readonly trend: 'falling' | 'steady' | 'growing' | null;
  /** In records. */
  readonly totalLag: number;
  /** How long the oldest unread record has waited; null: not known. */
  readonly timeLagMs: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly partitions: readonly PartitionData[];
  readonly notes: readonly { readonly code: string; readonly text: Worded }[];
}

export interface MemberData {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

export interface PartitionData {
  readonly topic: string;
  readonly partition: number;
  /** False: without a leader; all figures below are null then, and lagHistory is empty. */
  readonly isOnline: boolean;
  readonly lag: number | null;
  readonly timeLagMs: number | null;
  readonly committedOffset: string | null;
  readonly startOffset: string | null;
  readonly endOffset: string | null;
  readonly memberId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
  /** More than half of the lag is here. */
  readonly isHot: boolean;
  /** The lag of the last minute's readings, oldest first; at most 60. */
  readonly lagHistory: readonly number[];
}
