import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CouponStore } from '../../../src/ports/coupon-store.js';
import { NOW_MS, PartitionLog, request, TERMS, type NewEntry, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

const STOCK: Readonly<Record<number, number>> = { 1: 0, 2: 2, 3: 100 };
const WINDOW = { validFromMs: 10, validUntilMs: 20 };

interface Ask {
  readonly couponId: number;
  readonly userId: number;
  readonly event: number;
  readonly timestampMs: number;
}

/** Coupon 4 does not exist; events are few, so that some come again. */
const asks = fc.array(
  fc.record<Ask>({
    couponId: fc.integer({ min: 1, max: 4 }),
    userId: fc.integer({ min: 1, max: 6 }),
    event: fc.integer({ min: 1, max: 3 }),
    timestampMs: fc.integer({ min: 8, max: 22 }),
  }),
  { maxLength: 60 },
);

/** How the log is cut: from which partition, how many records at a time. */
const cuts = fc.array(
  fc.record({
    partition: fc.integer({ min: 0, max: 2 }),
    count: fc.integer({ min: 1, max: 12 }),
  }),
);

export function oracleContract(open: OpenStore, numRuns: number): void {
  it('obeys the oracle of docs/design.md, "Rules of issuing", rule 4, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(asks, cuts, async (log, batches) => {
        const { store } = await open({ clock: () => NOW_MS });
        for (const [couponId, totalQuantity] of Object.entries(STOCK)) {
          await store.createCampaign(Number(couponId), { ...TERMS, ...WINDOW, totalQuantity });
        }
        const inOrder = await applyAll(store, 'first', log, batches);
        const first = await contentsOf(store);

        expect(first.issued.map((c) => [c.couponId, c.sequence, c.userId])).toEqual(
          winners(inOrder),
        );
        expect(first.campaigns.map((c) => [c.couponId, c.issuedQuantity])).toEqual(
          [1, 2, 3].map((id) => [id, first.issued.filter((c) => c.couponId === id).length]),
        );
        expect(first.outcomes).toHaveLength(new Set(log.map(identityOf)).size);

        await applyAll(store, 'second', log, batches.toReversed());
        expect({ ...(await contentsOf(store)), positions: [] }).toEqual({
          ...first,
          positions: [],
        });
        await store.close();
      }),
      { numRuns },
    );
  });
}

/** Applies the whole log, a campaign a partition, and returns it in the order of applying. */
async function applyAll(
  store: CouponStore,
  group: string,
  log: readonly Ask[],
  batches: readonly { partition: number; count: number }[],
): Promise<readonly Ask[]> {
  const partitions = [0, 1, 2].map((partition) => ({
    log: new PartitionLog(store, { group, partition }),
    rest: log.filter(({ couponId }) => couponId % 3 === partition),
  }));
  const done: Ask[] = [];
  const rest = [0, 1, 2].map((partition) => ({ partition, count: log.length }));
  for (const { partition, count } of [...batches, ...rest]) {
    const entries = partitions[partition]?.rest.splice(0, count) ?? [];
    if (entries.length === 0) continue;
    await partitions[partition]?.log.apply(...entries.map(toEntry));
    done.push(...entries);
  }
  return done;
}

function toEntry({ couponId, userId, event, timestampMs }: Ask): NewEntry {
  return request(couponId, userId, { eventId: `event ${event}`, timestampMs });
}

function identityOf({ couponId, userId, event }: Omit<Ask, 'timestampMs'>): string {
  return [couponId, userId, event].join();
}

/** Who should hold a coupon: the first to ask within the window, once each, while stock lasts. */
function winners(log: readonly Ask[]): readonly (readonly number[])[] {
  const seen = new Set<string>();
  const eligible = log.filter(({ timestampMs, ...ask }) => {
    const isNew = !seen.has(identityOf(ask));
    seen.add(identityOf(ask));
    return isNew && timestampMs >= WINDOW.validFromMs && timestampMs <= WINDOW.validUntilMs;
  });
  return Object.entries(STOCK).flatMap(([coupon, stock]) => {
    const couponId = Number(coupon);
    const users = eligible.filter((ask) => ask.couponId === couponId).map(({ userId }) => userId);
    return [...new Set(users)]
      .slice(0, stock)
      .map((userId, index) => [couponId, index + 1, userId] as const);
  });
}
