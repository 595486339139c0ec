import { OUTCOMES, zeroOutcomes } from '../../coupon/outcome.js';
import type { Clock } from '../../ports/clock.js';
import { rate } from '../../text/figures.js';
import type { LogFile } from '../../output/log-file.js';
import { isoTime, type Output } from '../../output/output.js';
import { SILENT, liveLine, type LiveLine } from '../../output/spinner.js';
import { describeEvent, type ConsumeEvent } from '../../consume/events.js';
import { fieldsOf } from './event-fields.js';
import { LagQuestion } from './lag-question.js';
import { liveText } from './live-text.js';

export type ProgressStyle = 'auto' | 'json' | 'none';

const TICK_MS = 1000;

/** What of Services is needed here. */
export interface ProgressServices {
  readonly output: Output;
  readonly clock: Clock;
}

type AppliedEvent = Extract<ConsumeEvent, { kind: 'applied' }>;

/** What a person sees of a running consumer: the log file, the live line, JSON lines, warnings. */
export class ConsumeProgress {
  readonly #outcomes = zeroOutcomes();
  /** Applied since the last tick, by partition: a line each in the log and not one a record. */
  readonly #unlogged = new Map<number, AppliedEvent>();
  /** What does not work now. */
  readonly #outages = new Set<string>();
  readonly #lag: LagQuestion;
  readonly #stopped = new AbortController();
  #records = 0;
  #repeated = 0;
  #retries = 0;
  #recordsAtTick = 0;
  #tickedAtMs: number;

  private constructor(
    private readonly services: ProgressServices,
    private readonly style: ProgressStyle,
    private readonly log: LogFile,
    private readonly live: LiveLine,
    askLag: () => Promise<bigint>,
  ) {
    this.#tickedAtMs = services.clock.now();
    this.#lag = new LagQuestion(askLag, services.clock);
    void this.#tickUntilStopped();
  }

  static async start(
    services: ProgressServices,
    style: ProgressStyle,
    log: LogFile,
    askLag: () => Promise<bigint>,
  ): Promise<ConsumeProgress> {
    const isLive = style === 'auto' && !log.isOnStderr;
    const live = isLive ? await liveLine(services.output, 'joining the group') : null;
    return new ConsumeProgress(services, style, log, live ?? SILENT, askLag);
  }

  on(event: ConsumeEvent): void {
    if (event.kind === 'applied') {
      this.#count(event);
      return;
    }
    if (event.kind === 'retry') this.#retries += 1;
    if (event.kind === 'outage') this.#outages.add(event.what);
    if (event.kind === 'recovered') this.#outages.delete(event.what);
    const line = describeEvent(event);
    if (LOGGED_AS_WARNING.has(event.kind)) this.log.warn(line, fieldsOf(event));
    else this.log.info(line, fieldsOf(event));
    if (!this.log.isOnStderr) this.#tell(event, line);
  }

  #tell(event: ConsumeEvent, line: string): void {
    const { output } = this.services;
    if (SHOWN_AS_WARNING.has(event.kind)) output.warn(line);
    // The warning before it was shown, also with --quiet.
    else if (event.kind === 'recovered') output.talk(line);
    else output.detail(line);
  }

  /** Nothing is shown from now on, also where a tick waits for the lag at this moment. */
  stop(): void {
    this.#stopped.abort();
    this.live.stop();
    this.#writeApplied();
  }

  #count(event: AppliedEvent): void {
    this.#records += event.records;
    this.#repeated += event.repeated;
    for (const outcome of OUTCOMES) this.#outcomes[outcome] += event.outcomes[outcome] ?? 0;
    const before = this.#unlogged.get(event.partition);
    this.#unlogged.set(event.partition, before === undefined ? event : joined(before, event));
  }

  /** One tick at a time: each waits for the one before it. */
  async #tickUntilStopped(): Promise<void> {
    const { clock, output } = this.services;
    const isDrawn = this.style === 'auto' && output.isLive && !this.log.isOnStderr;
    const isShown = this.style === 'json' || isDrawn;
    const { signal } = this.#stopped;
    for (let tookMs = 0; ;) {
      await clock.wait(Math.max(0, TICK_MS - tookMs), signal);
      if (signal.aborted) return;
      const startedMs = clock.now();
      this.#writeApplied();
      if (isShown) this.#show(await this.#lag.lag());
      tookMs = clock.now() - startedMs;
    }
  }

  #show(lag: bigint | null): void {
    if (this.#stopped.signal.aborted) return;
    const now = this.services.clock.now();
    const perSecond = rate(this.#records - this.#recordsAtTick, now - this.#tickedAtMs);
    this.#recordsAtTick = this.#records;
    this.#tickedAtMs = now;
    const known = lag === null ? null : Number(lag);
    const [records, outcomes, outages] = [this.#records, this.#outcomes, [...this.#outages]];
    if (this.style === 'json') {
      this.services.output.jsonLine({
        at: isoTime(now),
        ...{ records, perSecond: Math.round(perSecond), outcomes },
        ...{ repeated: this.#repeated, retries: this.#retries, outages, lag: known },
      });
      return;
    }
    this.live.update(
      liveText({
        records,
        perSecond,
        lag: known,
        outcomes,
        repeated: this.#repeated,
        retries: this.#retries,
        outages,
      }),
    );
  }

  #writeApplied(): void {
    for (const event of this.#unlogged.values()) {
      this.log.info(describeEvent(event), fieldsOf(event));
    }
    this.#unlogged.clear();
  }
}

const LOGGED_AS_WARNING: ReadonlySet<ConsumeEvent['kind']> = new Set([
  'retry',
  'dead-letter',
  'outage',
  'records-lost',
  'transaction-open',
  'fenced',
]);

const SHOWN_AS_WARNING: ReadonlySet<ConsumeEvent['kind']> = new Set([
  'outage',
  'records-lost',
  'transaction-open',
]);

function joined(before: AppliedEvent, event: AppliedEvent): AppliedEvent {
  const outcomes = { ...before.outcomes };
  for (const outcome of OUTCOMES) {
    const records = event.outcomes[outcome] ?? 0;
    if (records > 0) outcomes[outcome] = (outcomes[outcome] ?? 0) + records;
  }
  return {
    ...before,
    nextOffset: event.nextOffset,
    records: before.records + event.records,
    repeated: before.repeated + event.repeated,
    outcomes,
  };
}
