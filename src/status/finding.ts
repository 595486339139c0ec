import type { ConsumeMode } from '../consume/consume-mode.js';
import type { ReplicaFinding, RetentionFinding } from '../advice/finding.js';
import type { Profile } from '../coupon/topics.js';
import type { Failure } from '../errors.js';
import type { BrokerDescription } from '../ports/cluster-admin.js';
import type { StoreMismatch } from '../ports/group-store.js';
import type { OpenTransaction } from '../ports/log.js';
import type { Oversold } from './campaigns.js';
import type { PartName } from './parts.js';

/** From the worst. `unknown`: it may be any of the others. */
export const SEVERITIES = ['critical', 'unknown', 'warning', 'caution'] as const;

export type StatusSeverity = (typeof SEVERITIES)[number];

/** What the whole is: the worst of its findings; OK: everything was read, and there are none. */
export type StatusVerdict = 'OK' | Uppercase<StatusSeverity>;

/** What needs a look: a code, and what its sentence is made of (src/words/en/status-findings.ts). */
export type StatusFinding = { readonly severity: StatusSeverity } & (
  | (StoreMismatch & { readonly group: string })
  | ReplicaFinding
  | RetentionFinding
  | ClusterFinding
  | GroupFinding
  | StoreConditionFinding
  | SaleFinding
);

export type ClusterFinding =
  /** Parts that were not read, for one and the same reason. */
  | { readonly code: 'NOT_READ'; readonly parts: readonly PartName[]; readonly failure: Failure }
  | {
      readonly code: 'TOPIC_MISSING';
      readonly topic: string;
      /** To create it with; null: it is none of the pipeline's. */
      readonly profile: Profile | null;
    }
  | {
      readonly code: 'BROKERS_SILENT';
      readonly brokers: readonly BrokerDescription[];
      /** Of so many that the cluster counts as up. */
      readonly of: number;
      readonly limitMs: number;
    }
  /** They have replicas, and the cluster does not count them as up. */
  | { readonly code: 'BROKERS_DOWN'; readonly brokers: readonly number[]; readonly topic: string };

/** `unread` counts records that the group has not committed. */
export type GroupFinding =
  | {
      readonly code: 'NO_MEMBERS' | 'NO_SUCH_GROUP';
      readonly group: string;
      readonly unread: number;
      readonly partitions: number;
      /** Of the consumer that started last; null: not known. */
      readonly mode: ConsumeMode | null;
    }
  | { readonly code: 'MEMBERS_HIDDEN'; readonly group: string }
  | {
      readonly code: 'ASSIGNMENT_NOT_READABLE';
      readonly group: string;
      readonly unreadable: number;
      /** Of the whole group. */
      readonly members: number;
    }
  | { readonly code: 'OPEN_TRANSACTION'; readonly transactions: readonly OpenTransaction[] }
  | {
      readonly code: 'STALLED';
      readonly group: string;
      readonly members: number;
      readonly unread: number;
      readonly sinceMs: number;
    }
  | (Backlog & { readonly code: 'FALLS_BEHIND' | 'BEHIND' })
  | (Backlog & { readonly code: 'CATCHING_UP'; readonly etaSeconds: number })
  | {
      readonly code: 'COMMITTED_BEYOND_END' | 'STORE_BEYOND_END';
      readonly topic: string;
      readonly partition: number;
      readonly offset: bigint;
      readonly endOffset: bigint;
    };

/** Null: not known. */
export interface Backlog {
  readonly group: string;
  readonly unread: number;
  readonly waitedMs: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
}

/** What holds up the consumers of a store, or will. */
export type StoreConditionFinding =
  | { readonly code: 'STORE_LOCKED'; readonly path: string }
  | { readonly code: 'STORE_LOG_LARGE'; readonly path: string; readonly logBytes: number };

export type SaleFinding =
  | { readonly code: 'OVERSOLD'; readonly campaigns: readonly Oversold[] }
  | { readonly code: 'AUDIT_FAILED'; readonly atMs: number; readonly findings: number }
  | { readonly code: 'LETTERS_COME'; readonly letters: number; readonly withinMs: number }
  | {
      readonly code: 'CONSUMER_FAILED';
      readonly errorCode: string;
      readonly atMs: number;
      readonly host: string;
      readonly pid: number;
    };

export type StatusFindingCode = StatusFinding['code'];
