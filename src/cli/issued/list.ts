import type { Services } from '../services.js';
import { count } from '../../text/figures.js';
import { timesAt } from '../../text/times.js';
import { isoTime } from '../../output/output.js';
import { table } from '../../output/table.js';
import type { IssuedCoupon, IssuedFilter } from '../../ports/coupon-store.js';
import type { CommandResult } from '../result.js';
import { warnOfMismatchIfQuick } from '../store-mismatch.js';

interface Options {
  readonly coupon?: number;
  readonly user?: number;
  readonly limit: number;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const store = await services.readableStore();
  const filter = issuedFilter(options);
  const issued: IssuedCoupon[] = [];
  for await (const page of store.issued(filter)) {
    issued.push(...page.slice(0, options.limit - issued.length));
    if (issued.length >= options.limit) break;
  }
  const total = await store.countIssued(filter);
  const document = { issued: issued.map(issuedJson), total };
  const times = issued.map(({ issuedAtMs }) => issuedAtMs);
  const timeOf = timesAt(services.output.readAt(services.clock.now()), times);
  services.output.result(document, () =>
    total === 0
      ? ''
      : table(
          [
            { title: 'COUPON', align: 'right' },
            { title: 'SEQUENCE', align: 'right' },
            { title: 'USER', align: 'right' },
            { title: 'ISSUED AT (UTC)' },
            { title: 'POSITION', align: 'right' },
            { title: 'EVENT', tight: 'clip', mayGo: true },
          ],
          issued.map(({ couponId, sequence, userId, issuedAtMs, position, eventId }) => [
            couponId,
            count(sequence),
            userId,
            timeOf(issuedAtMs),
            `${String(position.partition)}:${position.offset.toString()}`,
            eventId,
          ]),
          services.output.columns,
          '`coupons issued show`',
        ),
  );
  if (total === 0) services.output.note('No issued coupons.');
  else if (issued.length < total) {
    services.output.note(`${count(issued.length)} of ${count(total)}; more with --limit.`);
  }
  await warnOfMismatchIfQuick(services, store);
  return undefined;
}

export function issuedFilter({ coupon, user }: { coupon?: number; user?: number }): IssuedFilter {
  return {
    ...(coupon === undefined ? {} : { couponId: coupon }),
    ...(user === undefined ? {} : { userId: user }),
  };
}

/** docs/contract.md, "issued". */
export function issuedJson(coupon: IssuedCoupon) {
  const { couponId, userId, sequence, eventId, issuedAtMs, position } = coupon;
  const { topic, partition, offset } = position;
  return {
    couponId,
    userId,
    sequence,
    eventId,
    issuedAt: isoTime(issuedAtMs),
    position: { topic, partition, offset },
  };
}
