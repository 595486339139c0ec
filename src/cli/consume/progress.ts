import type { Services } from '../services.js';
import { OUTCOMES, zeroOutcomes } from '../../coupon/outcome.js';
import { count } from '../../text/figures.js';
import type { LogFile } from '../../output/log-file.js';
import { isoTime } from '../../output/output.js';
import { SILENT, liveLine, type LiveLine } from '../../output/spinner.js';
import { describeEvent, type ConsumeEvent } from '../../consume/events.js';

export type ProgressStyle = 'auto' | 'json' | 'none';

const TICK_MS = 1000;

type AppliedEvent = Extract<ConsumeEvent, { kind: 'applied' }>;

/** What a person sees of a running consumer: the log file, the live line, JSON lines, warnings. */
export class ConsumeProgress {
  readonly #outcomes = zeroOutcomes();
  /** Applied since the last tick, by partition: a line each in the log and not one a record. */
  readonly #unlogged = new Map<number, AppliedEvent>();
  #records = 0;
  #recordsAtTick = 0;
  #tickedAtMs: number;
  #lag: bigint | null = null;
  readonly #timer: NodeJS.Timeout;

  private constructor(
    private readonly services: Services,
    private readonly style: ProgressStyle,
    private readonly log: LogFile,
    private readonly live: LiveLine,
    private readonly askLag: () => Promise<bigint>,
  ) {
    this.#tickedAtMs = services.clock.now();
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }

  static async start(
    services: Services,
    style: ProgressStyle,
    log: LogFile,
    askLag: () => Promise<bigint>,
  ): Promise<ConsumeProgress> {
    const live = style === 'auto' ? await liveLine(services.output, 'joining the group') : null;
    return new ConsumeProgress(services, style, log, live ?? SILENT, askLag);
  }

  on(event: ConsumeEvent): void {
    if (event.kind === 'applied') {
      this.#count(event);
      return;
    }
    const line = describeEvent(event);
    const isTrouble = TROUBLE.has(event.kind);
    if (isTrouble) this.log.warn(line);
    else this.log.info(line);
    if (WARNED.has(event.kind)) this.services.output.warn(line);
    else this.services.output.detail(line);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.live.stop();
    this.#writeApplied();
  }

  #count(event: AppliedEvent): void {
    this.#records += event.records;
    for (const outcome of OUTCOMES) this.#outcomes[outcome] += event.outcomes[outcome] ?? 0;
    const before = this.#unlogged.get(event.partition);
    this.#unlogged.set(event.partition, before === undefined ? event : joined(before, event));
  }

  async #tick(): Promise<void> {
    this.#writeApplied();
    if (this.style === 'none' || (this.style === 'auto' && !this.services.output.isLive)) return;
    this.#lag = await this.askLag().catch(() => this.#lag);
    const now = this.services.clock.now();
    const perSecond = ((this.#records - this.#recordsAtTick) / (now - this.#tickedAtMs)) * 1000;
    this.#recordsAtTick = this.#records;
    this.#tickedAtMs = now;
    if (this.style === 'json') {
      const lag = this.#lag === null ? null : Number(this.#lag);
      this.services.output.jsonLine({
        at: isoTime(now),
        records: this.#records,
        perSecond: Math.round(perSecond),
        outcomes: this.#outcomes,
        lag,
      });
      return;
    }
    this.live.update(
      [
        `${count(this.#records)} records`,
        `${count(perSecond)}/s`,
        `issued ${count(this.#outcomes.ISSUED)}`,
        `sold out ${count(this.#outcomes.SOLD_OUT)}`,
        `lag ${this.#lag === null ? '-' : count(Number(this.#lag))}`,
      ].join('  '),
    );
  }

  #writeApplied(): void {
    for (const event of this.#unlogged.values()) this.log.info(describeEvent(event));
    this.#unlogged.clear();
  }
}

const WARNED: ReadonlySet<ConsumeEvent['kind']> = new Set([
  'outage',
  'records-lost',
  'transaction-open',
]);

const TROUBLE: ReadonlySet<ConsumeEvent['kind']> = new Set([
  'retry',
  'dead-letter',
  'outage',
  'records-lost',
  'transaction-open',
  'fenced',
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
