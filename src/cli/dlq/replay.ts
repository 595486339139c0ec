import type { Services } from '../services.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError, InterruptedError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { liveLine } from '../../output/spinner.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import { openTransactionsOf, type LogReader } from '../../ports/log.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import type { ProduceResult } from '../../produce/produce.js';
import { sendFailure } from '../../produce/send-failure.js';
import type { ReplayTally } from '../../dead-letters/replay/replay.js';
import { ReplayRun, type ReplaySelection, type SentReplay } from '../../dead-letters/replay/run.js';
import { Targets } from '../../dead-letters/replay/targets.js';
import {
  awaitOutcomes,
  endOffsets,
  sentRanges,
  type OutcomeQuery,
  type ReplayOutcomes,
} from '../../dead-letters/replay/outcomes.js';
import { OutageNotice } from '../outage-notice.js';
import type { CommandResult } from '../result.js';
import { Retries } from '../retries.js';
import { deliveryLimit, SendProgress } from '../send-progress.js';
import { warnOfMismatch } from '../store-mismatch.js';
import { drawReplay, replayJson } from './draw-replay.js';
import { filterOf, openTransactionsIn, readLetters, type FilterOptions } from './letters.js';

interface Options extends FilterOptions {
  readonly newest?: boolean;
  readonly maxMessages?: number;
  readonly rate?: number;
  /** In seconds. */
  readonly deliveryTimeout: number;
  readonly again?: boolean;
  readonly wait?: boolean;
  readonly group: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const reader = await services.reader();
  const dryRun = options.dryRun ?? false;
  const store = await (dryRun
    ? services.readableStore()
    : services.expectedStore('what was replayed with another one is not known.'));
  await warnOfMismatch(services, store, options.group, REQUEST_TOPIC);
  const targets = await targetsOf(services, options);
  const selection = await selectionOf(services, reader, options);
  const replay = new ReplayRun({ reader, targets, clock: services.clock }, selection);

  const signal = services.gracefulStop();
  // Everything is looked at first: what is asked about is what will be done.
  const survey = await surveyed(services, replay, store, signal);
  if (dryRun || survey.replayable === 0) {
    show(services, survey, 0, dryRun, null);
    return undefined;
  }
  services.output.warn(
    'Replayed requests are appended at the end of the topic, behind newer requests.',
  );
  const target = { topics: [...survey.topics.keys()], store: true } as const;
  await services.confirm(`Replay ${count(survey.replayable)} dead letters`, target, options);

  const sent = await send(services, { replay, survey, store, options, signal });
  const { tally, produced } = sent;
  finish(services, produced, survey, signal.aborted);
  if (options.wait !== true) {
    show(services, tally, produced.acknowledged, dryRun, null);
    return undefined;
  }
  services.output.note(`Waiting for group ${options.group} to get to them.`);
  const clusterId = await reader.clusterId();
  const query = { store, reader, clusterId, group: options.group, requests: sent.requests };
  const became = await whatBecame(services, query, sent, signal).catch((error: unknown) => {
    if (error instanceof CliError) {
      error.details = replayJson(tally, produced.acknowledged, dryRun, null);
    }
    throw error;
  });
  if (signal.aborted) throw interruptedWait(tally, produced.acknowledged, became);
  show(services, tally, produced.acknowledged, dryRun, became);
  if (became.pending === 0) return undefined;
  await nameOpenTransactions(services, reader, sent.topics);
  return 'check-failed';
}

/** They may be why the group has not got to the requests. */
async function nameOpenTransactions(
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

/** Waits until the group has decided what was sent, up to --timeout. A broker that is away is asked again. */
async function whatBecame(
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

const RETRY_MS = 500;

async function targetsOf(services: Services, options: Options): Promise<Targets> {
  const admin = await services.admin();
  return new Targets({
    maxMessageBytes: (topic) => admin.maxMessageBytes(topic),
    sinkOf: (topic) => services.producer(topic, deliveryLimit(options)),
  });
}

async function selectionOf(
  services: Services,
  reader: LogReader,
  options: Options,
): Promise<ReplaySelection> {
  const bounds = await reader.bounds(DLQ_TOPIC);
  openTransactionsIn(services, bounds);
  const filter = filterOf(options, bounds);
  const { newest = false, maxMessages = Infinity, again = false } = options;
  const query = { topic: DLQ_TOPIC, bounds, filter, newestFirst: newest };
  return { query, maxRecords: maxMessages, again };
}

async function surveyed(
  services: Services,
  replay: ReplayRun,
  store: CouponStore,
  signal: AbortSignal,
): Promise<ReplayTally> {
  const breakOff = () => {
    if (signal.aborted) throw new InterruptedError('Interrupted: nothing was replayed.');
  };
  const tally = await replay.survey(store, (reader, query) =>
    readLetters(services, reader, { ...query, onRead: breakOff }),
  );
  breakOff();
  return tally;
}

interface Sending {
  readonly replay: ReplayRun;
  readonly survey: ReplayTally;
  readonly store: CouponStore;
  readonly options: Options;
  readonly signal: AbortSignal;
}

async function send(services: Services, sending: Sending): Promise<SentReplay> {
  const { replay, survey, store, options, signal } = sending;
  const line = await liveLine(services.output, 'replaying');
  const progress = new SendProgress(services, line, survey.replayable, 'replayed');
  try {
    return await replay.send(store, {
      ratePerSecond: options.rate ?? null,
      signal,
      listener: progress,
      keepsRequests: options.wait ?? false,
    });
  } catch (error) {
    const replayed = progress.latest?.acknowledged ?? 0;
    if (error instanceof CliError) error.details = replayJson(survey, replayed, false, null);
    throw error;
  } finally {
    line.stop();
  }
}

/** Throws where it ended early, with what was done all the same. */
function finish(
  services: Services,
  { acknowledged, error }: ProduceResult,
  survey: ReplayTally,
  interrupted: boolean,
): void {
  if (error === null && !interrupted) return;
  const soFar = `${count(acknowledged)} of ${count(survey.replayable)} replayed; run the same command again for the rest`;
  const failure: CliError =
    error === null || interrupted
      ? new InterruptedError(`Interrupted: ${soFar}.`)
      : sendFailure(error);
  if (!interrupted) failure.message = `${failure.message} (${soFar})`;
  failure.details = replayJson(survey, acknowledged, false, null);
  throw failure;
}

function interruptedWait(
  tally: ReplayTally,
  replayed: number,
  became: ReplayOutcomes,
): InterruptedError {
  const failure = new InterruptedError(
    `Interrupted: ${count(replayed)} replayed, ${count(became.pending)} of them not decided yet.`,
  );
  failure.details = replayJson(tally, replayed, false, became);
  return failure;
}

function show(
  services: Services,
  tally: ReplayTally,
  replayed: number,
  dryRun: boolean,
  became: ReplayOutcomes | null,
): void {
  services.output.result(replayJson(tally, replayed, dryRun, became), () =>
    drawReplay(services.output, tally, replayed, dryRun, became),
  );
  if (tally.selected === 0) services.output.note('No dead letters match.');
  else if (tally.replayable === 0) services.output.note('There is nothing to replay.');
}
