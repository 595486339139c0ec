import type {
  OutgoingRecord,
  RecordSink,
  SendOptions,
  SendResult,
} from '../../src/ports/record-sink.js';
import type { MemoryLog } from './memory/log.js';

/** Sends to the first partition of a log in memory. */
export class LogSink implements RecordSink {
  readonly #log: MemoryLog;
  readonly #nowMs: () => number;
  isOpen = false;
  /** Happens in front of each send, and may keep it waiting, or refuse it by throwing. */
  beforeSend: (signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();

  constructor(log: MemoryLog, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  open(): Promise<void> {
    this.isOpen = true;
    return Promise.resolve();
  }

  async send(records: readonly OutgoingRecord[], options: SendOptions = {}): Promise<SendResult> {
    try {
      await this.beforeSend(options.signal);
    } catch (error) {
      return { acknowledged: [], error: error as Error };
    }
    for (const record of records) this.#log.append(0, { ...record, timestampMs: this.#nowMs() });
    return { acknowledged: [{ partition: 0, records: records.length }], error: null };
  }

  close(): Promise<void> {
    this.isOpen = false;
    return Promise.resolve();
  }
}
