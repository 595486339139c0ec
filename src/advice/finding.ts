import type { ConsumeMode } from '../consume/consume-mode.js';
import type { Failure } from '../errors.js';
import type { StoreMismatch } from '../ports/group-store.js';
import type { OpenTransaction } from '../ports/log.js';
import type { StoreKind } from './capacity.js';

export type Severity = 'info' | 'warning' | 'critical';

/** Records a second over the observation; null where it had a single sample. */
export interface Rates {
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
}

/**
 * What was found: a code, and what its sentence is made of. src/words/en/advice-findings.ts has the
 * words. `unread` counts records that the group has not committed.
 */
export type AdviceFinding = Severe<
  | (StoreMismatch & { readonly group: string })
  | GroupFinding
  | CapacityFinding
  | RetentionFinding
  | ReplicaFinding
  | DeadLetterFinding
  | { readonly code: 'STORE_NOT_READ'; readonly failure: Failure }
>;

export type Severe<Finding> = { readonly severity: Severity } & Finding;

export type GroupFinding =
  | {
      readonly code: 'NO_SUCH_GROUP' | 'NO_MEMBERS';
      readonly group: string;
      readonly unread: number;
    }
  | (Rates & {
      readonly code: 'KEEPS_UP';
      readonly group: string;
      readonly unread: number;
      /** 0: what comes next is not read. */
      readonly members: number;
    })
  /** What is left in these partitions is not known: their logs end before what was committed. */
  | {
      readonly code: 'LAG_NOT_KNOWN';
      readonly group: string;
      readonly topic: string;
      readonly partitions: readonly number[];
    }
  /** By members of other programs, which commit by a timer of their own. */
  | {
      readonly code: 'NO_COMMIT_SEEN';
      readonly group: string;
      readonly unread: number;
      readonly observedMs: number;
    }
  | {
      readonly code: 'STALLED';
      readonly group: string;
      readonly members: number;
      readonly unread: number;
      readonly observedMs: number;
    }
  | (Rates & {
      readonly code: 'CATCHING_UP';
      readonly group: string;
      readonly unread: number;
      readonly etaSeconds: number;
    })
  | (Rates & { readonly code: 'FALLS_BEHIND'; readonly group: string; readonly unread: number })
  | (Rates & {
      readonly code: 'BEHIND';
      readonly group: string;
      readonly unread: number;
      /** Null: it does not catch up. */
      readonly etaSeconds: number | null;
    })
  | {
      readonly code: 'TIME_PER_RECORD';
      readonly msPerRecord: number;
      readonly mode: ConsumeMode | null;
    }
  | {
      readonly code: 'IDLE_MEMBERS';
      readonly idle: number;
      readonly members: number;
      readonly partitions: number;
    }
  | { readonly code: 'MEMBERS_HIDDEN'; readonly group: string }
  | {
      readonly code: 'OPEN_TRANSACTION';
      readonly transactions: readonly OpenTransaction[];
    };

export type CapacityFinding =
  | {
      readonly code: 'HOT_KEY';
      readonly key: string;
      readonly partition: number;
      readonly share: number;
    }
  | {
      readonly code: 'BEYOND_ONE_HOST';
      readonly inPerSecond: number;
      /** What one host reaches at most with a store of this kind. */
      readonly hostPerSecond: number;
      readonly storeKind: StoreKind;
    }
  /** Far more comes than is read, and hardly anything of what was read was issued a coupon. */
  | {
      readonly code: 'FLOOD';
      readonly inPerSecond: number;
      readonly outPerSecond: number;
      /** During the observation. */
      readonly consumed: number;
      readonly issued: number;
    }
  /** With more partitions, these campaigns on sale would go to another one than what still waits of them. */
  | {
      readonly code: 'PARTITIONS_MOVE_SALE';
      readonly topic: string;
      readonly partitions: number;
      readonly couponIds: readonly number[];
      readonly unread: number;
    }
  | { readonly code: 'MORE_CONSUMERS_WONT_HELP'; readonly reason: NoUseForConsumers }
  /** `hotKey`: the campaign that would stay on one partition; null: no campaign dominates. */
  | { readonly code: 'MORE_PARTITIONS_WONT_HELP'; readonly hotKey: string | null };

export type NoUseForConsumers =
  | {
      readonly code: 'A_MEMBER_PER_PARTITION';
      readonly members: number;
      readonly partitions: number;
    }
  /** Every partition with unread records has a member that reads no other. */
  | { readonly code: 'ALL_UNREAD_PARTITIONS_BUSY' };

export type RetentionFinding =
  | { readonly code: 'DELETED_UNREAD'; readonly topic: string; readonly deletedOffsets: bigint }
  | {
      readonly code: 'RETENTION_RISK';
      readonly topic: string;
      readonly waitedMs: number;
      readonly retentionMs: number;
    }
  | {
      readonly code: 'RETENTION_BYTES_RISK';
      readonly topic: string;
      readonly partition: number;
      readonly unreadBytes: number;
      readonly retentionBytes: number;
    };

export type ReplicaFinding =
  | {
      readonly code: 'OFFLINE_PARTITION' | 'LEADER_SILENT' | 'UNDER_REPLICATED';
      readonly topic: string;
      readonly partitions: readonly number[];
    }
  | {
      readonly code: 'WRITES_REFUSED';
      readonly topic: string;
      readonly partitions: readonly number[];
      readonly minInSyncReplicas: number;
    }
  | {
      readonly code: 'REPLICATION_FACTOR_1';
      readonly topics: readonly string[];
      /** Of the cluster. */
      readonly brokers: number;
    }
  | {
      readonly code: 'MIN_INSYNC_REPLICAS_1' | 'MIN_INSYNC_REPLICAS_ALL';
      readonly topics: readonly string[];
    };

export type DeadLetterFinding =
  | {
      readonly code: 'DLQ_GROWS';
      /** Within `observedMs`. */
      readonly added: number;
      readonly total: number;
      readonly observedMs: number;
    }
  /** None during the observation, but before it. */
  | {
      readonly code: 'DLQ_GREW';
      readonly added: number;
      readonly total: number;
      readonly periodMs: number;
    }
  | {
      readonly code: 'DLQ_NOT_EMPTY';
      readonly total: number;
      /** Of these; null: not known. */
      readonly replayed: number | null;
    };

export type AdviceFindingCode = AdviceFinding['code'];
