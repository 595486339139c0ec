import { crc32 } from 'node:zlib';
import { stockLeftOf, type Campaign } from '../../coupon/campaign.js';
import { decide } from '../../coupon/decide.js';
import type { Decision } from '../../coupon/outcome.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import type { Clock } from '../../ports/clock.js';
import type { CouponStore, OutcomeRow, RequestIdentity } from '../../ports/coupon-store.js';
import type { LogReader } from '../../ports/log.js';
import { waitingRequests, type WaitingRequests } from './waiting.js';

/** What the group would make of a request that is replayed now; REPEATED: it has its final outcome, which stands. */
export type Expected = Decision | 'REPEATED';

/** A campaign as a replay meets it. */
export interface CampaignStand {
  readonly campaign: Campaign;
  /** Not issued yet. */
  readonly stockLeft: number;
  /** Requests that the group decides before those of a replay: each may take one of the stock. */
  readonly waitingAhead: number;
}

export interface ForecastPorts {
  readonly store: Pick<CouponStore, 'campaigns' | 'positions'>;
  readonly reader: Pick<LogReader, 'clusterId' | 'bounds' | 'read'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a forecast is made from. */
interface Standing {
  readonly campaigns: readonly Campaign[];
  readonly waiting: WaitingRequests;
}

/** By couponId. */
type CampaignStands = ReadonlyMap<number, CampaignStand>;

/**
 * Says what would become of requests that are replayed one behind the other, by the rules of docs/design.md and what the
 * store holds now. What waits ahead of them counts as if it took the stock: a request that is kept back can be
 * replayed later, and one that is sold out never again. Their time in Kafka will be that of the replay, so
 * the validity window is judged by the present time.
 */
export class Forecast {
  readonly #clock: Pick<Clock, 'now'>;
  /** As they stand now; then as they stood when the plan was made. */
  readonly #stands: readonly [CampaignStands, ...CampaignStands[]];
  /** By couponId and userId, who gets one by this replay, and a checksum of the event: no more than the stock that is left. */
  readonly #issued = new Map<number, Map<number, number>>();

  constructor(
    clock: Pick<Clock, 'now'>,
    /** That decides what is replayed. */
    readonly group: string,
    { campaigns, waiting }: Standing,
    planned: Forecast | null = null,
  ) {
    this.#clock = clock;
    const stands = new Map(
      campaigns.map((campaign) => {
        const { couponId } = campaign;
        const waitingAhead = waiting.ahead(couponId);
        return [couponId, { campaign, stockLeft: stockLeftOf(campaign), waitingAhead }];
      }),
    );
    this.#stands = planned === null ? [stands] : [stands, planned.#stands[0]];
  }

  /**
   * By the store's campaigns and what waits for the group as of now. What would not have been issued when the replay was
   * `planned` is not issued now: nothing is sent that was not looked at.
   */
  static async now(
    ports: ForecastPorts,
    group: string,
    planned: Forecast | null = null,
  ): Promise<Forecast> {
    const { store, reader, clock } = ports;
    // In this order: what the group decides in between is counted twice then, never left out.
    const positions = await store.positions(group, REQUEST_TOPIC);
    const campaigns = await store.campaigns();
    const waiting = await waitingRequests(reader, {
      topic: REQUEST_TOPIC,
      clusterId: await reader.clusterId(),
      positions,
      couponIds: new Set(campaigns.map(({ couponId }) => couponId)),
    });
    return new Forecast(clock, group, { campaigns, waiting }, planned);
  }

  /** Null where there is no such campaign. */
  stand(couponId: number): CampaignStand | null {
    return this.#stands[0].get(couponId) ?? null;
  }

  /**
   * Of a request that is sent behind those asked about before; one that is issued takes its coupon. `history`: what
   * became of this user's requests for this coupon.
   */
  expect(
    { eventId, couponId, userId }: RequestIdentity,
    history: readonly Pick<OutcomeRow, 'eventId' | 'outcome'>[],
  ): Expected {
    const isFinal = history.some(
      (row) => row.eventId === eventId && row.outcome !== 'DEAD_LETTERED',
    );
    const issued = this.#issued.get(couponId) ?? new Map<number, number>();
    const event = crc32(eventId);
    if (isFinal || issued.get(userId) === event) return 'REPEATED';
    const holdsCoupon = issued.has(userId) || history.some(({ outcome }) => outcome === 'ISSUED');
    const timestampMs = this.#clock.now();
    const decisions = this.#stands.map((stands) =>
      decide({
        campaign: whenItComes(stands.get(couponId), issued.size),
        holdsCoupon,
        timestampMs,
      }),
    );
    const expected = decisions.find((decision) => decision !== 'ISSUED') ?? 'ISSUED';
    if (expected === 'ISSUED') this.#issued.set(couponId, issued.set(userId, event));
    return expected;
  }
}

/** The campaign after what waits ahead, and after `issuedBefore` requests of this replay. */
function whenItComes(stand: CampaignStand | undefined, issuedBefore: number): Campaign | null {
  if (stand === undefined) return null;
  const { campaign, waitingAhead } = stand;
  return { ...campaign, issuedQuantity: campaign.issuedQuantity + waitingAhead + issuedBefore };
}
