import { zeroOutcomes, type OutcomeCounts } from '../../../coupon/outcome.js';
import type { Campaign } from '../../../coupon/campaign.js';
import type { Clock } from '../../../ports/clock.js';
import type { CouponStore } from '../../../ports/coupon-store.js';
import type { ReadStore } from '../../../readings/read-store.js';
import { MOST_CAMPAIGNS, type CampaignData, type CampaignsData } from '../wire/campaigns.js';
import { CampaignActivity } from './activity.js';
import { issuedAfter, type IssuedAfter } from './issued-after.js';
import { OutcomeSums, sumOf } from './outcome-sums.js';
import { CampaignRates } from './rates.js';
import { CampaignWinners } from './winners.js';

/** What was issued in a longer time than this is not of one point of a chart, and there may be millions of rows. */
const LONGEST_POINT_MS = 5000;

/** Reads the store again and again, at a cost that does not grow with what it holds. */
export class CampaignsReading {
  readonly #readStore: Pick<ReadStore, 'get' | 'drop'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #sums: OutcomeSums;
  readonly #rates = new CampaignRates();
  readonly #winners = new CampaignWinners();
  readonly #activity = new CampaignActivity();
  #store: CouponStore | null = null;
  #storeId: string | null = null;
  #issuedQuantities: ReadonlyMap<number, number> = new Map();
  #readAtMs = -Infinity;
  #issuedAfter: IssuedAfter | null = null;

  constructor(readStore: Pick<ReadStore, 'get' | 'drop'>, clock: Pick<Clock, 'now'>) {
    this.#readStore = readStore;
    this.#clock = clock;
    this.#sums = new OutcomeSums(clock);
  }

  async read(): Promise<CampaignsData> {
    const store = await this.#readStore.get();
    try {
      return await this.#readFrom(store);
    } catch (error) {
      // Opened again, it says what is wrong with it.
      await this.#readStore.drop();
      throw error;
    }
  }

  /** Of the coupons that were issued between the last two readings; null: none, or it was taken already. */
  takeIssuedAfter(): IssuedAfter | null {
    const taken = this.#issuedAfter;
    this.#issuedAfter = null;
    return taken;
  }

  async #readFrom(store: CouponStore): Promise<CampaignsData> {
    await this.#followStore(store);
    const sums = this.#sums;
    const countedTo = sums.settledTo;
    const isNext = sums.isAll && this.#clock.now() - this.#readAtMs <= LONGEST_POINT_MS;
    await sums.catchUp(store);
    this.#issuedAfter = isNext ? await issuedSince(store, countedTo, sums.settledTo) : null;
    // After the outcomes: a coupon that is counted is in its campaign's quantity.
    const campaigns = await store.campaigns();
    this.#followCampaigns(campaigns);
    const nowMs = this.#clock.now();
    const byCampaign = sums.byCampaign();
    const outcomesOf = (id: number) => byCampaign.get(id) ?? zeroOutcomes();
    const rowsOf = (id: number) => (sums.isAll ? sumOf(outcomesOf(id)) : null);
    this.#activity.add(nowMs, campaigns, rowsOf);
    const counted = campaigns.map(
      ({ couponId, issuedQuantity }) =>
        [couponId, { issued: issuedQuantity, outcomes: rowsOf(couponId) }] as const,
    );
    this.#rates.add(nowMs, new Map(counted));
    const shown = this.#activity.ordered(nowMs, campaigns).slice(0, MOST_CAMPAIGNS);
    const winners = await this.#winners.read(store, shown);
    this.#readAtMs = nowMs;
    return {
      campaigns: shown.map((campaign) => ({
        ...termsOf(campaign),
        outcomes: outcomesOf(campaign.couponId),
        ...this.#rates.of(campaign.couponId),
        ...(winners.get(campaign.couponId) ?? NO_WINNERS),
      })),
      omitted: campaigns.length - shown.length,
      outcomes: sums.total(),
      withoutCampaign: sums.withoutCampaign(),
      oversold: campaigns.filter((each) => isOversold(each, outcomesOf(each.couponId))).length,
      counted: sums.isAll ? null : sums.rows,
    };
  }

  /** What was counted is of this store, and it was open all the time: else it may have been set back. */
  async #followStore(store: CouponStore): Promise<void> {
    const { id } = await store.identity();
    if (store !== this.#store || id !== this.#storeId) this.#restart();
    this.#store = store;
    this.#storeId = id;
  }

  #followCampaigns(campaigns: readonly Campaign[]): void {
    const now = new Map(campaigns.map((each) => [each.couponId, each.issuedQuantity]));
    // A quantity never goes back, and a campaign never goes away, but in a store that was set back.
    const wasSetBack = [...this.#issuedQuantities].some(([id, then]) => (now.get(id) ?? -1) < then);
    if (wasSetBack) this.#restart();
    this.#issuedQuantities = now;
    this.#sums.setCampaigns([...now.keys()]);
  }

  #restart(): void {
    this.#sums.restart();
    this.#rates.restart();
    this.#winners.restart();
    this.#issuedQuantities = new Map();
  }
}

/** A percentile of more rows would be the same. */
const SAMPLED_ROWS = 10_000;

/** Of the rows since `fromId`, or of some ten thousand of them, evenly spread. */
async function issuedSince(
  store: CouponStore,
  fromId: number,
  toId: number,
): Promise<IssuedAfter | null> {
  const every = Math.max(1, Math.floor((toId - fromId) / SAMPLED_ROWS));
  return issuedAfter(await store.issuedAfterMs(fromId, every));
}

const NO_WINNERS = { firstWinner: null, lastWinner: null, soldOutAtMs: null };

type Terms = Pick<
  CampaignData,
  | 'couponId'
  | 'name'
  | 'status'
  | 'totalQuantity'
  | 'issuedQuantity'
  | 'validFromMs'
  | 'validUntilMs'
>;

function termsOf(campaign: Campaign): Terms {
  const { couponId, name, status, totalQuantity, issuedQuantity } = campaign;
  const { validFromMs, validUntilMs } = campaign;
  return { couponId, name, status, totalQuantity, issuedQuantity, validFromMs, validUntilMs };
}

function isOversold(campaign: Campaign, outcomes: OutcomeCounts): boolean {
  return Math.max(campaign.issuedQuantity, outcomes.ISSUED) > campaign.totalQuantity;
}
