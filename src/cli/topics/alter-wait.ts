import { count } from '../../text/figures.js';
import { timeOfDay } from '../../output/output.js';
import { liveLine } from '../../output/spinner.js';
import { isSameTransaction, openTransactionsOf, type OpenTransaction } from '../../ports/log.js';
import type { LogReader } from '../../ports/log.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import { lagOfReadings, remainingOf, type Reading } from '../../records/reading.js';
import { answered } from '../late-answer.js';
import { OutageNotice } from '../outage-notice.js';
import { Retries } from '../retries.js';
import type { Services } from '../services.js';
import { NOT_DRAINED } from './alter-warnings.js';

/** What adding partitions has to wait for, at one look. */
export interface AlterLook {
  /** Of the group, up to the high watermarks. */
  readonly lag: number;
  /** Whether the group has a record to read that can be read now. */
  readonly hasRecords: boolean;
  readonly openTransactions: readonly OpenTransaction[];
}

/** Looks at the topic, and at the group's place in it. */
export async function lookBeforeAltering(
  reader: LogReader,
  topic: string,
  readings: () => Promise<readonly Reading[]>,
): Promise<AlterLook> {
  const found = await readings();
  const [{ hasRecords }, bounds] = await Promise.all([
    remainingOf(reader, found),
    reader.bounds(topic),
  ]);
  const openTransactions = openTransactionsOf(topic, bounds);
  return { lag: lagOfReadings(found), hasRecords, openTransactions };
}

const CHECK_MS = 250;
const LATE_EVERY_MS = 1000;

/**
 * Waits until it is safe to add partitions: until the transactions have ended that are open now, and
 * with --wait-drained until the group has read everything. Resolves with why nothing may be changed,
 * a sentence each, where that takes longer than --timeout. Retries a look that fails until then, and
 * throws the last failure if no look succeeded.
 */
export async function waitBeforeAltering(
  services: Services,
  group: string,
  waitsForGroup: boolean,
  look: () => Promise<AlterLook>,
): Promise<readonly string[]> {
  const { clock, output, options } = services;
  const deadlineMs = clock.now() + options.timeoutMs;
  const waiting = waitsForGroup
    ? `waiting until ${group} has read everything`
    : 'waiting for the open transactions to end';
  const line = await liveLine(output, waiting);
  const retries = new Retries({
    clock,
    notice: new OutageNotice(output, clock.now, output.isLive ? line.update : null),
    intervalMs: CHECK_MS,
    missingTopicMs: 0,
    deadlineMs,
  });
  let first: AlterLook | null = null;
  try {
    for (;;) {
      const since = timeOfDay(clock.now());
      const now = await answered(retries.until(look), clock, LATE_EVERY_MS, () => {
        line.update(`${waiting}: not known, no answer since ${since}`);
      });
      const begun: AlterLook = (first ??= now);
      const open = now.openTransactions.filter(
        (each) =>
          waitsForGroup || begun.openTransactions.some((other) => isSameTransaction(each, other)),
      );
      if (open.length === 0 && !(waitsForGroup && now.hasRecords)) break;
      if (clock.now() >= deadlineMs) return refusal(waitsForGroup, open);
      line.update(
        [`${waiting}: ${count(now.lag)} to go`, ...open.map(describeOpenTransaction)].join('; '),
      );
      await clock.wait(CHECK_MS);
    }
  } finally {
    line.stop();
  }
  if (waitsForGroup) {
    output.note(
      `${group} had read everything at ${timeOfDay(clock.now())}. The order of campaigns that move is kept only if nothing is produced until each producer knows of the new partitions (metadata.max.age.ms, 5 minutes by default).`,
    );
  }
  return [];
}

function refusal(
  waitsForGroup: boolean,
  transactions: readonly OpenTransaction[],
): readonly string[] {
  const named = transactions.map((each) => `${describeOpenTransaction(each)}.`);
  return [
    waitsForGroup
      ? NOT_DRAINED
      : 'A transaction did not end within --timeout, so nothing was changed.',
    ...named,
  ];
}
