import type { Services } from '../services.js';
import { CliError, InterruptedError } from '../../errors.js';
import { timeOfDay } from '../../output/output.js';
import { count } from '../../text/figures.js';
import { isAbove, isDrained, lacksSome, measureLag, type LagReport } from '../../lag/lag.js';
import type { LagSample } from '../../ports/lag-sample.js';
import type { LogReader } from '../../ports/log.js';
import { slideWindow } from '../../lag/window.js';
import { liveLine } from '../../output/spinner.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import { whenAborted } from '../../signals.js';
import { answered } from '../late-answer.js';
import { OutageNotice } from '../outage-notice.js';
import { Retries, type RetriesOptions } from '../retries.js';
import type { LagCommandOptions } from './options.js';
import { lagDocument } from './document.js';
import { drawLag, movement } from './table.js';
import { openView } from './watch-view.js';
import type { CommandResult } from '../result.js';

type Look = () => Promise<LagSample>;

/** How often --wait alone looks. A script that waits should not wait longer for a slow --interval. */
const WAIT_INTERVAL_SECONDS = 0.5;
const LATE_EVERY_MS = 1000;
/** As many looks as the widest sparkline shows. */
const HISTORY_LOOKS = 200;

/** Takes one sample after another, and keeps the window that the status is judged by. */
class LagWatch {
  #window: readonly LagSample[] = [];
  #history: readonly number[] = [];

  constructor(
    private readonly look: Look,
    private readonly reader: Pick<LogReader, 'read'>,
    private readonly warnAbove: number,
  ) {}

  /** The total lag of each look, oldest first. */
  get history(): readonly number[] {
    return this.#history;
  }

  async next(): Promise<LagReport> {
    const sample = await this.look();
    const report = measureLag(sample, { warnAbove: this.warnAbove }, this.#window);
    this.#window = slideWindow(this.#window, sample);
    this.#history = [...this.#history, report.totalLag].slice(-HISTORY_LOOKS);
    return report;
  }

  /** False also where a broker fails to say: then there is another look. */
  async isDrained(report: LagReport): Promise<boolean> {
    return isDrained(report, this.reader).catch((error: unknown) => {
      if (error instanceof CliError) return false;
      throw error;
    });
  }
}

/**
 * Shows the lag every --interval seconds until ctrl-C (exit 0), until it is above --fail-above (exit
 * 3), or with --wait until it is 0 (exit 3 at --timeout). A closed pipe ends it as well; with --wait it
 * goes on to its verdict. A broker that fails in between is waited for; one that cannot be reached at
 * the first look is an error as anywhere else.
 */
export async function watchLag(
  services: Services,
  options: LagCommandOptions,
  look: Look,
  reader: Pick<LogReader, 'read'>,
): Promise<CommandResult> {
  const { wait = false, failAbove } = options;
  const stop = wait ? services.gracefulStop() : services.streamStop();
  const interrupted = whenAborted(stop);
  const watch = new LagWatch(look, reader, options.warnAbove);
  const deadlineMs = wait ? services.clock.now() + services.options.timeoutMs : Infinity;
  const first = await Promise.race([watch.next(), interrupted]);
  if (first === null) return ended(services, options);
  let report = first;
  const intervalMs = options.interval * 1000;
  const view = openView(services, intervalMs, () => watch.history);
  const retries = retriesOf(services, view.notice, options.interval, deadlineMs);
  try {
    for (;;) {
      view.show(report);
      if (failAbove !== undefined && isAbove(report, failAbove)) return 'check-failed';
      if (wait) {
        const isOver = await Promise.race([watch.isDrained(report), interrupted]);
        if (isOver === true) return undefined;
        if (isOver === null) break;
      }
      const leftMs = deadlineMs - services.clock.now();
      if (leftMs <= 0) break;
      await services.clock.wait(Math.min(intervalMs, leftMs), stop);
      const looking = retries.until(() => watch.next(), stop);
      const next = await answered(
        Promise.race([looking, interrupted]),
        services.clock,
        intervalMs,
        () => {
          view.unknown();
        },
      );
      if (next === null) break;
      report = next;
    }
  } finally {
    view.close();
  }
  if (!stop.aborted) reportNotDrained(services, report);
  return stop.aborted ? ended(services, options) : 'check-failed';
}

/**
 * ctrl-C is how a watch ends; it interrupts one that waits. A watch that ends because nothing reads
 * stdout any more leaves its check without a verdict.
 */
function ended(
  { stdout, output }: Services,
  { wait, failAbove }: LagCommandOptions,
): CommandResult {
  if (wait === true) throw new InterruptedError();
  if (failAbove === undefined || !stdout.unwritable.aborted) return undefined;
  output.talk(`Ended because nothing reads stdout; the lag was not above ${count(failAbove)}.`);
  return 'interrupted';
}

/** --wait gives up at its deadline with the last failure. */
function retriesOf(
  { clock, options }: Services,
  notice: RetriesOptions['notice'],
  intervalSeconds: number,
  deadlineMs: number,
): Retries {
  const intervalMs = intervalSeconds * 1000;
  return new Retries({ clock, notice, intervalMs, missingTopicMs: options.timeoutMs, deadlineMs });
}

/**
 * Returns when the group has read everything; progress goes to stderr. Exit 3 at --timeout, and above
 * --fail-above. A broker that fails in between is waited for, as in a watch.
 */
export async function waitUntilDrained(
  services: Services,
  options: LagCommandOptions,
  look: Look,
  reader: Pick<LogReader, 'read'>,
): Promise<CommandResult> {
  const { output, clock } = services;
  const watch = new LagWatch(look, reader, options.warnAbove);
  const deadlineMs = clock.now() + services.options.timeoutMs;
  const live = await liveLine(output, `waiting for ${options.group}`);
  const { failAbove } = options;
  const notice = new OutageNotice(output, clock.now, output.isLive ? live.update : null);
  const retries = retriesOf(services, notice, WAIT_INTERVAL_SECONDS, deadlineMs);
  let report: LagReport;
  try {
    report = await watch.next();
    while (clock.now() < deadlineMs) {
      if (await watch.isDrained(report)) break;
      if (failAbove !== undefined && isAbove(report, failAbove)) break;
      live.update([`lag ${count(report.totalLag)}`, report.status, ...movement(report)].join('  '));
      await clock.wait(WAIT_INTERVAL_SECONDS * 1000);
      const asOf = timeOfDay(clock.now());
      const looking = retries.until(() => watch.next());
      report = await answered(looking, clock, LATE_EVERY_MS, () => {
        live.update(`the lag is not known: no answer since ${asOf}`);
      });
    }
  } finally {
    live.stop();
  }
  const { paint, columns } = output;
  output.result(lagDocument(report), () => drawLag(report, { paint, columns, most: null }));
  if (await watch.isDrained(report)) return undefined;
  if (clock.now() >= deadlineMs) reportNotDrained(services, report);
  return 'check-failed';
}

function reportNotDrained({ output, options }: Services, report: LagReport): void {
  const seconds = String(options.timeoutMs / 1000);
  const { totalLag, openTransactions } = report;
  output.talk(`Not drained within ${seconds} s (--timeout): ${count(totalLag)} still to read.`);
  if (lacksSome(report)) output.talk('The lag of some partitions is not known: see the notes.');
  for (const transaction of openTransactions) {
    output.talk(`${describeOpenTransaction(transaction)}.`);
  }
  if (openTransactions.length > 0) output.talk(HOW_TRANSACTIONS_END);
}
