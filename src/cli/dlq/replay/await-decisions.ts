import {
  awaitOutcomes,
  endOffsets,
  sentRanges,
  type OutcomeQuery,
  type ReplayOutcomes,
} from '../../../dead-letters/replay/outcomes.js';
import type { SentReplay } from '../../../dead-letters/replay/run.js';
import { openTransactionsOf, type LogReader } from '../../../ports/log.js';
import {
  describeOpenTransaction,
  HOW_TRANSACTIONS_END,
} from '../../../records/open-transaction.js';
import { OutageNotice } from '../../outage-notice.js';
import { Retries } from '../../retries.js';
import type { Services } from '../../services.js';

const RETRY_MS = 500;

/** Waits until the group has decided what was sent, up to --timeout. A broker that is away is asked again. */
export async function awaitDecisions(
  services: Services,
  query: Omit<OutcomeQuery, 'sent'>,
  { before, topics }: SentReplay,
  signal: AbortSignal,
): Promise<ReplayOutcomes> {
  const { clock, output, options } = services;
  const deadlineMs = clock.now() + options.timeoutMs;
  const retries = new Retries({
    clock,
    notice: new OutageNotice(output, clock.now, null),
    intervalMs: RETRY_MS,
    missingTopicMs: 0,
    deadlineMs,
  });
  const after = await retries.until(() => endOffsets(query.reader, topics), signal);
  const sent = sentRanges(before, after);
  return retries.until(() => awaitOutcomes({ ...query, sent }, clock, deadlineMs, signal), signal);
}

/** They may be why the group has not got to the requests. */
export async function nameOpenTransactions(
  { output }: Services,
  reader: LogReader,
  topics: readonly string[],
): Promise<void> {
  for (const topic of topics) {
    for (const transaction of openTransactionsOf(topic, await reader.bounds(topic))) {
      output.note(`note: ${describeOpenTransaction(transaction)}. ${HOW_TRANSACTIONS_END}`);
    }
  }
}
