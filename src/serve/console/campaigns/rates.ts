import type { CampaignData } from '../wire/campaigns.js';

const OVER_MS = 10_000;
/** A rate over a longer pause between two readings would say nothing of now. */
const LONGEST_PAUSE_MS = 60_000;

/** What is counted of a campaign; `outcomes`: null while not all rows are counted. */
export interface Counted {
  readonly issued: number;
  readonly outcomes: number | null;
}

interface Look {
  readonly atMs: number;
  readonly counted: ReadonlyMap<number, Counted>;
}

type Rates = Pick<CampaignData, 'issuedPerSecond' | 'outcomesPerSecond'>;

/** How quickly campaigns' counts grow, over the last 10 s. */
export class CampaignRates {
  #looks: readonly Look[] = [];

  add(atMs: number, counted: ReadonlyMap<number, Counted>): void {
    // Where the clock was set back, it is not known how long ago the looks before were.
    const before = this.#looks.filter((look) => look.atMs <= atMs);
    const looks = [...before, { atMs, counted }];
    // One that is older than 10 s is needed where the next one is younger.
    const first = looks.findLastIndex((look) => atMs - look.atMs >= OVER_MS);
    this.#looks = looks
      .slice(Math.max(first, 0))
      .filter((look) => atMs - look.atMs <= LONGEST_PAUSE_MS);
  }

  /** Nothing that was counted before compares with what will be. */
  restart(): void {
    this.#looks = [];
  }

  /** Null where it was looked at once only. */
  of(couponId: number): Rates {
    const last = this.#looks.at(-1);
    const now = last?.counted.get(couponId);
    const first = this.#looks.find(({ counted }) => counted.has(couponId));
    const then = first?.counted.get(couponId);
    if (last === undefined || first === undefined || now === undefined || then === undefined) {
      return { issuedPerSecond: null, outcomesPerSecond: null };
    }
    const spanMs = last.atMs - first.atMs;
    const perSecond = (from: number | null, to: number | null) =>
      from === null || to === null || spanMs <= 0
        ? null
        : // To a tenth: else a rate that stays the same would change with each reading by its milliseconds.
          Math.round((Math.max(to - from, 0) * 10_000) / spanMs) / 10;
    return {
      issuedPerSecond: perSecond(then.issued, now.issued),
      outcomesPerSecond: perSecond(then.outcomes, now.outcomes),
    };
  }
}
