import { advise } from '../../../advice/advice.js';
import {
  collectFacts,
  countDeadLetters,
  ownTopics,
  type AdvicePlace,
} from '../../../advice/collect.js';
import type { DeadLetterFacts, SaleFacts } from '../../../advice/facts.js';
import { withRecentLetters } from '../../../lag/recent-letters.js';
import type { Clock } from '../../../ports/clock.js';
import type { ClusterAdmin } from '../../../ports/cluster-admin.js';
import type { StoreStand } from '../../../ports/group-store.js';
import type { RecentLetters } from '../../../ports/lag-sample.js';
import type { LogReader } from '../../../ports/log.js';
import type { GroupReading } from '../group/group-reading.js';
import type { AdviceData } from '../wire/advice.js';
import { adviceData } from './advice-data.js';

/** A shorter observation can't tell a stall from a pause (docs/advise.md). */
export const OBSERVED_AT_LEAST_MS = 10_000;
/** Dead letters are compared with those of about so long ago: as long as the window of the group's lag. */
export const COMPARED_MS = 20_000;

export interface AdviceSources {
  readonly admin: ClusterAdmin;
  readonly reader: LogReader;
  readonly group: Pick<GroupReading, 'observed'>;
  /** Of the store here; null where there is none that can be read. */
  readonly stand: () => Promise<StoreStand | null>;
  /** Of the store here; null likewise. */
  readonly sale: () => Promise<SaleFacts | null>;
  readonly place: AdvicePlace;
  readonly pasted: (command: string) => string;
  readonly clock: Pick<Clock, 'now'>;
}

interface LetterCountAt {
  readonly atMs: number;
  readonly letters: number;
}

/** What `coupons advise` would say, from what the console has seen of the group already. */
export class AdviceReading {
  readonly #sources: AdviceSources;
  #counts: readonly LetterCountAt[] = [];

  constructor(sources: AdviceSources) {
    this.#sources = sources;
  }

  /** Whether the group was observed for long enough. */
  get isDue(): boolean {
    return (this.#sources.group.observed()?.observedMs ?? 0) >= OBSERVED_AT_LEAST_MS;
  }

  /** Null where the group was not observed for long enough. */
  async read(): Promise<AdviceData | null> {
    const { admin, reader, group, stand, sale, place, pasted } = this.#sources;
    const observed = group.observed();
    if (observed === null || observed.observedMs < OBSERVED_AT_LEAST_MS) return null;
    const topics = await ownTopics(admin);
    const { recentLetters } = await withRecentLetters(observed.last, admin, reader);
    const deadLetters = this.#compared(await countDeadLetters(reader, topics), recentLetters);
    const observation = { ...observed, topics, deadLetters, sale: await sale() };
    const facts = await collectFacts(admin, reader, observation, await stand(), place);
    return adviceData(advise(facts), observed.observedMs, pasted);
  }

  #compared(letters: number | null, recent: RecentLetters | null): DeadLetterFacts | null {
    if (letters === null) return null;
    const nowMs = this.#sources.clock.now();
    this.#counts = [
      ...this.#counts.filter(({ atMs }) => nowMs - atMs <= COMPARED_MS),
      { atMs: nowMs, letters },
    ];
    // The page of a letter says whether it was replayed; counting them all is for the command.
    const before = this.#counts[0]?.letters ?? letters;
    return { before, after: letters, replayed: null, recent };
  }
}
