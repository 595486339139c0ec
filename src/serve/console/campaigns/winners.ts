import type { Campaign } from '../../../coupon/campaign.js';
import type { IssuedCoupon } from '../../../ports/coupon-store.js';
import type { CampaignSequence, StoreFigures } from '../../../ports/store-figures.js';
import type { CampaignData, Winner } from '../wire/campaigns.js';

type Winners = Pick<CampaignData, 'firstWinner' | 'lastWinner' | 'soldOutAtMs'>;

const NONE: Winners = { firstWinner: null, lastWinner: null, soldOutAtMs: null };

/** The first and the last coupon of campaigns, and the one that was the last of their stock: a coupon is asked for once. */
export class CampaignWinners {
  /** By campaign and number; only those that were asked for last. */
  #known: ReadonlyMap<string, Winner> = new Map();

  /** It is another store, or one that was set back. */
  restart(): void {
    this.#known = new Map();
  }

  async read(
    store: Pick<StoreFigures, 'winners'>,
    campaigns: readonly Campaign[],
  ): Promise<ReadonlyMap<number, Winners>> {
    const wanted = new Map(campaigns.flatMap(wantedOf).map((each) => [keyOf(each), each]));
    const missing = [...wanted].filter(([key]) => !this.#known.has(key));
    const found =
      missing.length === 0 ? [] : await store.winners(missing.map(([, sequence]) => sequence));
    const known = new Map([...wanted.keys()].flatMap((key) => this.#entry(key)));
    for (const [index, [key]] of missing.entries()) {
      const coupon = found[index] ?? null;
      if (coupon !== null) known.set(key, winnerOf(coupon));
    }
    this.#known = known;
    return new Map(campaigns.map((campaign) => [campaign.couponId, this.#of(campaign)]));
  }

  #of(campaign: Campaign): Winners {
    const { couponId, issuedQuantity, totalQuantity } = campaign;
    if (issuedQuantity === 0) return NONE;
    const of = (sequence: number) => this.#known.get(keyOf({ couponId, sequence })) ?? null;
    return {
      firstWinner: of(1),
      lastWinner: of(issuedQuantity),
      soldOutAtMs: isSoldOut(campaign) ? (of(totalQuantity)?.issuedAtMs ?? null) : null,
    };
  }

  #entry(key: string): readonly (readonly [string, Winner])[] {
    const winner = this.#known.get(key);
    return winner === undefined ? [] : [[key, winner]];
  }
}

function wantedOf(campaign: Campaign): readonly CampaignSequence[] {
  const { couponId, issuedQuantity, totalQuantity } = campaign;
  if (issuedQuantity === 0) return [];
  const sequences = [1, issuedQuantity, ...(isSoldOut(campaign) ? [totalQuantity] : [])];
  return sequences.map((sequence) => ({ couponId, sequence }));
}

function isSoldOut({ issuedQuantity, totalQuantity }: Campaign): boolean {
  return totalQuantity > 0 && issuedQuantity >= totalQuantity;
}

function keyOf({ couponId, sequence }: CampaignSequence): string {
  return `${String(couponId)} ${String(sequence)}`;
}

function winnerOf({ userId, sequence, issuedAtMs }: IssuedCoupon): Winner {
  return { userId, sequence, issuedAtMs };
}
