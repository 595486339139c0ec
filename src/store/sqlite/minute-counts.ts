import type { Outcome } from '../../coupon/outcome.js';
import { codeOf } from '../outcome-code.js';
import { NO_CAMPAIGN, NO_REASON } from '../outcome-minute.js';

/** Rows of one transaction that have these in common. */
export interface MinuteCount {
  readonly logId: number;
  readonly couponId: number;
  readonly outcome: number;
  readonly reasonCode: string;
  rows: number;
}

/** Counts the rows that one transaction adds, for their minute. */
export class MinuteCounts {
  /** By log, campaign, and outcome with its reason: without a key to put together for each row. */
  readonly #counts = new Map<number, Map<number, Map<string, MinuteCount>>>();

  /** One more row. `couponId`: null where no campaign has it; `reasonCode`: null unless it was dead-lettered. */
  add(logId: number, couponId: number | null, outcome: Outcome, reasonCode: string | null): void {
    const ofLog = entryOf(this.#counts, logId, () => new Map<number, Map<string, MinuteCount>>());
    const campaign = couponId ?? NO_CAMPAIGN;
    const ofCampaign = entryOf(ofLog, campaign, () => new Map<string, MinuteCount>());
    const what = reasonCode === null ? outcome : `${outcome} ${reasonCode}`;
    const count = entryOf(ofCampaign, what, () => ({
      logId,
      couponId: campaign,
      outcome: codeOf(outcome),
      reasonCode: reasonCode ?? NO_REASON,
      rows: 0,
    }));
    count.rows += 1;
  }

  all(): readonly MinuteCount[] {
    return [...this.#counts.values()].flatMap((ofLog) =>
      [...ofLog.values()].flatMap((ofCampaign) => [...ofCampaign.values()]),
    );
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
