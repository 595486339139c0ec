import { deadLetterOf, type Failure } from '../dead-letters/dead-letter.js';
import { errorOf } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import { StoreUnavailableError, type ConsumerStore, type Source } from '../ports/coupon-store.js';
import type { LogRecord } from '../ports/log.js';
import type { RecordSink } from '../ports/record-sink.js';
import { inBatches } from '../records/batches.js';
import { timestampMsOf } from '../records/timestamp.js';
import { traceparentOf } from '../records/traceparent.js';
import type { ConsumeListener } from './events.js';
import { DEAD_LETTERS, STORE, type Service } from './outages.js';
import type { Prepared } from './partition/prepared.js';

export interface OutboxPorts extends Clock {
  readonly store: Pick<ConsumerStore, 'deadLettered'>;
  readonly deadLetters: RecordSink;
  /** max.message.bytes of the DLQ. */
  readonly deadLetterMaxBytes: number;
}

/** delivered: the DLQ has all of the dead letters. */
export type DeliveryEnd =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly service: Service; readonly error: Error };

/** slow: the end is still to come. */
export type Delivery = DeliveryEnd | { readonly kind: 'slow'; readonly end: Promise<DeliveryEnd> };

const DELIVERED = { kind: 'delivered' } as const;
/** How long the member's other partitions wait for an acknowledgement. */
const SLOW_MS = 1000;

interface DeadRecord {
  readonly record: LogRecord;
  readonly failure: Failure;
  readonly couponId: number | null;
}

/**
 * The dead letters of one partition: which of them the DLQ has acknowledged, of records that are still
 * to be applied. An acknowledged one is not sent again when its record is fetched again, nor is one
 * that the store knows as dead-lettered from an earlier reading of the log.
 */
export class DeadLetterOutbox {
  readonly #ports: OutboxPorts;
  readonly #notify: ConsumeListener;
  readonly #source: Source;
  readonly #acknowledged = new Set<bigint>();

  constructor(ports: OutboxPorts, notify: ConsumeListener, source: Source) {
    this.#ports = ports;
    this.#notify = notify;
    this.#source = source;
  }

  /** Sends the dead letters of these records that the DLQ does not have yet. */
  async deliver(slice: readonly Prepared[]): Promise<Delivery> {
    const end = this.#deliverAll(slice);
    const timer = new AbortController();
    const slow = this.#ports
      .wait(SLOW_MS, timer.signal)
      .then(() => ({ kind: 'slow', end }) as const);
    try {
      return await Promise.race([end, slow]);
    } finally {
      timer.abort();
    }
  }

  /** These records need no dead letter any more. */
  applied(slice: readonly Prepared[]): void {
    if (this.#acknowledged.size === 0) return;
    for (const { record } of slice) this.#acknowledged.delete(record.offset);
  }

  /** The records are another member's. */
  clear(): void {
    this.#acknowledged.clear();
  }

  async #deliverAll(slice: readonly Prepared[]): Promise<DeliveryEnd> {
    const due = slice.flatMap(({ record, entry, failure }) => {
      if (failure === null || this.#acknowledged.has(record.offset)) return [];
      return [{ record, failure, couponId: entry.request?.couponId ?? null }];
    });
    if (due.length === 0) return DELIVERED;
    try {
      const known = await this.#ports.store.deadLettered(
        this.#source,
        due.map(({ record }) => ({ offset: record.offset, timestampMs: timestampMsOf(record) })),
      );
      return await this.#send(due.filter(({ record }) => !known.has(record.offset)));
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      return { kind: 'failed', service: STORE, error: errorOf(error) };
    }
  }

  async #send(due: readonly DeadRecord[]): Promise<DeliveryEnd> {
    const options = { nowMs: this.#ports.now(), maxBytes: this.#ports.deadLetterMaxBytes };
    const letters = due.map(({ record, failure }) => deadLetterOf(record, failure, options));
    let sent = 0;
    for (const batch of inBatches(letters, this.#ports.deadLetterMaxBytes)) {
      const { error } = await this.#ports.deadLetters.send(batch);
      if (error !== null) return { kind: 'failed', service: DEAD_LETTERS, error };
      for (const letter of due.slice(sent, sent + batch.length)) {
        this.#acknowledged.add(letter.record.offset);
        this.#notifyOf(letter);
      }
      sent += batch.length;
    }
    return DELIVERED;
  }

  #notifyOf({ record, failure, couponId }: DeadRecord): void {
    const { topic, partition, offset } = record;
    const { reasonCode, reason, retryCount } = failure;
    this.#notify({
      kind: 'dead-letter',
      position: { topic, partition, offset },
      couponId,
      traceparent: traceparentOf(record.headers),
      reasonCode,
      reason,
      retryCount,
    });
  }
}
