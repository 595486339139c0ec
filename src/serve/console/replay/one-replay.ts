import { randomUUID } from 'node:crypto';
import { zeroOutcomes } from '../../../coupon/outcome.js';
import { DLQ_TOPIC } from '../../../coupon/topics.js';
import { assertPartition } from '../../../dead-letters/find-letter.js';
import { ReplayRun, type SentReplay } from '../../../dead-letters/replay/run.js';
import { Targets } from '../../../dead-letters/replay/targets.js';
import { failureOf, mayPass } from '../../../errors.js';
import type { Clock } from '../../../ports/clock.js';
import type { ClusterAdmin } from '../../../ports/cluster-admin.js';
import type { CouponStore } from '../../../ports/coupon-store.js';
import type { LogReader } from '../../../ports/log.js';
import type { RecordSink } from '../../../ports/record-sink.js';
import type { EventDetails } from '../../../ports/store-history.js';
import type { StoreAccess, StoreMode } from '../../../ports/store-access.js';
import { sendFailure } from '../../../produce/send-failure.js';
import { letterFilterOf } from '../letters/letter-filter.js';
import type { LetterFilterData } from '../wire/letters.js';
import type { ReplayData } from '../wire/replay.js';
import { Decisions } from './decisions.js';
import { lettersInTurns } from './planned-letters.js';
import { replayPlanOf } from './replay-plan.js';

/** A plan that is confirmed later is no longer what the user looked at. */
const PLAN_MS = 10 * 60_000;
/** A group without members decides nothing: the terminal can say later what became of the requests. */
const DECIDING_MS = 5 * 60_000;
const DECIDING_LOOK_MS = 1000;
/** How often viewers are told how far it is. */
const PROGRESS_MS = 500;

export interface ReplayingPorts {
  readonly reader: Pick<LogReader, 'clusterId' | 'bounds' | 'read' | 'recordAt'>;
  readonly admin: Pick<ClusterAdmin, 'listTopics' | 'maxMessageBytes'>;
  /** Opened to write only while letters are sent. */
  readonly access: Pick<StoreAccess, 'open'>;
  /** Sends to a topic; closed after each replay. */
  readonly sinkOf: (topic: string) => Promise<RecordSink>;
  readonly clock: Clock;
  /** Writes an event into the store's history. Never rejects. */
  readonly happened: (details: EventDetails) => Promise<void>;
}

/** One replay, from its plan to what became of it. What fails ends it, and stands in its data. */
export class OneReplay {
  readonly #ports: ReplayingPorts;
  readonly #group: string;
  readonly #onChange: (replay: OneReplay) => void;
  readonly #stop = new AbortController();
  readonly #targets: Targets;
  #run: ReplayRun | null = null;
  #data: ReplayData;
  #toldAtMs = -Infinity;

