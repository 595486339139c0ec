import type { Campaign } from '../../coupon/campaign.js';
import type { Expected, Forecast } from './forecast.js';
import type { CampaignCount, ReplayTally } from './tally.js';

/**
 * What to do before a replay, so that letters that are left out can be issued. `letters`: how many. The words are in
 * src/words/en/replay-steps.ts.
 */
export type ReplayStep =
  | {
      /** The stock is only gone if all that waits ahead takes of it: once it is decided, the plan is exact. */
      readonly code: 'WAIT_FOR_GROUP';
      readonly group: string;
      readonly couponId: number;
      readonly letters: number;
      readonly stockLeft: number;
      readonly waitingAhead: number;
    }
  | {
      readonly code: 'RAISE_STOCK';
      readonly couponId: number;
      readonly letters: number;
      readonly stockLeft: number;
      /** The new total that is enough for what waits ahead and for all letters. */
      readonly totalQuantity: number;
    }
  | { readonly code: 'ACTIVATE'; readonly couponId: number; readonly letters: number }
  | {
      readonly code: 'EXTEND_WINDOW';
      readonly couponId: number;
      readonly letters: number;
      readonly validUntilMs: number;
      /** A later end of the window, to begin with: an hour from now. */
      readonly laterMs: number;
    }
  | {
      readonly code: 'WAIT_FOR_START';
      readonly couponId: number;
      readonly letters: number;
      readonly validFromMs: number;
    }
  | { readonly code: 'CREATE_CAMPAIGN'; readonly couponId: number; readonly letters: number };

type Foreseen = Pick<Forecast, 'stand' | 'group'>;

const MINUTE_MS = 60_000;
const EXTENSION_MS = 60 * MINUTE_MS;

/** Those that concern most letters come first. */
export function firstSteps(
  { campaigns }: Pick<ReplayTally, 'campaigns'>,
  forecast: Foreseen,
  nowMs: number,
): readonly ReplayStep[] {
  return [...campaigns.values()]
    .flatMap((count) => stepsFor(count, forecast, nowMs))
    .sort((a, b) => b.letters - a.letters);
}

function stepsFor(
  { couponId, expected, excluded }: CampaignCount,
  forecast: Foreseen,
  nowMs: number,
): readonly ReplayStep[] {
  if (couponId === null) return [];
  const stand = forecast.stand(couponId);
  const left = (outcome: Expected) => excluded.get(outcome) ?? 0;
  if (stand === null)
    return some({ code: 'CREATE_CAMPAIGN', couponId, letters: left('NOT_FOUND') });
  const { campaign, stockLeft, waitingAhead } = stand;
  const soldOut = { couponId, letters: left('SOLD_OUT'), stockLeft };
  const totalQuantity =
    campaign.issuedQuantity + waitingAhead + (expected.get('ISSUED') ?? 0) + soldOut.letters;
  return [
    ...(stockLeft > 0 && waitingAhead > 0
      ? some({ code: 'WAIT_FOR_GROUP', group: forecast.group, ...soldOut, waitingAhead })
      : []),
    ...some({ code: 'RAISE_STOCK', ...soldOut, totalQuantity }),
    ...some({ code: 'ACTIVATE', couponId, letters: left('INACTIVE') }),
    ...outsideWindow(campaign, left, nowMs),
  ];
}

function outsideWindow(
  { couponId, validFromMs, validUntilMs }: Campaign,
  left: (outcome: Expected) => number,
  nowMs: number,
): readonly ReplayStep[] {
  return [
    ...(validUntilMs === null
      ? []
      : some({
          ...{ code: 'EXTEND_WINDOW', couponId, letters: left('EXPIRED'), validUntilMs },
          laterMs: Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS + EXTENSION_MS,
        })),
    ...(validFromMs === null
      ? []
      : some({ code: 'WAIT_FOR_START', couponId, letters: left('NOT_STARTED'), validFromMs })),
  ];
}

function some(step: ReplayStep): readonly ReplayStep[] {
  return step.letters > 0 ? [step] : [];
}
