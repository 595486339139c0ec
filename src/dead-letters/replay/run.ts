import type { Clock } from '../../ports/clock.js';
import type { CouponStore, RequestIdentity } from '../../ports/coupon-store.js';
import type { LogReader } from '../../ports/log.js';
import type { EventDetails } from '../../ports/store-history.js';
import { produce, type ProduceListener, type ProduceResult } from '../../produce/produce.js';
import { scanLetters, type FoundLetter, type LetterQuery } from '../scan.js';
import { LookedAt } from './looked-at.js';
import { OriginRecords } from './origin-records.js';
import { Forecast } from './forecast.js';
import { endOffsets, type SentRange } from './outcomes.js';
import type { ReplayChoices } from './plan.js';
import { recorded } from './recorded-replay.js';
import { replayRecords, ReplaySink } from './replay.js';
import type { ReplayRecord } from './sendable.js';
import { ReplayTally } from './tally.js';
import type { Targets } from './targets.js';

export interface ReplayPorts {
  readonly reader: Pick<LogReader, 'clusterId' | 'bounds' | 'read' | 'recordAt'>;
  readonly targets: Targets;
  readonly clock: Clock;
}

/** Which letters a replay is about: fixed, so that those which were looked at are those which are sent. */
export interface ReplaySelection extends ReplayChoices {
  readonly query: LetterQuery;
  /** At most so many are sent. */
  readonly maxRecords: number;
  /** The group that decides them. */
  readonly group: string;
}

/** What a plan needs of a store. */
export type PlanningStore = Pick<
  CouponStore,
  'replayedAt' | 'campaigns' | 'positions' | 'outcomesOf'
>;

/** What a replay would do. */
export interface ReplaySurvey {
  readonly tally: ReplayTally;
  readonly forecast: Forecast;
}

/** As scanLetters; a caller may show how far it is, or end it by throwing. */
export type LetterScan = (
  reader: Pick<LogReader, 'read'>,
  query: LetterQuery,
) => AsyncGenerator<FoundLetter>;

export interface SendingOptions {
  readonly ratePerSecond: number | null;
  /** Once it aborts, sending ends after the present batch. */
  readonly signal: AbortSignal;
  readonly listener: ProduceListener;
  /** Writes an event into the store's history. Never rejects. */
  readonly happened: (details: EventDetails) => Promise<void>;
  /** To look up what became of them; takes memory for each. */
  readonly keepsRequests: boolean;
  readonly scan?: LetterScan;
}

export interface SentReplay extends ReplaySurvey {
  readonly produced: ProduceResult;
  /** What was sent, in order; empty where they are not kept. */
  readonly requests: readonly RequestIdentity[];
  /** Where it was sent, and how far that reached before. */
  readonly topics: readonly string[];
  readonly before: readonly SentRange[];
}

/** A replay: first it is looked at as a whole, then the same letters are sent. */
export class ReplayRun {
  readonly #ports: ReplayPorts;
  readonly #selection: ReplaySelection;
  readonly #lookedAt = new LookedAt();
  #planned: ReplaySurvey | null = null;

  constructor(ports: ReplayPorts, selection: ReplaySelection) {
    this.#ports = ports;
    this.#selection = selection;
  }

  /** What `send` would send, and why not the others. Changes nothing. */
  async survey(store: PlanningStore, scan: LetterScan = scanLetters): Promise<ReplaySurvey> {
    const tally = new ReplayTally();
    const { reader, clock } = this.#ports;
    const { query, group } = this.#selection;
    const forecast = await Forecast.now({ store, reader, clock }, group);
    const letters = this.#lookingAt(scan(reader, query));
    const records = await this.#records(letters, store, forecast, tally);
    while ((await records.next()).done !== true);
    this.#planned = { tally, forecast };
    return this.#planned;
  }

  /**
   * To be called after `survey`. It foresees the outcomes again, so that it sends less where stock has gone since, and
   * never more. Throws CliError LETTERS_REPLACED, and what reading throws.
   */
  async send(
    store: PlanningStore & Pick<CouponStore, 'rememberReplayed'>,
    { ratePerSecond, signal, keepsRequests, scan = scanLetters, ...telling }: SendingOptions,
  ): Promise<SentReplay> {
    const { reader, targets, clock } = this.#ports;
    const { query, group } = this.#selection;
    const bounds = await this.#lookedAt.remaining(reader, query.topic, query.bounds);
    const topics = targets.found();
    const before = await endOffsets(reader, topics);
    const planned = this.#planned;
    const forecast = await Forecast.now({ store, reader, clock }, group, planned?.forecast);
    const tally = new ReplayTally();
    const requests: RequestIdentity[] = [];
    const letters = scan(reader, { ...query, bounds });
    const records = await this.#records(letters, store, forecast, tally);
    const letterCount = planned?.tally.replayable ?? 0;
    const recording = { topic: query.topic, letters: letterCount, signal, ...telling };
    const produced = await recorded(recording, (listener) =>
      produce(
        new ReplaySink((topic) => targets.sink(topic), store),
        keepsRequests ? keeping(records, requests) : records,
        { ratePerSecond, maxBatchBytes: targets.smallestMaxMessageBytes() },
        clock,
        signal,
        listener,
      ),
    );
    return { produced, tally, forecast, requests, topics, before };
  }

  async *#lookingAt(letters: AsyncIterable<FoundLetter>): AsyncGenerator<FoundLetter> {
    for await (const letter of letters) {
      this.#lookedAt.add(letter.record);
      yield letter;
    }
  }

  async #records(
    letters: AsyncIterable<FoundLetter>,
    store: PlanningStore,
    forecast: Forecast,
    tally: ReplayTally,
  ): Promise<AsyncGenerator<ReplayRecord>> {
    const { reader, targets } = this.#ports;
    const sources = {
      ...this.#selection,
      clusterId: await reader.clusterId(),
      ...{ store, forecast, origins: new OriginRecords(reader) },
      topicExists: (topic: string) => targets.exists(topic),
      maxMessageBytes: (topic: string) => targets.maxMessageBytes(topic),
    };
    return replayRecords(letters, sources, this.#selection.maxRecords, tally);
  }
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