  constructor(
    ports: ReplayingPorts,
    group: string,
    filter: LetterFilterData,
    onChange: (replay: OneReplay) => void,
  ) {
    const { admin, sinkOf, clock } = ports;
    this.#ports = ports;
    this.#group = group;
    this.#onChange = onChange;
    this.#targets = new Targets({
      listTopics: () => admin.listTopics(),
      maxMessageBytes: (topic) => admin.maxMessageBytes(topic),
      sinkOf,
    });
    this.#data = {
      id: randomUUID(),
      filter,
      phase: 'planning',
      looked: 0,
      plan: null,
      replayed: 0,
      outcomes: null,
      failure: null,
      startedAtMs: clock.now(),
      endedAtMs: null,
    };
  }

  get data(): ReplayData {
    return this.#data;
  }

  /** Looks at the letters, and waits to be confirmed then. */
  async plan(): Promise<void> {
    try {
      await this.#withStore('read-only', async (store) => {
        const run = await this.#runOfNow();
        const survey = await run.survey(store, lettersInTurns(this.#stop.signal, this.#looked));
        const clusterId = await this.#ports.reader.clusterId();
        this.#run = run;
        const plan = replayPlanOf(survey, clusterId, this.#ports.clock.now());
        this.#change({ phase: 'planned', plan });
      });
      void this.#expire();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Sends what was planned, and waits for what the group decides. */
  async send(): Promise<void> {
    this.#change({ phase: 'sending' });
    try {
      const sent = await this.#withStore('read-write', (store) => this.#sendTo(store)).finally(() =>
        this.#targets.close(),
      );
      if (sent !== null) await this.#decide(sent);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Sending ends after the present batch, and what was sent is not waited for any longer. */
  cancel(): void {
    const { phase } = this.#data;
    if (phase === 'planning' || phase === 'planned') this.#end({ phase: 'cancelled' });
    this.#stop.abort();
  }

  /** Fixes which letters it is about: those that are there now. */
  async #runOfNow(): Promise<ReplayRun> {
    const { reader, clock } = this.#ports;
    const { filter } = this.#data;
    const bounds = await reader.bounds(DLQ_TOPIC);
    if (filter.partition !== undefined) assertPartition(filter.partition, bounds);
    const query = {
      ...{ topic: DLQ_TOPIC, bounds, newestFirst: false },
      filter: letterFilterOf(filter),
    };
    const choices = { again: false, includesRejected: false, allowedTopics: [] };
    const selection = { query, maxRecords: Infinity, group: this.#group, ...choices };
    return new ReplayRun({ reader, targets: this.#targets, clock }, selection);
  }

  readonly #looked = (): void => {
    this.#progress({ looked: this.#data.looked + 1 });
  };

  async #expire(): Promise<void> {
    await this.#ports.clock.wait(PLAN_MS, this.#stop.signal);
    if (this.#data.phase !== 'planned') return;
    const failure = {
      code: 'PLAN_EXPIRED',
      message: 'The plan was not confirmed within 10 minutes, so nothing was sent.',
      hint: 'Plan the replay again.',
    };
    this.#end({ phase: 'cancelled', failure });
  }

  /** Null where it ended before all of it was sent. */
  async #sendTo(store: CouponStore): Promise<SentReplay | null> {
    const { signal } = this.#stop;
    const run = this.#run;
    if (run === null) throw new RangeError('a replay is sent that was not planned');
    const sent = await run.send(store, {
      ratePerSecond: null,
      signal,
      listener: {
        onProgress: ({ acknowledged }) => {
          this.#progress({ replayed: acknowledged });
        },
      },
      happened: this.#ports.happened,
      keepsRequests: true,
      scan: lettersInTurns(signal, () => undefined),
    });
    const { acknowledged, error } = sent.produced;
    this.#change({ replayed: acknowledged });
    if (error === null && !signal.aborted) return sent;
    this.#fail(error === null ? null : sendFailure(error));
    return null;
  }

  async #decide(sent: SentReplay): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#stop;
    const decisions = new Decisions(this.#ports, sent, this.#group);
    const deadlineMs = clock.now() + DECIDING_MS;
    const outcomes = { outcomes: zeroOutcomes(), pending: sent.requests.length };
    this.#change({ phase: 'deciding', outcomes });
    try {
      while (!signal.aborted && clock.now() < deadlineMs && !(await this.#isDecided(decisions))) {
        await clock.wait(DECIDING_LOOK_MS, signal);
      }
    } finally {
      await decisions.close();
    }
    this.#end({ phase: 'done' });
  }

  /** Whether there is nothing more to wait for. */
  async #isDecided(decisions: Decisions): Promise<boolean> {
    try {
      const isOver = await decisions.look();
      this.#change({ outcomes: decisions.sofar(), failure: null });
      return isOver;
    } catch (error) {
      const outcomes = decisions.sofar() ?? this.#data.outcomes;
      this.#change({ outcomes, failure: failureOf(error) });
      return !mayPass(error);
    }
  }

  async #withStore<T>(mode: StoreMode, work: (store: CouponStore) => Promise<T>): Promise<T> {
    const store = await this.#ports.access.open(mode);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** Of a replay that was cancelled, what fails fails for that alone. */
  #fail(error: unknown): void {
    if (this.#stop.signal.aborted) this.#end({ phase: 'cancelled' });
    else this.#end({ phase: 'failed', failure: failureOf(error) });
  }

  #end(changes: Partial<ReplayData>): void {
    this.#change({ ...changes, endedAtMs: this.#ports.clock.now() });
    this.#stop.abort();
  }

  #progress(changes: Partial<ReplayData>): void {
    if (this.#ports.clock.now() - this.#toldAtMs >= PROGRESS_MS) this.#change(changes);
    else this.#data = { ...this.#data, ...changes };
  }

  /** Nothing changes any more once it has ended. */
  #change(changes: Partial<ReplayData>): void {
    if (this.#data.endedAtMs !== null) return;
    this.#data = { ...this.#data, ...changes };
    this.#toldAtMs = this.#ports.clock.now();
    this.#onChange(this);
  }
}
