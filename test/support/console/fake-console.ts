/**
 * A console with scripted data, in place of the one that reads Kafka and a store: for the server's tests and for the
 * page's. Nothing happens by itself: a test changes parts, and moves time with tick().
 */
import { CliError } from '../../../src/errors.js';
import type {
  Console,
  ConsoleState,
  LettersWanted,
  ViewerEvent,
} from '../../../src/serve/console/console.js';
import type { AuditData } from '../../../src/serve/console/wire/audit.js';
import type { UserAnswer } from '../../../src/serve/console/wire/campaigns.js';
import type {
  ConsoleEventName,
  ConsoleEvents,
  Site,
} from '../../../src/serve/console/wire/events.js';
import type { HistoryPoint } from '../../../src/serve/console/wire/history.js';
import type {
  LetterFilterData,
  LetterPage,
  WholeLetter,
} from '../../../src/serve/console/wire/letters.js';
import type { Failure, Part } from '../../../src/serve/console/wire/part.js';
import type { ReplayData } from '../../../src/serve/console/wire/replay.js';
import { zeroOutcomes } from '../../../src/coupon/outcome.js';
import { lettersData, matches, rowOf, scriptedLetters, type Letters } from './letters.js';
import { planOf } from './replay-plan.js';
import { adviceData, auditData, campaignsData, groupData, NOW_MS } from './sale.js';
import { columnsOf, SaleClock, SITE } from './sale.js';

/** Those events whose data is read by itself. */
type PartName = 'group' | 'campaigns' | 'letters' | 'advice';
type DataOf<Name extends PartName> = NonNullable<ConsoleEvents[Name]['data']>;

/** What a console starts with; what is left out is the sale in progress. */
export interface Scenario {
  readonly site?: Partial<Site>;
  readonly group?: Part<DataOf<'group'>>;
  readonly campaigns?: Part<DataOf<'campaigns'>>;
  readonly advice?: Part<DataOf<'advice'>>;
  readonly audit?: AuditData;
  /** Oldest first. */
  readonly points?: readonly HistoryPoint[];
  /** `letters` counts these. */
  readonly letters?: Letters;
  readonly users?: (couponId: number, userId: number) => UserAnswer;
}

/** Read just now. */
export function read<Data>(data: Data, asOfMs: number = NOW_MS): Part<Data> {
  return { asOfMs, data, failure: null };
}

/** What a console knows of, besides its history. */
type Known = Pick<ConsoleEvents, PartName | 'audit' | 'replay'>;

/** An hour. */
const MOST_POINTS = 3600;

/** How many are sent a tick. */
const REPLAYED_A_TICK = 10;

export class FakeConsole implements Console {
  readonly site: Site;
  nowMs = NOW_MS;
  readonly #clock = new SaleClock();
  #letters: Letters;
  #users: (couponId: number, userId: number) => UserAnswer;
  #points: HistoryPoint[];
  #known: Known;
  #viewers = new Set<(event: ViewerEvent) => void>();
  #replays = 0;

