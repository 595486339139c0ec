/** Dead letters as the pipeline writes them, without a run that fails. */
import type { Message } from 'kafkajs';
import { deadLetterOf } from '../../src/dead-letters/dead-letter.js';
import { fromHeaders } from '../../src/kafka/log/record.js';
import type { OutgoingRecord } from '../../src/ports/record-sink.js';

export interface LetterOptions {
  readonly reasonCode?: string;
  readonly reason?: string;
  /** Of the letter in the DLQ. */
  readonly timestampMs?: number;
  readonly origin?: { readonly topic: string; readonly partition: number; readonly offset: bigint };
}

/** The letter of a message, from a position where nothing is if no other is given. */
export function letterOf(message: Message, options: LetterOptions = {}): Message {
  const letter = letterRecord(message, options);
  const { timestampMs } = options;
  return {
    key: letter.key,
    value: letter.value,
    headers: fromHeaders(letter.headers),
    ...(timestampMs === undefined ? {} : { timestamp: String(timestampMs) }),
  };
}

/** The same as the record that our own ports speak of. */
export function letterRecord(message: Message, options: LetterOptions = {}): OutgoingRecord {
  const { reasonCode = 'PROCESSING_FAILED', reason = 'it failed', timestampMs, origin } = options;
  const toBuffer = (value: Buffer | string | null | undefined) =>
    value === null || value === undefined ? null : Buffer.from(value);
  return deadLetterOf(
    {
      ...(origin ?? { topic: 'coupon-issue-requests', partition: 0, offset: 2n ** 60n }),
      timestamp: 0n,
      key: toBuffer(message.key),
      value: toBuffer(message.value),
      headers: {},
    },
    { reasonCode, reason, retryCount: 3, stackTrace: 'Error: it failed\n    at here' },
    { nowMs: timestampMs ?? Date.now(), maxBytes: 1_000_000 },
  );
}
