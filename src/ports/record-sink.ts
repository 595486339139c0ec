import type { Headers } from './log.js';

/** A record to send; its key decides the partition. */
export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

export interface SendResult {
  /** What all in-sync replicas have, by partition. */
  readonly acknowledged: readonly { readonly partition: number; readonly records: number }[];
  /** Why the others were not acknowledged (some of them may be in the log all the same). */
  readonly error: Error | null;
}

export interface SendOptions {
  /** Once it aborts, what is not acknowledged within half a second has failed. */
  readonly signal?: AbortSignal;
  /** Called after each attempt that failed and is repeated, with what it waits for: "a leader of partition 2". */
  readonly onWait?: (waitsFor: string) => void;
}

export interface DeliveryLimit {
  /** How long a send goes on, counted from its first attempt. */
  readonly ms: number;
  /** The option that sets it, for messages. */
  readonly option: '--delivery-timeout' | '--timeout';
}

/** Sends records to one topic. */
export interface RecordSink<R extends OutgoingRecord = OutgoingRecord> {
  /** Finds the topic and connects. Throws CliError TOPIC_NOT_FOUND, BROKER_UNREACHABLE, ... */
  open(): Promise<void>;
  /**
   * Resolves when every record is acknowledged by all in-sync replicas, or is known not to be. Never
   * throws: what went wrong stands in the result.
   */
  send(records: readonly R[], options?: SendOptions): Promise<SendResult>;
  close(): Promise<void>;
}
