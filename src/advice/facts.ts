/** What advice is based on. */
import type { ConsumeMode } from '../consume/consume-mode.js';
import type { Failure } from '../errors.js';
import type { StoreMismatch } from '../ports/group-store.js';
import type { RecentLetters } from '../ports/lag-sample.js';
import type { LagReport } from '../lag/lag.js';
import type { StoreKind } from './capacity.js';

export interface AdviceFacts {
  readonly topic: string;
  /** Of the request topic, judged over the window of the observation. */
  readonly lag: LagReport;
  /** How long the group was observed. */
  readonly observedMs: number;
  /** How the members work; null where their client ids do not say (other programs). */
  readonly mode: ConsumeMode | null;
  /** How the unread records spread over keys, the most frequent first. */
  readonly unreadKeys: readonly KeyShare[];
  /** How keys would spread over other numbers of partitions, ascending, from the present one on. */
  readonly spreads: readonly Spread[];
  readonly topics: readonly TopicFacts[];
  readonly deadLetters: DeadLetterFacts | null;
  /** By the store here; null: there is none that can be read, or it is not the group's. */
  readonly sale: SaleFacts | null;
  readonly brokers: number;
  /** For the commands of Kafka's own tools: "host:port,...". */
  readonly bootstrap: string;
  readonly logPath: string;
  /** Of the store here. */
  readonly storeKind: StoreKind;
  /** Why the store of this machine is not the group's; null: nothing says so. */
  readonly mismatch: StoreMismatch | null;
  /** Why the store of this machine can't be read; null where it can, or where there is none. */
  readonly storeFailure: Failure | null;
  /** The name of this machine. */
  readonly host: string;
}

export interface KeyShare {
  /** A couponId, as the key says it. */
  readonly key: string;
  readonly partition: number;
  /** Of the unread records, 0 to 1. */
  readonly share: number;
}

export interface Spread {
  readonly partitions: number;
  /** Of the records, what the busiest partition would get: 0 to 1. */
  readonly busiestShare: number;
}

export interface TopicFacts {
  readonly name: string;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  /** Null: not known, or for ever. */
  readonly retentionMs: number | null;
  /** Of one partition; null: as many as there are. */
  readonly retentionBytes: number | null;
  readonly partitions: readonly {
    readonly partition: number;
    readonly hasLeader: boolean;
    /** Whether it answered when it was asked for the ends of its log; false without a leader. */
    readonly leaderAnswers: boolean;
    readonly inSyncReplicas: number;
    /** Null: not known. */
    readonly sizeBytes: number | null;
  }[];
}

/** What the store says of what is sold. */
export interface SaleFacts {
  /** The couponIds of the campaigns on sale (isOnSale), ascending. */
  readonly onSale: readonly number[];
  /** What the group has decided during the observation; null: not known. Repeats are not among it. */
  readonly decided: DecidedFacts | null;
}

export interface DecidedFacts {
  readonly outcomes: number;
  readonly issued: number;
  /** DUPLICATE: who asks holds the coupon. */
  readonly duplicates: number;
  /**
   * Got nothing, as happens to honest users: they came too early or too late for a sale of these minutes, or processing
   * their requests failed.
   */
  readonly missed: number;
}

/** How many dead letters there were at the start and at the end of the observation. */
export interface DeadLetterFacts {
  readonly before: number;
  readonly after: number;
  /** Of `after`, those that were replayed; null: not known. */
  readonly replayed: number | null;
  /** Those of the last minutes before the end of the observation; null: not known. */
  readonly recent: RecentLetters | null;
}
