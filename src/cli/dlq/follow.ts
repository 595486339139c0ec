/** `dlq peek --follow`: dead letters as they come. */
import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { followLetters } from '../../dead-letters/follow.js';
import { isOurReason } from '../../dead-letters/reason-codes.js';
import { markedLetters } from '../../dead-letters/replay-marks.js';
import type { CliError } from '../../errors.js';
import { whenAborted } from '../../signals.js';
import { OutageNotice } from '../outage-notice.js';
import { Retries } from '../retries.js';
import { drawLine, drawLineHead } from './draw-letters.js';
import { letterJson, startReading, wantedMark } from './letters.js';
import type { PeekOptions } from './peek-options.js';
import { noteUnknownMarks } from './replay-memory.js';

/** How often the end of the DLQ is looked at. */
const POLL_MS = 500;

/**
 * From now on, or from --since on, until ctrl-C or --max-messages. A broker that fails in between is
 * waited for; one that cannot be reached at the first look is an error as anywhere else.
 */
export async function follow(services: Services, options: PeekOptions): Promise<void> {
  const { output } = services;
  const { reader, bounds, filter, marks } = await startReading(services, options);
  const query = { topic: DLQ_TOPIC, filter, after: options.since === undefined ? bounds : null };
  const stop = services.streamStop();
  const interrupted = whenAborted(stop);
  output.note('Following the dead letters; ctrl-C ends it.');
  noteUnknownMarks(services, marks);
  const { reasonCode } = filter;
  if (reasonCode !== undefined && !isOurReason(reasonCode)) {
    output.note(
      `note: ${reasonCode} is no reason that coupons writes; only another program's dead letters can match.`,
    );
  }
  if (!output.isJson) output.raw(`${drawLineHead(output)}\n`);
  const found = followLetters(reader, query, ticking(services, stop));
  const letters = markedLetters(found, marks, wantedMark(options), 1);
  for (let left = options.maxMessages ?? Infinity; left > 0; left -= 1) {
    const next = await Promise.race([letters.next(), interrupted]);
    if (next === null || next.done === true) return;
    const { letter, mark } = next.value;
    if (output.isJson) output.jsonLine(letterJson(letter, mark));
    else output.raw(`${drawLine(output, next.value)}\n`);
  }
}

/** Waits between two looks. Throws a failure that does not pass by itself. */
function ticking({ output, clock, options }: Services, stop: AbortSignal) {
  const retries = new Retries({
    clock,
    notice: new OutageNotice(output, clock.now, null),
    intervalMs: POLL_MS,
    missingTopicMs: options.timeoutMs,
  });
  return async (failure: CliError | null): Promise<boolean> => {
    if (failure === null) retries.succeeded();
    else retries.failed(failure);
    await clock.wait(POLL_MS, stop);
    return !stop.aborted;
  };
}
