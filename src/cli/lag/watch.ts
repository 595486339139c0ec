import type { Services } from '../services.js';
import { CliError, InterruptedError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { isAbove, isDrained, measureLag, type LagReport } from '../../lag/lag.js';
import type { LagSample } from '../../ports/lag-sample.js';
import type { LogReader } from '../../ports/log.js';
import { slideWindow } from '../../lag/window.js';
import { isoTime } from '../../output/output.js';
import { openScreen, type Screen } from '../../output/screen.js';
import { liveLine } from '../../output/spinner.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import { wrapped } from '../../output/wrap.js';
import { whenAborted } from '../../signals.js';
import { OutageNotice } from '../outage-notice.js';
import { Retries, type RetriesOptions } from '../retries.js';
import type { LagCommandOptions } from './options.js';
import { lagDocument } from './document.js';
import { drawLag, drawMovement, lagLine, linesAround, movement } from './table.js';
import type { CommandResult } from '../result.js';

type Look = () => Promise<LagSample>;

/** How often --wait alone looks. A script that waits should not wait longer for a slow --interval. */
const WAIT_INTERVAL_SECONDS = 0.5;
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
  const view = openView(services, watch);
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
      await services.clock.wait(Math.min(options.interval * 1000, leftMs), stop);
      const next = await Promise.race([retries.until(() => watch.next(), stop), interrupted]);
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
      report = await retries.until(() => watch.next());
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
  for (const transaction of openTransactions) {
    output.talk(`${describeOpenTransaction(transaction)}.`);
  }
  if (openTransactions.length > 0) output.talk(HOW_TRANSACTIONS_END);
}

/** Where a watch shows itself. */
interface WatchView {
  show(report: LagReport): void;
  /** Says that looks fail and that the watch goes on. */
  readonly notice: RetriesOptions['notice'];
  close(): void;
}

function openView(services: Services, watch: LagWatch): WatchView {
  const { output, clock } = services;
  const at = () => isoTime(clock.now());
  const notice = new OutageNotice(output, clock.now, null);
  if (output.isJson) {
    const show = (report: LagReport) => {
      output.jsonLine({ at: at(), ...lagDocument(report) });
    };
    return { show, notice, close: () => undefined };
  }
  const screen = openScreen(process.stdout, process.env);
  if (screen !== null) return screenView(services, screen, watch);
  const show = (report: LagReport) => {
    output.raw(`${lagLine(report, at() ?? '', output.columns)}\n`);
  };
  return { show, notice, close: () => undefined };
}

/** Drawn over in place; what was shown last stays behind when it ends. */
function screenView({ output, clock }: Services, screen: Screen, watch: LagWatch): WatchView {
  let shown: LagReport | null = null;
  const outage = new OutageNotice(output, clock.now, () => {
    redraw();
  });
  const draw = (most: (report: LagReport) => number | null) => {
    if (shown === null) return '';
    const view = { paint: output.paint, columns: screen.columns, most: most(shown) };
    return [
      drawLag(shown, view),
      drawMovement(shown, watch.history, view),
      ...(outage.text === null ? [] : [output.paint.red(wrapped(outage.text, screen.columns))]),
    ].join('\n');
  };
  const redraw = () => {
    const time = output.paint.dim(`${isoTime(clock.now()) ?? ''}  ctrl-C ends`);
    const failing = outage.text === null ? [] : wrapped(outage.text, screen.columns).split('\n');
    const footer = 3 + failing.length;
    const most = (report: LagReport) => screen.rows - linesAround(report, screen.columns) - footer;
    screen.draw(`${draw(most)}\n${time}`);
  };
  screen.onResize(redraw);
  return {
    show(report) {
      shown = report;
      redraw();
    },
    notice: outage,
    close() {
      screen.close();
      output.raw(`${draw(() => LAST_FRAME_PARTITIONS)}\n`);
    },
  };
}

const LAST_FRAME_PARTITIONS = 20;
