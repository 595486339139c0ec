import { auditedEvent } from '../../audit/audited-event.js';
import { runAudit } from '../../audit/run.js';
import type { EventDetails } from '../../ports/store-history.js';
import { lookUp } from '../../issued/look-up.js';
import { userAnswer } from './campaigns/user-answer.js';
import { AuditRuns } from './audit/audit-runs.js';
import type { Console, ConsoleState, LettersWanted, ViewerEvent } from './console.js';
import { ConsoleHistory } from './history/console-history.js';
import { LetterPages } from './letters/letter-pages.js';
import { wholeLetter } from './letters/whole-letter.js';
import { partInTime } from '../../readings/part-reading.js';
import { ReadStore } from '../../readings/read-store.js';
import { ConsoleReplay } from './replay/console-replay.js';
import type { ReplayingPorts } from './replay/one-replay.js';
import { ReadingLoop } from './reading-loop.js';
import { Readings, type ReadingOptions, type ReadingPorts } from './readings.js';
import { eventOf, Viewers } from './viewers.js';
import type { UserAnswer } from './wire/campaigns.js';
import type { Site } from './wire/events.js';
import type { LetterFilterData, WholeLetter } from './wire/letters.js';
import type { ReplayData } from './wire/replay.js';

/** With viewers, what they see is read this often; a state that is asked for is at most so old. */
const EVERY_MS = 1000;
/** What is not read within this is shown when it is; the beat goes on meanwhile. */
const MOST_WAIT_MS = 900;
/** How long a caller of state(), such as a scrape, waits at most. */
const STATE_WAIT_MS = 5000;

export interface ConsolePorts extends ReadingPorts, Pick<ReplayingPorts, 'sinkOf'> {
  /** Remembers an event in the store; never rejects. */
  readonly happened: (details: EventDetails) => Promise<void>;
}

export interface LiveConsoleOptions extends Omit<ReadingOptions, 'group'> {
  readonly site: Site;
  /** Runs an audit now and every so many ms; null: only when a viewer asks for it. */
  readonly auditEveryMs: number | null;
}

/**
 * The console over Kafka and a store. Either may be away, also at the start: then their parts say so, and are read
 * again every second.
 */
export function openConsole(ports: ConsolePorts, options: LiveConsoleOptions): Console {
  return new LiveConsole(ports, options);
}

class LiveConsole implements Console {
  readonly site: Site;
  readonly #ports: ConsolePorts;
  readonly #closed = new AbortController();
  readonly #readStore: ReadStore;
  readonly #readings: Readings;
  readonly #audits: AuditRuns;
  readonly #letterPages: LetterPages;
  readonly #replay: ConsoleReplay;
  readonly #viewers = new Viewers();
  readonly #history = new ConsoleHistory();
  readonly #loop: ReadingLoop;
  #cycling: Promise<void> | null = null;

