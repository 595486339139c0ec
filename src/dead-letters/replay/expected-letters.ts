import type { Expected, Forecast } from './forecast.js';
import type { ReplayTally } from './tally.js';

/** Letters of one campaign that are expected to get one outcome. */
export interface ExpectedLetters {
  /** Null: of further coupons without a campaign. */
  readonly couponId: number | null;
  /** Null, as `waitingAhead`: there is no such campaign. */
  readonly stockLeft: number | null;
  /** See CampaignStand. */
  readonly waitingAhead: number | null;
  readonly outcome: Expected;
  readonly letters: number;
  /** Of them, those that can be sent. */
  readonly replayable: number;
}

/** By couponId; of each campaign, what can be sent comes first. */
export function expectedLetters(
  { campaigns }: Pick<ReplayTally, 'campaigns'>,
  forecast: Pick<Forecast, 'stand'>,
): readonly ExpectedLetters[] {
  const byCoupon = [...campaigns.values()].sort(
    (a, b) => (a.couponId ?? Infinity) - (b.couponId ?? Infinity),
  );
  return byCoupon.flatMap(({ couponId, expected, excluded }) => {
    const stand = couponId === null ? null : forecast.stand(couponId);
    const { stockLeft = null, waitingAhead = null } = stand ?? {};
    return [...new Set([...expected.keys(), ...excluded.keys()])].map((outcome) => {
      const replayable = expected.get(outcome) ?? 0;
      const letters = replayable + (excluded.get(outcome) ?? 0);
      return { couponId, stockLeft, waitingAhead, outcome, letters, replayable };
    });
  });
}
