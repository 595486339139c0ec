import type { OutgoingRecord, RecordSink, SendResult } from '../../src/ports/record-sink.js';

/** A topic of one partition that remembers what it got. */
export class MemorySink implements RecordSink {
  readonly sends: (readonly OutgoingRecord[])[] = [];
  #opened = 0;
  readonly #refuse: (send: number, records: readonly OutgoingRecord[]) => Error | null;

  /** `refuse` says of each send, counted from 1, why it is not acknowledged, or null. */
  constructor(
    refuse: (send: number, records: readonly OutgoingRecord[]) => Error | null = () => null,
  ) {
    this.#refuse = refuse;
  }

  /** All that was acknowledged, in order. */
  get records(): readonly OutgoingRecord[] {
    return this.sends.flat();
  }

  get isOpen(): boolean {
    return this.#opened > 0;
  }

  #attempts = 0;

  open(): Promise<void> {
    this.#opened += 1;
    return Promise.resolve();
  }

  send(records: readonly OutgoingRecord[]): Promise<SendResult> {
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
    this.#opened -= 1;
    return Promise.resolve();
  }
}
