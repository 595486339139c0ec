/** What the dlq commands have in common: their filters, how they read, and a letter's JSON. */
import type { Services } from '../services.js';
import { count } from '../../text/figures.js';
import type { LetterFilter } from '../../dead-letters/filter.js';
import { assertPartition } from '../../dead-letters/find-letter.js';
import {
  countLetters,
  scanLetters,
  type FoundLetter,
  type LetterQuery,
} from '../../dead-letters/scan.js';
import { isoTime } from '../../output/output.js';
import { liveLine, type LiveLine } from '../../output/spinner.js';
import {
  openTransactionsOf,
  type LogReader,
  type OpenTransaction,
  type PartitionBounds,
} from '../../ports/log.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import type { DeadLetter } from '../../dead-letters/read.js';

/** As program/dlq.ts declares them. */
export interface FilterOptions {
  readonly reason?: string;
  readonly coupon?: number;
  readonly partition?: number;
  readonly since?: number;
  readonly until?: number;
  readonly text?: string;
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

export function hasFilter(options: FilterOptions): boolean {
  const { reason, coupon, partition, since, until, text } = options;
  return [reason, coupon, partition, since, until, text].some((value) => value !== undefined);
}

/** So many are read in a moment: only beyond them it is worth a live line. */
const QUICKLY_READ = 1000;

/** The letters of a query, and on a live line how many were looked at. */
export async function* readLetters(
  { output }: Services,
  reader: Pick<LogReader, 'read'>,
  query: LetterQuery,
): AsyncGenerator<FoundLetter> {
  const lines: Promise<LiveLine>[] = [];
  let read = 0;
  const onRead = () => {
    query.onRead?.();
    read += 1;
    if (read % QUICKLY_READ !== 0) return;
    if (read === QUICKLY_READ) lines.push(liveLine(output, 'reading the dead letters'));
    const progress = `${count(read)} of ${count(countLetters(query.bounds))} dead letters read`;
    void lines[0]?.then((line) => {
      line.update(progress);
    });
  };
  try {
    yield* scanLetters(reader, { ...query, onRead });
  } finally {
    for (const line of lines) (await line).stop();
  }
}

/** docs/contract.md, "dlq peek": one of its messages. */
export function letterJson({ timestampMs, ...letter }: DeadLetter) {
  const { partition, offset, key, ...rest } = letter;
  const timestamp = isoTime(timestampMs);
  const { lastAttemptAt } = letter;
  const lastAttempt = typeof lastAttemptAt === 'string' ? lastAttemptAt : lastAttemptAt?.iso;
  return { partition, offset, timestamp, key, ...rest, lastAttemptAt: lastAttempt ?? null };
}
