import type { Services } from '../services.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError, InterruptedError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { scanLetters } from '../../dead-letters/scan.js';
import { liveLine } from '../../output/spinner.js';
import { OriginRecords } from '../../dead-letters/replay/origin-records.js';
import type { CouponStore, RequestIdentity } from '../../ports/coupon-store.js';
import { openTransactionsOf, type LogReader } from '../../ports/log.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import type { DeliveryLimit, RecordSink } from '../../ports/record-sink.js';
import { produce, type ProduceResult } from '../../produce/produce.js';
import { replayRecords, ReplaySink, ReplayTally } from '../../dead-letters/replay/replay.js';
import {
  awaitOutcomes,
  endOffsets,
  sentRanges,
  type OutcomeQuery,
  type ReplayOutcomes,
} from '../../dead-letters/replay/outcomes.js';
import type { ReplayRecord, ReplaySources } from '../../dead-letters/replay/plan.js';
import { OutageNotice } from '../outage-notice.js';
import type { CommandResult } from '../result.js';
import { Retries } from '../retries.js';
import { deliveryLimit, sendFailure, SendProgress } from '../send-progress.js';
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

/** Walks over the same dead letters each time, and plans them into the given tally. */
type Planning = (tally: ReplayTally, read?: typeof scanLetters) => AsyncGenerator<ReplayRecord>;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const reader = await services.reader();
  const dryRun = options.dryRun ?? false;
  const store = await (dryRun
    ? services.readableStore()
    : services.expectedStore('what was replayed with another one is not known.'));
  await warnOfMismatch(services, store, options.group, REQUEST_TOPIC);
  const targets = new Targets(services, deliveryLimit(options));
  const sources: ReplaySources = {
    clusterId: await reader.clusterId(),
    store,
    origins: new OriginRecords(reader),
    maxMessageBytes: (topic) => targets.maxMessageBytes(topic),
    again: options.again ?? false,
  };
  const planning = await planningOf(services, reader, options, sources);

  const signal = services.gracefulStop();
  // Everything is looked at first: what is asked about is what will be done.
  const survey = await surveyed(services, planning, signal);
  if (dryRun || survey.replayable === 0) {
    show(services, survey, 0, dryRun, null);
    return undefined;
  }
  services.output.warn(
    'Replayed requests are appended at the end of the topic, behind newer requests.',
  );
  await services.confirm(`Replay ${count(survey.replayable)} dead letters`, options);

  const topics = targets.found();
  const before = await endOffsets(reader, topics);
  const tally = new ReplayTally();
  const requests: RequestIdentity[] = [];
  const records = options.wait === true ? keeping(planning(tally), requests) : planning(tally);
  const sent = await send(services, { records, survey, targets, store, options, signal });
  finish(services, sent, survey, signal.aborted);
  if (options.wait !== true) {
    show(services, tally, sent.acknowledged, dryRun, null);
    return undefined;
  }
  services.output.note(`Waiting for group ${options.group} to get to them.`);
  const query = { store, reader, clusterId: sources.clusterId, group: options.group, requests };
  const became = await whatBecame(services, query, { before, topics, signal }).catch(
    (error: unknown) => {
      if (error instanceof CliError) {
        error.details = replayJson(tally, sent.acknowledged, dryRun, null);
      }
      throw error;
    },
  );
  if (signal.aborted) throw interruptedWait(tally, sent.acknowledged, became);
  show(services, tally, sent.acknowledged, dryRun, became);
  if (became.pending === 0) return undefined;
  await nameOpenTransactions(services, reader, topics);
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

interface Sent {
  /** How far the topics reached before. */
  readonly before: Awaited<ReturnType<typeof endOffsets>>;
  readonly topics: readonly string[];
  readonly signal: AbortSignal;
}

/** Waits until the group has decided what was sent, up to --timeout. A broker that is away is asked again. */
async function whatBecame(
  services: Services,
  query: Omit<OutcomeQuery, 'sent'>,
  { before, topics, signal }: Sent,
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

async function planningOf(
  services: Services,
  reader: LogReader,
  options: Options,
  sources: ReplaySources,
): Promise<Planning> {
  const bounds = await reader.bounds(DLQ_TOPIC);
  openTransactionsIn(services, bounds);
  const filter = filterOf(options, bounds);
  const query = { topic: DLQ_TOPIC, bounds, filter, newestFirst: options.newest ?? false };
  const maxRecords = options.maxMessages ?? Infinity;
  return (tally, read = scanLetters) =>
    replayRecords(read(reader, query), sources, maxRecords, tally);
}

async function surveyed(
  services: Services,
  planning: Planning,
  signal: AbortSignal,
): Promise<ReplayTally> {
  const tally = new ReplayTally();
  const breakOff = () => {
    if (signal.aborted) throw new InterruptedError('Interrupted: nothing was replayed.');
  };
  const records = planning(tally, (reader, query) =>
    readLetters(services, reader, { ...query, onRead: breakOff }),
  );
  while ((await records.next()).done !== true);
  breakOff();
  return tally;
}

async function* keeping(
  records: AsyncIterable<ReplayRecord>,
  requests: RequestIdentity[],
): AsyncGenerator<ReplayRecord> {
  for await (const record of records) {
    requests.push(record.request);
    yield record;
  }
}

interface Sending {
  readonly records: AsyncIterable<ReplayRecord>;
  readonly survey: ReplayTally;
  readonly targets: Targets;
  readonly store: CouponStore;
  readonly options: Options;
  readonly signal: AbortSignal;
}

async function send(services: Services, sending: Sending): Promise<ProduceResult> {
  const { records, survey, targets, store, options, signal } = sending;
  const line = await liveLine(services.output, 'replaying');
  const progress = new SendProgress(services, line, survey.replayable, 'replayed');
  try {
    return await produce(
      new ReplaySink((topic) => targets.sink(topic), store),
      records,
      { ratePerSecond: options.rate ?? null, maxBatchBytes: targets.smallestMaxMessageBytes() },
      services.clock,
      signal,
      progress,
    );
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

/** The topics that letters go back to. */
class Targets {
  readonly #services: Services;
  readonly #limit: DeliveryLimit;
  readonly #maxBytes = new Map<string, number | null>();
  readonly #sinks = new Map<string, Promise<RecordSink>>();

  constructor(services: Services, limit: DeliveryLimit) {
    this.#services = services;
    this.#limit = limit;
  }

  /** Null where there is no such topic. */
  async maxMessageBytes(topic: string): Promise<number | null> {
    const known = this.#maxBytes.get(topic);
    if (known !== undefined) return known;
    const admin = await this.#services.admin();
    const found = await admin.maxMessageBytes(topic).catch((error: unknown) => {
      if (error instanceof CliError && error.code === 'TOPIC_NOT_FOUND') return null;
      throw error;
    });
    this.#maxBytes.set(topic, found);
    return found;
  }

  sink(topic: string): Promise<RecordSink> {
    let sink = this.#sinks.get(topic);
    if (sink === undefined) {
      sink = this.#services.producer(topic, this.#limit);
      this.#sinks.set(topic, sink);
    }
    return sink;
  }

  found(): readonly string[] {
    return [...this.#maxBytes].filter(([, bytes]) => bytes !== null).map(([topic]) => topic);
  }

  /** A batch that fits one topic has to fit them all. */
  smallestMaxMessageBytes(): number {
    return Math.min(...[...this.#maxBytes.values()].filter((bytes) => bytes !== null));
  }
}
