/** What the store's thread is asked and answers. Everything here survives structured cloning. */
import type { NewEvent } from '../../../ports/store-history.js';
import type { ConsumerStore } from '../../../ports/coupon-store.js';
import type { StoreTransaction } from '../../../ports/store-access.js';
import type { PackedApplied, PackedBatch } from './packed-batch.js';
import type { SentError } from './sent-error.js';

/** With what the thread starts. */
export interface ThreadData {
  /** Of the store's file. */
  readonly path: string;
  readonly isMeasured: boolean;
}

/** The calls that are passed on as they are. */
export type PlainMethod = Exclude<keyof ConsumerStore, 'applyBatch' | 'recordEvents' | 'close'>;

export type Request =
  | { readonly kind: 'apply'; readonly id: number; readonly batch: PackedBatch }
  | { readonly kind: 'record'; readonly id: number; readonly events: readonly NewEvent[] }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly method: PlainMethod;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'close' };

export type Result =
  | { readonly kind: 'applied'; readonly applied: PackedApplied }
  | { readonly kind: 'fenced'; readonly nextOffset: bigint | null }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: SentError };

/** One message: what was asked in one go. Copying it costs less than copying each request alone. */
export type Requests = readonly Request[];

/** In the order of the requests. */
export type Answer =
  | {
      readonly kind: 'results';
      readonly results: readonly { readonly id: number; readonly result: Result }[];
      /** That they took, where the thread measures them. */
      readonly transactions?: readonly StoreTransaction[];
    }
  | { readonly kind: 'closed' };
