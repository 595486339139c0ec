import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import type { MarkedLetter } from '../../dead-letters/replay-marks.js';
import { countLetters } from '../../dead-letters/scan.js';
import type { Output } from '../../output/output.js';
import { count } from '../../text/figures.js';
import type { CommandResult } from '../result.js';
import { drawLetters } from './draw-letters.js';
import { follow } from './follow.js';
import { hasFilter, letterJson, markedIn, startReading } from './letters.js';
import type { PeekOptions } from './peek-options.js';
import { noteUnknownMarks } from './replay-memory.js';

const DEFAULT_MAX_MESSAGES = 10;

export async function run(services: Services, options: PeekOptions): Promise<CommandResult> {
  await (options.follow === true ? follow(services, options) : peek(services, options));
  return undefined;
}

async function peek(services: Services, options: PeekOptions): Promise<void> {
  const { maxMessages = DEFAULT_MAX_MESSAGES } = options;
  const reading = await startReading(services, options);
  const total = countLetters(reading.bounds);
  const newestFirst = startsAtNewest(services.output, options, total > maxMessages);
  const letters: MarkedLetter[] = [];
  for await (const letter of markedIn(services, reading, { ...options, newestFirst })) {
    letters.push(letter);
    if (letters.length >= maxMessages) break;
  }
  const matched = letters.length < maxMessages ? letters.length : null;
  const messages = letters.map(({ letter, mark }) => letterJson(letter, mark));
  const { openTransactions } = reading;
  const document = { topic: DLQ_TOPIC, total, matched, newestFirst, messages, openTransactions };
  services.output.result(document, () =>
    letters.length === 0 ? '' : drawLetters(services.output, letters, services.clock.now()),
  );
  if (letters.length > 0) noteUnknownMarks(services, reading.marks);
  const note = whatIsShown({ total, matched, shown: letters.length, newestFirst }, options);
  if (note !== null) services.output.note(note);
}

/** On a terminal, of many letters, what happened last is asked for; what reads a pipe counts on the oldest. */
function startsAtNewest(
  { isJson, isTerminal }: Output,
  { newest, oldest }: PeekOptions,
  isMany: boolean,
): boolean {
  return newest ?? (oldest === undefined && isMany && isTerminal && !isJson);
}

interface Shown {
  readonly total: number;
  /** Null where the reading ended before all letters were looked at. */
  readonly matched: number | null;
  readonly shown: number;
  readonly newestFirst: boolean;
}

/** Null where all there is is shown. */
function whatIsShown(
  { total, matched, shown, newestFirst }: Shown,
  options: PeekOptions,
): string | null {
  if (total === 0) return 'No dead letters.';
  const end = newestFirst ? 'newest' : 'oldest';
  const others = newestFirst ? '--oldest shows the others' : '--newest shows the others';
  if (!hasFilter(options)) {
    return shown < total && matched === null
      ? `The ${count(shown)} ${end} of ${count(total)}; ${others}, --max-messages more.`
      : null;
  }
  if (matched !== null) return `${count(matched)} of ${count(total)} match.`;
  return `The ${count(shown)} ${end} that match, of ${count(total)} dead letters; there may be more: \`coupons dlq stats\` with the same filters counts them. ${others}, --max-messages more.`;
}
