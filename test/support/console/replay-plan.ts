/** What the scripted console would replay. */
import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { Forecast } from '../../../src/dead-letters/replay/forecast.js';
import type { LetterPlan } from '../../../src/dead-letters/replay/plan.js';
import { ReplayTally } from '../../../src/dead-letters/replay/tally.js';
import { WaitingRequests } from '../../../src/dead-letters/replay/waiting.js';
import { replayPlanOf } from '../../../src/serve/console/replay/replay-plan.js';
import type { CampaignData } from '../../../src/serve/console/wire/campaigns.js';
import type { WholeLetter } from '../../../src/serve/console/wire/letters.js';
import type { ReplayPlan } from '../../../src/serve/console/wire/replay.js';
import { NOW_MS } from './sale.js';

const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';

/**
 * Of a letter that was replayed before nothing is sent, nor of one that is no request, or that asks for a coupon that is
 * sold out.
 */
export function planOf(
  letters: readonly WholeLetter[],
  campaigns: readonly CampaignData[],
): ReplayPlan {
  const forecast = new Forecast({ now: () => NOW_MS }, CONSUMER_GROUP, {
    campaigns: campaigns.map((campaign) => ({ ...campaign, version: 1 })),
    waiting: new WaitingRequests(new Map([[2, 1_204]]), 0),
  });
  const tally = new ReplayTally();
  for (const letter of letters) tally.add(letter.reasonCode, planOfLetter(letter, forecast));
  return replayPlanOf({ tally, forecast }, CLUSTER_ID, NOW_MS);
}

function planOfLetter(letter: WholeLetter, forecast: Forecast): LetterPlan {
  const { couponId, userId, reasonCode, wasReplayed } = letter;
  if (wasReplayed === true) return { kind: 'skip', code: 'ALREADY_REPLAYED' };
  if (reasonCode !== 'PROCESSING_FAILED' || couponId === null || userId === null) {
    return { kind: 'skip', code: 'NOT_A_REQUEST' };
  }
  if (forecast.stand(couponId)?.stockLeft === 0) {
    return { kind: 'skip', code: 'WOULD_BE_REJECTED', expected: { couponId, outcome: 'SOLD_OUT' } };
  }
  const place = { clusterId: CLUSTER_ID, topic: DLQ_TOPIC, partition: letter.partition };
  const identity = { ...place, offset: BigInt(letter.offset), timestampMs: 0, checksum: 0 };
  return {
    kind: 'send',
    record: {
      ...{ topic: REQUEST_TOPIC, key: null, value: null, headers: {} },
      letter: identity,
      request: { eventId: letter.offset, couponId, userId },
    },
    expected: { couponId, outcome: 'ISSUED' },
    isCopy: false,
  };
}
