/** What the dlq commands have in common: their filters, how they read, and a letter's JSON. */
import type { Services } from '../services.js';
import type { LetterFilter } from '../../dead-letters/filter.js';
import { assertPartition } from '../../dead-letters/find-letter.js';
import { ReasonsSeen } from '../../dead-letters/reason-codes.js';
import {
  markedLetters,
  ReplayMarks,
  type MarkedLetter,
  type ReplayMark,
} from '../../dead-letters/replay-marks.js';
import {
  boundsFrom,
  countLetters,
  scanLetters,
  type FoundLetter,
  type LetterQuery,
} from '../../dead-letters/scan.js';
import { isoTime } from '../../output/output.js';
import {
  openTransactionsOf,
  type ClusterLogReader,
  type LogReader,
  type OpenTransaction,
  type PartitionBounds,
} from '../../ports/log.js';
import { ReadProgress } from './read-progress.js';
import { openReplayMemory } from './replay-memory.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import type { DeadLetter } from '../../dead-letters/read.js';

/** As declare.ts declares them. */
export interface FilterOptions {
  readonly reason?: string;
  readonly coupon?: number;
  readonly partition?: number;
  readonly since?: number;
  readonly until?: number;
  readonly text?: string;
}

/** Those of the commands that look at letters without replaying them. */
export interface MarkOptions {
  readonly replayed?: true;
  readonly notReplayed?: true;
}

/** Throws CliError PARTITION_NOT_FOUND where --partition names none of the DLQ's. */
export function filterOf(options: FilterOptions, bounds: readonly PartitionBounds[]): LetterFilter {
  const { reason, coupon, partition, since, until, text } = options;
  if (partition !== undefined) assertPartition(partition, bounds);
  return {
    ...(reason === undefined ? {} : { reasonCode: reason }),
    ...(coupon === undefined ? {} : { couponId: coupon }),
    ...(partition === undefined ? {} : { partition }),
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
    ...(text === undefined ? {} : { text }),
  };
}

/** Null: letters with any mark. */
export function wantedMark({ replayed, notReplayed }: MarkOptions): 'replayed' | 'waiting' | null {
  if (replayed === true) return 'replayed';
  return notReplayed === true ? 'waiting' : null;
}

/** The DLQ as one command looks at it, and what marks its letters. */
export interface Reading {
  readonly reader: ClusterLogReader;
  readonly bounds: readonly PartitionBounds[];
  /** Where letters can be that match. */
  readonly searched: readonly PartitionBounds[];
  readonly filter: LetterFilter;
  readonly marks: ReplayMarks;
  readonly openTransactions: readonly OpenTransaction[];
}

/**
 * Notes on stderr which letters can't be read yet. Throws why there is no store where the marks decide which
 * letters are wanted.
 */
export async function startReading(
  services: Services,
  options: FilterOptions & MarkOptions,
): Promise<Reading> {
  const reader = await services.reader();
  const [bounds, opened] = await Promise.all([
    reader.bounds(DLQ_TOPIC),
    openReplayMemory(services),
  ]);
  const filter = filterOf(options, bounds);
  if (opened.failure !== null && wantedMark(options) !== null) throw opened.failure;
  const openTransactions = openTransactionsIn(services, bounds);
  const marks = new ReplayMarks(await reader.clusterId(), opened);
  const searched = await searchedFor(services, options, bounds);
  return { reader, bounds, searched, filter, marks, openTransactions };
}

/** Of a million letters those of the last minutes alone. An unknown --reason is known by all that there are. */
async function searchedFor(
  services: Services,
  { since, reason }: FilterOptions,
  bounds: readonly PartitionBounds[],
): Promise<readonly PartitionBounds[]> {
  if (since === undefined || reason !== undefined) return bounds;
  const admin = await services.admin();
  return boundsFrom(bounds, await admin.offsetsAtTime(DLQ_TOPIC, since));
}

export interface ReadingOptions extends MarkOptions {
  readonly newestFirst: boolean;
  /** Of how many letters were looked at; true where it is left out. */
  readonly hasLiveLine?: boolean;
}

/** The letters that are wanted, with their marks. Throws as readLetters does. */
export function markedIn(
  services: Services,
  { reader, searched, filter, marks }: Reading,
  { newestFirst, hasLiveLine = true, ...wanted }: ReadingOptions,
): AsyncGenerator<MarkedLetter> {
  const query = { topic: DLQ_TOPIC, bounds: searched, filter, newestFirst };
  const letters = readLetters(services, reader, query, hasLiveLine);
  return markedLetters(letters, marks, wantedMark(wanted));
}

/** The transactions that letters wait behind, which are named on stderr as well. */
export function openTransactionsIn(
  { output }: Services,
  bounds: readonly PartitionBounds[],
): readonly OpenTransaction[] {
  const transactions = openTransactionsOf(DLQ_TOPIC, bounds);
  for (const transaction of transactions) {
    output.note(`note: ${describeOpenTransaction(transaction)}: they can't be read yet.`);
  }
  return transactions;
}

export function hasFilter(options: FilterOptions & MarkOptions): boolean {
  const { reason, coupon, partition, since, until, text, replayed, notReplayed } = options;
  const given = [reason, coupon, partition, since, until, text, replayed, notReplayed];
  return given.some((value) => value !== undefined);
}

/**
 * The letters of a query, and on a live line how many were looked at. Throws UsageError where none of them matches
 * and --reason names what is no reason: a slip of the hand is not an empty answer.
 */
export async function* readLetters(
  { output }: Services,
  reader: Pick<LogReader, 'read'>,
  query: LetterQuery,
  hasLiveLine = true,
): AsyncGenerator<FoundLetter> {
  const progress = new ReadProgress(output, countLetters(query.bounds));
  const reasons = new ReasonsSeen();
  let matched = 0;
  const onRead = (letter: DeadLetter) => {
    query.onRead?.(letter);
    reasons.add(letter.reasonCode);
    if (hasLiveLine) progress.step();
  };
  try {
    for await (const letter of scanLetters(reader, { ...query, onRead })) {
      matched += 1;
      yield letter;
    }
  } finally {
    await progress.stop();
  }
  const { reasonCode } = query.filter;
  if (matched === 0 && reasonCode !== undefined) reasons.assertKnown(reasonCode);
}

/** docs/contract.md, "dlq peek": one of its messages. */
export function letterJson({ timestampMs, ...letter }: DeadLetter, mark: ReplayMark) {
  const { partition, offset, key, ...rest } = letter;
  const timestamp = isoTime(timestampMs);
  const { lastAttemptAt } = letter;
  const lastAttempt = typeof lastAttemptAt === 'string' ? lastAttemptAt : lastAttemptAt?.iso;
  return {
    ...{ partition, offset, timestamp, key, ...rest },
    lastAttemptAt: lastAttempt ?? null,
    replayed: mark.kind === 'unknown' ? null : mark.kind === 'replayed',
    replayedAt: isoTime(mark.kind === 'replayed' ? mark.atMs : null),
  };
}
