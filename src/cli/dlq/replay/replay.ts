import { stockLeftOf } from '../../../coupon/campaign.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../coupon/topics.js';
import type { ReplayOutcomes } from '../../../dead-letters/replay/outcomes.js';
import {
  ReplayRun,
  type ReplaySelection,
  type ReplaySurvey,
  type SentReplay,
} from '../../../dead-letters/replay/run.js';
import { Targets } from '../../../dead-letters/replay/targets.js';
import { CliError, InterruptedError } from '../../../errors.js';
import { liveLine } from '../../../output/spinner.js';
import type { CouponStore } from '../../../ports/coupon-store.js';
import type { LogReader } from '../../../ports/log.js';
import type { ProduceResult } from '../../../produce/produce.js';
import { sendFailure } from '../../../produce/send-failure.js';
import { count, counted } from '../../../text/figures.js';
import { shellWord } from '../../../text/shell-word.js';
import type { CommandResult } from '../../result.js';
import { storeToPlanOrNew } from '../../confirm/store-to-plan.js';
import { happened } from '../../happened.js';
import { deliveryLimit, SendProgress } from '../../send-progress.js';
import type { Services } from '../../services.js';
import { refuseOtherStore } from '../../store-mismatch.js';
import { filterOf, openTransactionsIn, readLetters, type FilterOptions } from '../letters.js';
import { awaitDecisions, nameOpenTransactions } from './await-decisions.js';
import { replayDocument, type ReplayReport, type ReplayTarget } from './document.js';
import { drawPlan, drawResult } from './draw-replay.js';

interface Options extends FilterOptions {
  readonly newest?: boolean;
  readonly maxMessages?: number;
  readonly rate?: number;
  /** In seconds. */
  readonly deliveryTimeout: number;
  readonly again?: boolean;
  readonly includeRejected?: boolean;
  readonly allowTopic: readonly string[];
  readonly wait?: boolean;
  readonly group: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const reader = await services.reader();
  const dryRun = options.dryRun ?? false;
  const seen = await (dryRun
    ? services.readableStore()
    : storeToPlanOrNew(services, options, 'What was replayed with another one is not known.'));
  await refuseOtherStore(services, seen, options.group, REQUEST_TOPIC);
  const targets = await targetsOf(services, options);
  const selection = await selectionOf(services, reader, options);
  const replay = new ReplayRun({ reader, targets, clock: services.clock }, selection);
  const target = await targetOf(services, reader, options);

  const signal = services.gracefulStop();
  // Everything is looked at first: what is asked about is what will be done.
  const survey = await surveyed(services, replay, seen, signal);
  const planned = reportOf(services, target, survey, dryRun);
  if (dryRun || survey.tally.replayable === 0) {
    show(services, planned, true);
    return undefined;
  }
  await confirmed(services, planned, options);

  const store = await services.writableStore();
  const sent = await send(services, { replay, planned, store, options, signal });
  const { produced, requests, topics } = sent;
  const report = { ...planned, ...sent, replayed: produced.acknowledged };
  finish(services, produced, planned, signal.aborted);
  if (options.wait !== true) {
    show(services, report, options.yes === true);
    nextAfter(services, options);
    return undefined;
  }
  services.output.note(`Waiting for group ${options.group} to get to them.`);
  const query = { store, reader, clusterId: target.clusterId, group: options.group, requests };
  const decisions = async () => {
    const outcomes = await awaitDecisions(services, query, sent, signal);
    return { became: outcomes, leftAfter: await stockLeft(store) };
  };
  const { became, leftAfter } = await decisions().catch((error: unknown) => {
    if (error instanceof CliError) error.details = documentOf(services, report);
    throw error;
  });
  if (signal.aborted) throw interruptedWait(services, report, became);
  show(services, { ...report, became, leftAfter }, options.yes === true);
  if (became.pending === 0) {
    services.output.note(`Next: \`${services.pasted('coupons audit')}\`.`);
    return undefined;
  }
  nextAfter(services, options);
  await nameOpenTransactions(services, reader, topics);
  return 'check-failed';
}

async function stockLeft(store: CouponStore): Promise<ReadonlyMap<number, number>> {
  const campaigns = await store.campaigns();
  return new Map(campaigns.map((campaign) => [campaign.couponId, stockLeftOf(campaign)]));
}

function reportOf(
  { clock }: Services,
  target: ReplayTarget,
  survey: ReplaySurvey,
  dryRun: boolean,
): ReplayReport {
  return {
    ...survey,
    target,
    dryRun,
    replayed: 0,
    became: null,
    leftAfter: null,
    nowMs: clock.now(),
  };
}

async function targetOf(
  { options: { contextName, brokers } }: Services,
  reader: LogReader,
  { group }: Options,
): Promise<ReplayTarget> {
  const clusterId = await reader.clusterId();
  return { context: contextName, clusterId, brokers, topic: REQUEST_TOPIC, group };
}