  constructor(scenario: Scenario = {}) {
    this.site = { ...SITE, ...scenario.site };
    this.#letters = scenario.letters ?? scriptedLetters(34);
    this.#users = scenario.users ?? usualAnswer;
    const points = this.#clock.lastMinutes();
    this.#points = [...(scenario.points ?? points)];
    this.#known = {
      group: scenario.group ?? read(groupData()),
      campaigns: scenario.campaigns ?? read(campaignsData()),
      letters: read(lettersData(this.#letters)),
      advice: scenario.advice ?? read(adviceData()),
      audit: scenario.audit ?? auditData(),
      replay: null,
    };
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** What a viewer that comes now is told first, besides the history. */
  get known(): Known {
    return this.#known;
  }

  /** Sends one event. */
  send<Name extends ConsoleEventName>(name: Name, data: ConsoleEvents[Name]): void {
    if (name in this.#known) this.#known = { ...this.#known, [name]: data };
    const event = eventOf(name, data);
    for (const viewer of this.#viewers) viewer(event);
  }

  /** A reading that succeeded, with these changes. */
  set<Name extends PartName>(name: Name, changes: Partial<DataOf<Name>>): void {
    const { data } = this.#known[name];
    this.send(name, read({ ...data, ...changes }, this.nowMs) as ConsoleEvents[Name]);
  }

  /** A reading that failed: what the last one read stays. */
  fail(name: PartName, failure: Failure): void {
    this.send(name, { ...this.#known[name], failure });
  }

  /** Other dead letters, counted. */
  setLetters(letters: Letters): void {
    this.#letters = letters;
    this.send('letters', read(lettersData(letters), this.nowMs));
  }

  /** A second passes: every part is read again, there is one more point, and what runs goes on. */
  tick(): void {
    this.nowMs += 1000;
    this.addPoint(this.#clock.next());
    for (const name of ['group', 'campaigns', 'letters', 'advice'] as const) {
      const part = this.#known[name];
      if (part.failure === null) this.send(name, { ...part, asOfMs: this.nowMs });
    }
    this.#goOnAuditing();
    this.#goOnReplaying();
    this.send('beat', this.#beat());
  }

  #beat(): ConsoleEvents['beat'] {
    const { group, campaigns, letters, advice } = this.#known;
    return {
      atMs: this.nowMs,
      asOfMs: {
        group: group.asOfMs,
        campaigns: campaigns.asOfMs,
        letters: letters.asOfMs,
        advice: advice.asOfMs,
      },
    };
  }

  addPoint(point: HistoryPoint): void {
    this.#points = [...this.#points.slice(1 - MOST_POINTS), point];
    this.send('point', point);
  }

  view(send: (event: ViewerEvent) => void): () => void {
    const history = columnsOf(this.#points);
    const first = { site: this.site, history, ...this.#known, beat: this.#beat() };
    for (const [name, data] of Object.entries(first)) send(eventOf(name as ConsoleEventName, data));
    this.#viewers.add(send);
    return () => this.#viewers.delete(send);
  }

  state(): Promise<ConsoleState> {
    const { group, campaigns, letters, audit } = this.#known;
    return Promise.resolve({
      ...{ group, campaigns, letters, audit },
      readingMs: 12,
      viewers: this.viewers,
    });
  }

  letters({ filter, before, limit }: LettersWanted): Promise<LetterPage> {
    const found: WholeLetter[] = [];
    const from = before === null ? this.#letters.count : Number(before);
    let index = from;
    while (index > 0 && found.length <= limit) {
      index -= 1;
      const letter = this.#letters.at(index);
      if (matches(letter, filter)) found.push(letter);
    }
    const letters = found.slice(0, limit).map(rowOf);
    const next = found.length > limit ? (letters.at(-1)?.offset ?? null) : null;
    const left = next === null ? 0 : Number(next);
    return Promise.resolve({ letters, next, looked: from - left, left });
  }

  letter(partition: number, offset: bigint): Promise<WholeLetter> {
    if (partition !== 0 || offset < 0n || offset >= BigInt(this.#letters.count)) {
      return Promise.reject(
        new CliError(
          'LETTER_NOT_FOUND',
          `There is no dead letter at ${String(partition)}:${offset.toString()}.`,
          'It may have been purged.',
        ),
      );
    }
    return Promise.resolve(this.#letters.at(Number(offset)));
  }

  user(couponId: number, userId: number): Promise<UserAnswer> {
    return Promise.resolve(this.#users(couponId, userId));
  }

  /** Takes three ticks. */
  startAudit(): void {
    const { audit } = this.#known;
    if (audit.running === null) {
      this.send('audit', { ...audit, running: { sinceMs: this.nowMs, records: 0 } });
    }
  }

  planReplay(filter: LetterFilterData): Promise<ReplayData> {
    if (this.site.readOnly) {
      return Promise.reject(
        new CliError(
          'READ_ONLY',
          'This console is read-only.',
          'Start `coupons serve --allow-replay`, or use `coupons dlq replay`.',
        ),
      );
    }
    this.#replays += 1;
    const replay: ReplayData = {
      id: `replay-${String(this.#replays)}`,
      filter,
      phase: 'planned',
      looked: this.#letters.count,
      plan: planOf(this.#selected(filter), this.#known.campaigns.data?.campaigns ?? []),
      replayed: 0,
      outcomes: null,
      failure: null,
      startedAtMs: this.nowMs,
      endedAtMs: null,
    };
    this.send('replay', replay);
    return Promise.resolve(replay);
  }

  confirmReplay(id: string): ReplayData {
    return this.#changeReplay(id, { phase: 'sending' });
  }

  cancelReplay(id: string): ReplayData {
    return this.#changeReplay(id, { phase: 'cancelled', endedAtMs: this.nowMs });
  }

  close(): Promise<void> {
    this.#viewers.clear();
    return Promise.resolve();
  }

  #selected(filter: LetterFilterData): readonly WholeLetter[] {
    return Array.from({ length: this.#letters.count }, (_, index) =>
      this.#letters.at(index),
    ).filter((letter) => matches(letter, filter));
  }

  #changeReplay(id: string, changes: Partial<ReplayData>): ReplayData {
    const { replay } = this.#known;
    if (replay?.id !== id) {
      throw new CliError(
        'REPLAY_NOT_FOUND',
        `Replay ${id} does not wait to be confirmed.`,
        'Plan it again.',
      );
    }
    const changed = { ...replay, ...changes };
    this.send('replay', changed);
    return changed;
  }

  #goOnAuditing(): void {
    const { audit } = this.#known;
    if (audit.running === null) return;
    const { last } = auditData();
    if (last === null) return;
    const records = audit.running.records + Math.ceil(last.records / 3);
    const isOver = records >= last.records;
    this.send(
      'audit',
      isOver
        ? { running: null, last: { ...last, endedAtMs: this.nowMs }, failure: null }
        : { ...audit, running: { ...audit.running, records } },
    );
  }

  #goOnReplaying(): void {
    const { replay } = this.#known;
    if (replay?.plan == null) return;
    const { replayable } = replay.plan;
    if (replay.phase === 'sending') {
      const replayed = Math.min(replayable, replay.replayed + REPLAYED_A_TICK);
      const decided = { outcomes: zeroOutcomes(), pending: replayable };
      this.send('replay', {
        ...replay,
        replayed,
        ...(replayed < replayable ? {} : { phase: 'deciding', outcomes: decided }),
      });
    } else if (replay.phase === 'deciding') {
      const outcomes = { ...zeroOutcomes(), ISSUED: replayable };
      const decided = { outcomes, pending: 0 };
      this.send('replay', { ...replay, phase: 'done', outcomes: decided, endedAtMs: this.nowMs });
    }
  }
}

/** Even users hold the coupon, odd ones came too late; 0 waits, and beyond 100,000 there was no request. */
function usualAnswer(couponId: number, userId: number): UserAnswer {
  const asked = { couponId, userId, eventId: `event-${String(userId)}`, reason: null, notes: [] };
  const nothing = { outcome: null, sequence: null, issuedAt: null };
  if (userId > 100_000) return { ...asked, ...nothing, eventId: null, status: 'NOT_REQUESTED' };
  if (userId % 10 === 0) return { ...asked, ...nothing, status: 'PENDING' };
  if (userId % 2 === 1) {
    return { ...asked, ...nothing, status: 'FAILED', outcome: 'SOLD_OUT', reason: SOLD_OUT };
  }
  return {
    ...asked,
    status: 'ISSUED',
    outcome: 'ISSUED',
    sequence: userId,
    issuedAt: new Date(NOW_MS - 740_000).toISOString(),
  };
}

const SOLD_OUT = {
  en: '50 of 50 were gone; the last went to user 7044.',
  ko: '50개 가운데 50개가 모두 발급되었습니다. 마지막 쿠폰은 사용자 7044이(가) 받았습니다.',
};

function eventOf(name: ConsoleEventName, data: unknown): ViewerEvent {
  return { name, json: JSON.stringify(data) };
}
