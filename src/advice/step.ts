import type { ConsumeMode } from '../consume/consume-mode.js';
import type { StoreMismatch } from '../ports/group-store.js';
import type { OpenTransaction } from '../ports/log.js';
import type { StoreKind } from './capacity.js';

/**
 * What to do: a code, and what its command and sentences are made of. src/words/en/advice-steps.ts
 * has the words. `members` is how many members the command starts.
 */
export type AdviceStep =
  | {
      readonly code: 'USE_THE_GROUPS_STORE';
      readonly group: string;
      readonly mismatch: StoreMismatch;
      /** The name of this machine. */
      readonly host: string;
    }
  | {
      readonly code: 'START_CONSUMERS';
      readonly group: string;
      readonly members: number;
      readonly partitions: number;
      readonly mode: ConsumeMode | null;
    }
  | {
      readonly code: 'FIND_THE_PRODUCER';
      readonly transaction: OpenTransaction;
      /** "host:port,..." */
      readonly bootstrap: string;
    }
  | { readonly code: 'READ_THE_LOG'; readonly group: string; readonly logPath: string }
  | {
      readonly code: 'WAIT';
      readonly group: string;
      readonly etaSeconds: number;
      readonly timeoutSeconds: number;
    }
  | {
      readonly code: 'LEAVE_SCHEDULER';
      readonly group: string;
      readonly members: number;
      readonly storeKind: StoreKind;
    }
  | {
      readonly code: 'MORE_CONSUMERS';
      readonly group: string;
      readonly members: number;
      /** How many run already. */
      readonly running: number;
      readonly partitions: number;
      readonly mode: ConsumeMode | null;
      readonly outPerSecond: number | null;
      readonly storeKind: StoreKind;
    }
  | {
      readonly code: 'MORE_PARTITIONS';
      readonly group: string;
      readonly topic: string;
      /** The new total. */
      readonly partitions: number;
      /** The busiest partition's share of the records, 0 to 1: now, and with that total. */
      readonly busiestShareNow: number;
      readonly busiestShareThen: number;
      /** Campaigns on sale that would go to another partition. */
      readonly movedOnSale: readonly number[];
    }
  | {
      readonly code: 'BATCH_MODE';
      readonly group: string;
      readonly members: number;
      /** Null: not known, so they may work in batches already. */
      readonly mode: ConsumeMode | null;
      readonly storeKind: StoreKind;
    }
  | {
      readonly code: 'LARGER_BATCHES';
      readonly group: string;
      readonly members: number;
      readonly batchSize: number;
    }
  | { readonly code: 'OBSERVE_LONGER'; readonly group: string; readonly seconds: number }
  | { readonly code: 'REPAIR_REPLICAS'; readonly topic: string }
  | { readonly code: 'FIX_THE_STORE' }
  | { readonly code: 'FIND_WHY_DEAD_LETTERS_COME' }
  | {
      readonly code: 'LIMIT_THE_PRODUCER';
      /** "host:port,..." */
      readonly bootstrap: string;
      /** A quota, of one client on one broker. */
      readonly bytesPerSecond: number;
      /** What the group reads. */
      readonly outPerSecond: number;
    }
  | {
      readonly code: 'DEACTIVATE_CAMPAIGN';
      readonly couponId: number;
      /** Of the unread records, 0 to 1. */
      readonly share: number;
      readonly unread: number;
    }
  | {
      readonly code: 'KEEP_LONGER';
      readonly topic: string;
      /** "host:port,..." */
      readonly bootstrap: string;
      /** Null: by this measure nothing is at risk. */
      readonly age: NewRetention | null;
      readonly size: NewRetention | null;
    };

export type AdviceStepCode = AdviceStep['code'];

export interface NewRetention {
  /** How much of the present retention is used up; above 1 where records have outlived it. */
  readonly share: number;
  /** Of retention.ms in milliseconds, or of retention.bytes. */
  readonly newValue: number;
}