/** Shows the plan and asks; with --yes it is shown with the result. */
async function confirmed(
  services: Services,
  planned: ReplayReport,
  options: Options,
): Promise<void> {
  const { output } = services;
  const { tally, target } = planned;
  if (options.yes !== true && !output.isJson) {
    const view = { paint: output.talkPaint, columns: output.talkColumns, isTerminal: true };
    const undone = { ...planned, dryRun: true };
    output.talk(drawPlan(view, undone, (command) => services.pasted(command)));
  }
  output.warn(
    'Replayed requests are appended at the end of the topic, behind newer requests, and get a new time there.',
  );
  const changed = {
    topics: [...tally.topics.keys()],
    store: true,
    clusterId: target.clusterId,
  } as const;
  await services.confirm(`Replay ${counted(tally.replayable, 'dead letter')}`, changed, options);
}

async function targetsOf(services: Services, options: Options): Promise<Targets> {
  const admin = await services.admin();
  return new Targets({
    listTopics: () => admin.listTopics(),
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
  const { newest = false, maxMessages = Infinity, again = false, group } = options;
  return {
    query: { topic: DLQ_TOPIC, bounds, filter, newestFirst: newest },
    maxRecords: maxMessages,
    again,
    includesRejected: options.includeRejected ?? false,
    allowedTopics: options.allowTopic,
    group,
  };
}

async function surveyed(
  services: Services,
  replay: ReplayRun,
  store: CouponStore,
  signal: AbortSignal,
): Promise<ReplaySurvey> {
  const breakOff = () => {
    if (signal.aborted) throw new InterruptedError('Interrupted: nothing was replayed.');
  };
  const survey = await replay.survey(store, (reader, query) =>
    readLetters(services, reader, { ...query, onRead: breakOff }),
  );
  breakOff();
  return survey;
}

interface Sending {
  readonly replay: ReplayRun;
  readonly planned: ReplayReport;
  readonly store: CouponStore;
  readonly options: Options;
  readonly signal: AbortSignal;
}

async function send(services: Services, sending: Sending): Promise<SentReplay> {
  const { replay, planned, store, options, signal } = sending;
  const line = await liveLine(services.output, 'replaying');
  const progress = new SendProgress(services, line, planned.tally.replayable, 'replayed');
  try {
    return await replay.send(store, {
      ratePerSecond: options.rate ?? null,
      signal,
      listener: progress,
      happened: (details) => happened(services, details),
      keepsRequests: options.wait ?? false,
    });
  } catch (error) {
    const replayed = progress.latest?.acknowledged ?? 0;
    if (error instanceof CliError) error.details = documentOf(services, { ...planned, replayed });
    throw error;
  } finally {
    line.stop();
  }
}

/** Throws where it ended early, with what was done all the same. */
function finish(
  services: Services,
  { acknowledged, error }: ProduceResult,
  planned: ReplayReport,
  interrupted: boolean,
): void {
  if (error === null && !interrupted) return;
  const soFar = `${count(acknowledged)} of ${count(planned.tally.replayable)} replayed; run the same command again for the rest`;
  const failure: CliError =
    error === null || interrupted
      ? new InterruptedError(`Interrupted: ${soFar}.`)
      : sendFailure(error);
  if (!interrupted) failure.message = `${failure.message} (${soFar})`;
  failure.details = documentOf(services, { ...planned, replayed: acknowledged });
  throw failure;
}

function interruptedWait(
  services: Services,
  report: ReplayReport,
  became: ReplayOutcomes,
): InterruptedError {
  const failure = new InterruptedError(
    `Interrupted: ${count(report.replayed)} replayed, ${count(became.pending)} of them not decided yet.`,
  );
  failure.details = documentOf(services, { ...report, became });
  return failure;
}

function nextAfter(services: Services, { group }: Options): void {
  const lag = services.pasted(`coupons lag --group ${shellWord(group)} --wait`);
  services.output.note(`Next: \`${lag}\`, then \`${services.pasted('coupons audit')}\`.`);
}

function documentOf(services: Services, report: ReplayReport) {
  return replayDocument(report, (command) => services.pasted(command));
}

/** `whole`: the plan was not shown before. */
function show(services: Services, report: ReplayReport, whole: boolean): void {
  const { output } = services;
  const { tally } = report;
  output.result(documentOf(services, report), () =>
    whole
      ? drawPlan(output, report, (command) => services.pasted(command))
      : drawResult(report, output.columns),
  );
  if (tally.selected === 0) output.note('No dead letters match.');
  else if (tally.replayable > 0) return;
  else if (tally.skipped.has('WOULD_BE_REJECTED')) output.note(ALL_REJECTED);
  else output.note('There is nothing to replay.');
}

const ALL_REJECTED =
  'Nothing was replayed: each request that can be sent would be rejected as things stand.';
