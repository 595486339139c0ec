import { deadLetterOf, type Failure } from '../dead-letters/dead-letter.js';
import type { Clock } from '../ports/clock.js';
import type { LogRecord } from '../ports/log.js';
import type { RecordSink } from '../ports/record-sink.js';
import { inBatches } from '../records/batches.js';
import type { Prepared } from './apply.js';
import type { ConsumeListener } from './events.js';

export interface OutboxPorts extends Clock {
  readonly deadLetters: RecordSink;
  /** max.message.bytes of the DLQ. */
  readonly deadLetterMaxBytes: number;
}

/** settled: null where all dead letters are acknowledged. slow: that is still to come. */
export type Delivery =
  | { readonly kind: 'settled'; readonly error: Error | null }
  | { readonly kind: 'slow'; readonly error: Promise<Error | null> };

const SLOW = 'slow';
/** How long the member's other partitions wait for an acknowledgement. */
const SLOW_MS = 1000;

interface DeadRecord {
  readonly record: LogRecord;
  readonly failure: Failure;
}

/**
 * The dead letters of one partition: which of them the DLQ has acknowledged, of records that are still
 * to be applied. An acknowledged one is not sent again when its record is fetched again.
 */
export class DeadLetterOutbox {
  readonly #ports: OutboxPorts;
  readonly #notify: ConsumeListener;
  readonly #acknowledged = new Set<bigint>();

  constructor(ports: OutboxPorts, notify: ConsumeListener) {
    this.#ports = ports;
    this.#notify = notify;
  }

  /** Sends the dead letters of these records that the DLQ does not have yet. */
  async deliver(slice: readonly Prepared[]): Promise<Delivery> {
    const due = slice.flatMap(({ record, failure }) =>
      failure === null || this.#acknowledged.has(record.offset) ? [] : [{ record, failure }],
    );
    if (due.length === 0) return { kind: 'settled', error: null };
    const error = this.#send(due);
    const timer = new AbortController();
    const slow = this.#ports.wait(SLOW_MS, timer.signal).then(() => SLOW as typeof SLOW);
    try {
      const first = await Promise.race([error, slow]);
      return first === SLOW ? { kind: 'slow', error } : { kind: 'settled', error: first };
    } finally {
      timer.abort();
    }
  }

  /** These records need no dead letter any more. */
  applied(slice: readonly Prepared[]): void {
    for (const { record } of slice) this.#acknowledged.delete(record.offset);
  }

  /** The records are another member's. */
  clear(): void {
    this.#acknowledged.clear();
  }

  async #send(due: readonly DeadRecord[]): Promise<Error | null> {
    const options = { nowMs: this.#ports.now(), maxBytes: this.#ports.deadLetterMaxBytes };
    const letters = due.map(({ record, failure }) => deadLetterOf(record, failure, options));
    let sent = 0;
    for (const batch of inBatches(letters, this.#ports.deadLetterMaxBytes)) {
      const { error } = await this.#ports.deadLetters.send(batch);
      if (error !== null) return error;
      for (const { record, failure } of due.slice(sent, sent + batch.length)) {
        this.#acknowledged.add(record.offset);
        const { reasonCode, reason, retryCount } = failure;
        this.#notify({ kind: 'dead-letter', position: record, reasonCode, reason, retryCount });
      }
      sent += batch.length;
    }
    return null;
  }
}
