import { isOnSale, type Campaign } from '../../../coupon/campaign.js';

/** A campaign that changed within this time stands among the first. */
const RECENT_MS = 5 * 60_000;

interface Seen {
  readonly version: number;
  readonly issued: number;
  /** All outcomes; null: they were still being counted. */
  readonly rows: number | null;
  /** When the console saw it change; -Infinity: not since it has seen it. */
  readonly changedMs: number;
}

/** When campaigns changed last: their terms, or what was asked of them. */
export class CampaignActivity {
  #seen: ReadonlyMap<number, Seen> = new Map();

  /** `rowsOf`: how many outcomes a campaign has; null while they are still being counted. */
  add(
    nowMs: number,
    campaigns: readonly Campaign[],
    rowsOf: (couponId: number) => number | null,
  ): void {
    this.#seen = new Map(
      campaigns.map(({ couponId, version, issuedQuantity: issued }) => {
        const now = { version, issued, rows: rowsOf(couponId) };
        const before = this.#seen.get(couponId);
        const changedMs = before === undefined ? -Infinity : before.changedMs;
        const hasChanged = before !== undefined && isChange(before, now);
        return [couponId, { ...now, changedMs: hasChanged ? nowMs : changedMs }];
      }),
    );
  }

  /**
   * Those that changed within the last minutes, then those on sale, then the others, the last that changed first.
   * Within the first two by number, so that they do not change places from one second to the next.
   */
  ordered(nowMs: number, campaigns: readonly Campaign[]): readonly Campaign[] {
    const ranked = campaigns.map((campaign) => {
      const changedMs = this.#seen.get(campaign.couponId)?.changedMs ?? -Infinity;
      const isRecent = nowMs - changedMs <= RECENT_MS;
      const rank = isRecent ? 0 : isOnSale(campaign, nowMs) ? 1 : 2;
      return { campaign, rank, changedMs: rank === 2 ? changedMs : 0 };
    });
    return ranked
      .sort(
        (a, b) =>
          a.rank - b.rank ||
          Number(b.changedMs > a.changedMs) - Number(a.changedMs > b.changedMs) ||
          a.campaign.couponId - b.campaign.couponId,
      )
      .map(({ campaign }) => campaign);
  }
}

function isChange(before: Seen, now: Omit<Seen, 'changedMs'>): boolean {
  const hasMoreRows = before.rows !== null && now.rows !== null && now.rows > before.rows;
  return before.version !== now.version || now.issued > before.issued || hasMoreRows;
}
