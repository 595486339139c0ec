import { topicNotFound } from '../../../src/ports/topic-errors.js';
import type { OutgoingRecord, RecordSink, SendResult } from '../../../src/ports/record-sink.js';

/** A topic of one partition that remembers what it got. */
export class MemorySink implements RecordSink {
  readonly sends: (readonly OutgoingRecord[])[] = [];
  #isOpen = false;
  readonly #topicExists: boolean;
  readonly #refuse: (send: number, records: readonly OutgoingRecord[]) => Error | null;

  /** `refuse` says of each send, counted from 1, why it is not acknowledged, or null. */
  constructor(
    refuse: (send: number, records: readonly OutgoingRecord[]) => Error | null = () => null,
    { topicExists = true } = {},
  ) {
    this.#topicExists = topicExists;
    this.#refuse = refuse;
  }

  /** All that was acknowledged, in order. */
  get records(): readonly OutgoingRecord[] {
    return this.sends.flat();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  #attempts = 0;

  open(): Promise<void> {
    if (!this.#topicExists) return Promise.reject(topicNotFound('no-such-topic'));
    this.#isOpen = true;
    return Promise.resolve();
  }

  send(records: readonly OutgoingRecord[]): Promise<SendResult> {
    if (records.length === 0) return Promise.resolve({ acknowledged: [], error: null });
    this.#attempts += 1;
    const error = this.#refuse(this.#attempts, records);
    if (error !== null) return Promise.resolve({ acknowledged: [], error });
    this.sends.push(records);
    return Promise.resolve({
      acknowledged: [{ partition: 0, records: records.length }],
      error: null,
    });
  }

  close(): Promise<void> {
    this.#isOpen = false;
    return Promise.resolve();
  }
}
