import type { Services } from '../services.js';
import { CONSUMER_GROUP, REQUEST_TOPIC } from '../../coupon/topics.js';
import { decidedStatus, undecidedStatus, type Asked } from '../../issued/request-status.js';
import { pairs } from '../../output/table.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import { warnOfMismatch } from '../store-mismatch.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly coupon: number;
  readonly user: number;
}

export async function run(
  services: Services,
  { coupon: couponId, user: userId }: Options,
): Promise<CommandResult> {
  const asked = { couponId, userId };
  const store = await services.readableStore();
  const shown = (await decidedStatus(store, asked)) ?? (await lookInLog(services, store, asked));
  services.output.result(shown, () =>
    pairs(
      [
        ['coupon', shown.couponId],
        ['user', shown.userId],
        ['status', shown.status],
        ['outcome', shown.outcome],
        ['sequence', shown.sequence],
        ['issued at', shown.issuedAt],
        ['event', shown.eventId],
      ],
      services.output.columns,
    ),
  );
  return undefined;
}

/** Says as well where the store does not belong to the log: then its silence means nothing. */
async function lookInLog(services: Services, store: CouponStore, asked: Asked) {
  await warnOfMismatch(services, store, CONSUMER_GROUP, REQUEST_TOPIC);
  return undecidedStatus(store, await services.reader(), asked);
}
