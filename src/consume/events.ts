import type { Outcome, OutcomeCounts } from '../coupon/outcome.js';
import type { OpenTransaction, Position } from '../ports/log.js';
import type { OutageOf } from '../ports/store-history.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../records/open-transaction.js';
import { wholeSeconds } from '../text/figures.js';
import { spellPosition } from '../records/spell-position.js';
import type { Traceparent } from '../records/traceparent.js';

/** What happens while consuming, for the log file, the progress line and the tests. */
export type ConsumeEvent =
  /** A rebalance is over for this member, which counts from 1: these partitions are its own. */
  | { readonly kind: 'joined'; readonly member: number; readonly partitions: readonly number[] }
  /** They are not any more: a rebalance has begun, the connection is lost, or the member stops. */
  | { readonly kind: 'left'; readonly member: number }
  /** It works on these from here on. */
  | {
      readonly kind: 'assigned';
      readonly member: number;
      readonly partitions: readonly { readonly partition: number; readonly offset: bigint }[];
    }
  | { readonly kind: 'records-lost'; readonly partition: number; readonly records: bigint }
  | {
      readonly kind: 'applied';
      readonly partition: number;
      readonly firstOffset: bigint;
      readonly nextOffset: bigint;
      readonly records: number;
      readonly outcomes: Partial<OutcomeCounts>;
      readonly repeated: number;
    }
  | {
      readonly kind: 'retry';
      readonly position: Position;
      /** Null where the record could not be parsed. */
      readonly couponId: number | null;
      /** Null where its producer sent none. */
      readonly traceparent: Traceparent | null;
      /** 1 for the first retry. */
      readonly retry: number;
      readonly retries: number;
      readonly delayMs: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'dead-letter';
      readonly position: Position;
      readonly couponId: number | null;
      readonly traceparent: Traceparent | null;
      readonly reasonCode: string;
      readonly reason: string;
      readonly retryCount: number;
    }
  | {
      readonly kind: 'outage';
      readonly what: string;
      /** Since the first failure; the event comes again every minute. */
      readonly lastedMs: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'recovered';
      readonly what: string;
      readonly of: OutageOf;
      readonly afterMs: number;
    }
  /** --until-drained has read everything else. */
  | { readonly kind: 'transaction-open'; readonly transaction: OpenTransaction }
  | { readonly kind: 'fenced'; readonly partition: number; readonly offset: bigint | null }
  | {
      readonly kind: 'stopping';
      readonly why: string;
      /** Slices that were sent to the store and are not settled yet: it finishes them. */
      readonly onTheWay: number;
    };

export type ConsumeListener = (event: ConsumeEvent) => void;

/** One line for a person: what the log file says. */
export function describeEvent(event: ConsumeEvent): string {
  switch (event.kind) {
    case 'joined':
      return `member ${String(event.member)} has joined the group, ${partitionList(event.partitions)}`;
    case 'left':
      return `member ${String(event.member)} has given its partitions back`;
    case 'assigned':
      return event.partitions.length === 0
        ? `member ${String(event.member)} has no partition and sits idle`
        : `member ${String(event.member)} took ${event.partitions.map(({ partition, offset }) => `partition ${String(partition)} at offset ${offset.toString()}`).join(', ')}`;
    case 'records-lost':
      return `partition ${String(event.partition)}: ${event.records.toString()} records were deleted by retention before they were read`;
    case 'applied':
      return `partition ${String(event.partition)} offset ${event.firstOffset.toString()}..${(event.nextOffset - 1n).toString()}: ${String(event.records)} applied (${outcomeList(event)})`;
    case 'retry':
      return `${spellPosition(event.position)}: retry ${String(event.retry)} of ${String(event.retries)} in ${String(event.delayMs / 1000)} s: ${event.reason}`;
    case 'dead-letter':
      return `${spellPosition(event.position)}: dead letter ${event.reasonCode} after ${String(event.retryCount)} retries: ${event.reason}`;
    case 'outage':
      return `${event.what} does not work${lastedFor(event.lastedMs)}, waiting for it: ${event.reason}`;
    case 'recovered':
      return `${event.what} works again, after ${wholeSeconds(event.afterMs)}`;
    case 'transaction-open':
      return `not drained yet: ${describeOpenTransaction(event.transaction)}. ${HOW_TRANSACTIONS_END}`;
    case 'fenced':
      return `partition ${String(event.partition)}: another member has moved on to offset ${event.offset?.toString() ?? '-'}; looking up where to go on`;
    case 'stopping':
      return `stopping: ${event.why}`;
  }
}

function partitionList(partitions: readonly number[]): string {
  if (partitions.length === 0) return 'without a partition';
  return `with ${partitions.length === 1 ? 'partition' : 'partitions'} ${partitions.join(', ')}`;
}

function lastedFor(ms: number): string {
  return ms < 1000 ? '' : ` for ${wholeSeconds(ms)}`;
}

function outcomeList({ outcomes, repeated }: ConsumeEvent & { kind: 'applied' }): string {
  const parts = (Object.entries(outcomes) as [Outcome, number][]).map(
    ([outcome, records]) => `${outcome} ${String(records)}`,
  );
  if (repeated > 0) parts.push(`repeated ${String(repeated)}`);
  return parts.join(', ');
}
