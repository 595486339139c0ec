import type { Clock } from '../../ports/clock.js';
import type { CouponStore, RequestIdentity } from '../../ports/coupon-store.js';
import type { LogReader } from '../../ports/log.js';
import { produce, type ProduceListener, type ProduceResult } from '../../produce/produce.js';
import { scanLetters, type FoundLetter, type LetterQuery } from '../scan.js';
import { LookedAt } from './looked-at.js';
import { OriginRecords } from './origin-records.js';
import { endOffsets, type SentRange } from './outcomes.js';
import type { ReplayRecord } from './plan.js';
import { replayRecords, ReplaySink, ReplayTally } from './replay.js';
import type { Targets } from './targets.js';

export interface ReplayPorts {
  readonly reader: Pick<LogReader, 'clusterId' | 'bounds' | 'read' | 'recordAt'>;
  readonly targets: Targets;
  readonly clock: Clock;
}

/** Which letters a replay is about: fixed, so that those which were looked at are those which are sent. */
export interface ReplaySelection {
  readonly query: LetterQuery;
  /** At most so many are sent. */
  readonly maxRecords: number;
  /** Also those that were replayed before, or too often. */
  readonly again: boolean;
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
  /** To look up what became of them; takes memory for each. */
  readonly keepsRequests: boolean;
  readonly scan?: LetterScan;
}

export interface SentReplay {
  readonly produced: ProduceResult;
  readonly tally: ReplayTally;
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

  constructor(ports: ReplayPorts, selection: ReplaySelection) {
    this.#ports = ports;
    this.#selection = selection;
  }

  /** What `send` would send, and why not the others. Changes nothing. */
  async survey(
    store: Pick<CouponStore, 'wasReplayed'>,
    scan: LetterScan = scanLetters,
  ): Promise<ReplayTally> {
    const tally = new ReplayTally();
    const letters = this.#lookingAt(scan(this.#ports.reader, this.#selection.query));
    const records = await this.#planned(letters, store, tally);
    while ((await records.next()).done !== true);
    return tally;
  }

  /** To be called after `survey`. Throws CliError LETTERS_REPLACED, and what reading throws. */
  async send(
    store: Pick<CouponStore, 'wasReplayed' | 'rememberReplayed'>,
    { ratePerSecond, signal, listener, keepsRequests, scan = scanLetters }: SendingOptions,
  ): Promise<SentReplay> {
    const { reader, targets, clock } = this.#ports;
    const { query } = this.#selection;
    const bounds = await this.#lookedAt.remaining(reader, query.topic, query.bounds);
    const topics = targets.found();
    const before = await endOffsets(reader, topics);
    const tally = new ReplayTally();
    const requests: RequestIdentity[] = [];
    const planned = await this.#planned(scan(reader, { ...query, bounds }), store, tally);
    const produced = await produce(
      new ReplaySink((topic) => targets.sink(topic), store),
      keepsRequests ? keeping(planned, requests) : planned,
      { ratePerSecond, maxBatchBytes: targets.smallestMaxMessageBytes() },
      clock,
      signal,
      listener,
    );
    return { produced, tally, requests, topics, before };
  }

  async *#lookingAt(letters: AsyncIterable<FoundLetter>): AsyncGenerator<FoundLetter> {
    for await (const letter of letters) {
      this.#lookedAt.add(letter.record);
      yield letter;
    }
  }

  async #planned(
    letters: AsyncIterable<FoundLetter>,
    store: Pick<CouponStore, 'wasReplayed'>,
    tally: ReplayTally,
  ): Promise<AsyncGenerator<ReplayRecord>> {
    const { reader, targets } = this.#ports;
    const { maxRecords, again } = this.#selection;
    const sources = {
      clusterId: await reader.clusterId(),
      store,
      origins: new OriginRecords(reader),
      maxMessageBytes: (topic: string) => targets.maxMessageBytes(topic),
      again,
    };
    return replayRecords(letters, sources, maxRecords, tally);
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
