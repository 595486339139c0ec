import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { UsageError, type CliError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { followLetters } from '../../dead-letters/follow.js';
import { countLetters } from '../../dead-letters/scan.js';
import type { LogReader } from '../../ports/log.js';
import type { DeadLetter } from '../../dead-letters/read.js';
import { whenAborted } from '../../signals.js';
import { OutageNotice } from '../outage-notice.js';
import type { CommandResult } from '../result.js';
import { Retries } from '../retries.js';
import { drawLetters, drawLine } from './draw-letters.js';
import {
  filterOf,
  hasFilter,
  letterJson,
  openTransactionsIn,
  readLetters,
  type FilterOptions,
} from './letters.js';

interface Options extends FilterOptions {
  readonly maxMessages?: number;
  readonly newest?: boolean;
  readonly follow?: boolean;
}

const DEFAULT_MAX_MESSAGES = 10;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const reader = await services.reader();
  await (options.follow === true
    ? follow(services, reader, options)
    : peek(services, reader, options));
  return undefined;
}

async function peek(services: Services, reader: LogReader, options: Options): Promise<void> {
  const { maxMessages = DEFAULT_MAX_MESSAGES, newest = false } = options;
  const bounds = await reader.bounds(DLQ_TOPIC);
  const filter = filterOf(options, bounds);
  const letters: DeadLetter[] = [];
  const query = { topic: DLQ_TOPIC, bounds, filter, newestFirst: newest };
  for await (const { letter } of readLetters(services, reader, query)) {
    letters.push(letter);
    if (letters.length >= maxMessages) break;
  }
  const total = countLetters(bounds);
  const openTransactions = openTransactionsIn(services, bounds);
  const messages = letters.map(letterJson);
  const document = { topic: DLQ_TOPIC, total, messages, openTransactions };
  services.output.result(document, () =>
    letters.length === 0 ? '' : drawLetters(services.output, letters),
  );
  if (total === 0) services.output.note('No dead letters.');
  else if (letters.length >= maxMessages && letters.length < total) {
    services.output.note(`${count(letters.length)} of ${count(total)}; more with --max-messages.`);
  } else if (hasFilter(options)) {
    services.output.note(`${count(letters.length)} of ${count(total)} match.`);
  }
}

/** How often the end of the DLQ is looked at. */
const POLL_MS = 500;

/**
 * From now on, or from --since on, until ctrl-C or --max-messages. A broker that fails in between is
 * waited for; one that cannot be reached at the first look is an error as anywhere else.
 */
async function follow(services: Services, reader: LogReader, options: Options): Promise<void> {
  if (options.newest === true) {
    throw new UsageError('--newest and --follow exclude each other.', 'Give one of them.');
  }
  const { output } = services;
  const bounds = await reader.bounds(DLQ_TOPIC);
  const filter = filterOf(options, bounds);
  const query = { topic: DLQ_TOPIC, filter, after: options.since === undefined ? bounds : null };
  const stop = services.streamStop();
  const interrupted = whenAborted(stop);
  output.note('Following the dead letters; ctrl-C ends it.');
  openTransactionsIn(services, bounds);
  const letters = followLetters(reader, query, ticking(services, stop));
  for (let left = options.maxMessages ?? Infinity; left > 0; left -= 1) {
    const next = await Promise.race([letters.next(), interrupted]);
    if (next === null || next.done === true) return;
    const { letter } = next.value;
    if (output.isJson) output.jsonLine(letterJson(letter));
    else output.raw(`${drawLine(output, letter)}\n`);
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