  constructor(ports: ConsolePorts, options: LiveConsoleOptions) {
    const { site, auditEveryMs, storePlace } = options;
    const { admin, reader, access, clock } = ports;
    const { group } = site;
    this.site = site;
    this.#ports = ports;
    this.#readStore = new ReadStore(access, clock);
    const readingOptions = { ...options, group };
    this.#readings = new Readings(ports, readingOptions, this.#readStore, this.#closed.signal);
    this.#letterPages = new LetterPages({ reader, clock });
    this.#replay = new ConsoleReplay(ports, {
      isAllowed: !site.readOnly,
      group,
      onChange: (data) => this.#viewers.send('replay', data),
    });
    this.#audits = new AuditRuns({
      run: async (onProgress, signal) => {
        const store = await this.#readStore.get();
        const sources = { store, storePath: storePlace.path, admin, reader };
        const startedMs = clock.now();
        const report = await runAudit(sources, { group, couponId: null, onProgress, signal });
        const event = auditedEvent(report, null, Math.round(clock.now() - startedMs));
        if (event !== null) void ports.happened(event);
        return report;
      },
      clock,
      onChange: (data) => this.#viewers.send('audit', data),
    });
    this.#loop = new ReadingLoop(clock, EVERY_MS, () => this.#cycle());
    if (auditEveryMs !== null) void this.#audits.every(auditEveryMs);
  }

  view(send: (event: ViewerEvent) => void): () => void {
    for (const event of this.#known()) send(event);
    const leave = this.#viewers.add(send);
    this.#loop.start();
    return () => {
      leave();
      if (this.#viewers.count === 0) this.#loop.stop();
    };
  }

  async state(): Promise<ConsoleState> {
    const { clock } = this.#ports;
    const over = new AbortController();
    const late = clock.wait(STATE_WAIT_MS, over.signal);
    await Promise.race([this.#readings.refresh(EVERY_MS), late]);
    over.abort();
    if (!this.#loop.isRunning) this.#addPoint();
    const { group, campaigns, letters } = this.#readings;
    return {
      group: partInTime(group, STATE_WAIT_MS),
      campaigns: partInTime(campaigns, STATE_WAIT_MS),
      letters: partInTime(letters, STATE_WAIT_MS),
      audit: this.#audits.data,
      readingMs: this.#readings.tookMs,
      viewers: this.#viewers.count,
    };
  }

  letters(wanted: LettersWanted, signal: AbortSignal) {
    return this.#letterPages.page(wanted, signal);
  }

  letter(partition: number, offset: bigint): Promise<WholeLetter> {
    const { reader } = this.#ports;
    return wholeLetter({ reader, readStore: () => this.#readStore.get() }, { partition, offset });
  }

  async user(couponId: number, userId: number, signal: AbortSignal): Promise<UserAnswer> {
    const { reader, clock } = this.#ports;
    const ports = { store: await this.#readStore.get(), reader, now: clock.now };
    const { group } = this.site;
    return userAnswer(await lookUp(ports, { couponId, userId, group, signal }));
  }

  startAudit(): void {
    this.#audits.start();
  }

  planReplay(filter: LetterFilterData): Promise<ReplayData> {
    return this.#replay.plan(filter);
  }

  confirmReplay(id: string): ReplayData {
    return this.#replay.confirm(id);
  }

  cancelReplay(id: string): ReplayData {
    return this.#replay.cancel(id);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#loop.stop();
    this.#audits.close();
    await this.#replay.close();
    await this.#readStore.drop();
  }

  /** One reading at a time, also where the loop was stopped and started meanwhile. */
  #cycle(): Promise<void> {
    this.#cycling ??= this.#readOnce().finally(() => {
      this.#cycling = null;
    });
    return this.#cycling;
  }

  async #readOnce(): Promise<void> {
    const { group, campaigns, letters, advice } = this.#readings;
    const over = new AbortController();
    const late = this.#ports.clock.wait(MOST_WAIT_MS, over.signal);
    void this.#readings.refreshAdvice();
    await Promise.race([this.#readings.refresh(0), late]);
    over.abort();
    this.#viewers.sendPart('group', group.part);
    this.#viewers.sendPart('campaigns', campaigns.part);
    this.#viewers.sendPart('letters', letters.part);
    this.#viewers.sendPart('advice', advice.part);
    this.#addPoint();
    this.#beat();
  }

  #addPoint(): void {
    const point = this.#readings.takePoint(this.#ports.clock.now());
    if (point === null) return;
    for (const each of this.#history.add(point)) this.#viewers.send('point', each);
  }

  #beat(): void {
    const { group, campaigns, letters, advice } = this.#readings;
    this.#viewers.send('beat', {
      atMs: this.#ports.clock.now(),
      asOfMs: {
        group: group.part.asOfMs,
        campaigns: campaigns.part.asOfMs,
        letters: letters.part.asOfMs,
        advice: advice.part.asOfMs,
      },
    });
  }

  #known(): readonly ViewerEvent[] {
    const { group, campaigns, letters, advice } = this.#readings;
    return [
      eventOf('site', this.site),
      eventOf('history', this.#history.columns()),
      eventOf('group', group.part),
      eventOf('campaigns', campaigns.part),
      eventOf('letters', letters.part),
      eventOf('advice', advice.part),
      eventOf('audit', this.#audits.data),
      eventOf('replay', this.#replay.data),
    ];
  }
}
