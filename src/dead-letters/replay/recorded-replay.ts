/** What the history of a store has of a replay: that it began, before the first letter is sent, and how it ended. */
import { randomUUID } from 'node:crypto';
import { failureOf } from '../../errors.js';
import type { EventDetails } from '../../ports/store-history.js';
import type { ProduceListener, ProduceResult } from '../../produce/produce.js';
import { sendFailure } from '../../produce/send-failure.js';

export interface RecordedReplay {
  /** Whose letters are replayed. */
  readonly topic: string;
  /** How many are to be sent, by the plan. */
  readonly letters: number;
  /** Writes an event into the store's history. Never rejects. */
  readonly happened: (details: EventDetails) => Promise<void>;
  readonly signal: AbortSignal;
  readonly listener: ProduceListener;
}

/**
 * Sends by `send`, which is to report to the listener that it is given: of a send that throws, what was sent before is
 * in the history.
 */
export async function recorded(
  { topic, letters, happened, signal, listener }: RecordedReplay,
  send: (listener: ProduceListener) => Promise<ProduceResult>,
): Promise<ProduceResult> {
  const run = randomUUID();
  let sent = 0;
  let failed = 0;
  const count = (result: ProduceResult) => {
    sent = result.acknowledged;
    failed = result.failed;
  };
  const ended = (endedBy: string | null) =>
    happened({ kind: 'LETTERS_REPLAYED', topic, sent, failed, run, letters, endedBy });

  await happened({ kind: 'REPLAY_BEGUN', run, topic, letters });
  try {
    const result = await send({
      ...listener,
      onProgress: (progress) => {
        count(progress);
        listener.onProgress?.(progress);
      },
    });
    count(result);
    await ended(signal.aborted && sent < letters ? 'INTERRUPTED' : codeOf(result));
    return result;
  } catch (error) {
    await ended(failureOf(error).code);
    throw error;
  }
}

function codeOf({ error }: ProduceResult): string | null {
  return error === null ? null : sendFailure(error).code;
}
