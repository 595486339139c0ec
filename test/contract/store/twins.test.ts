import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CampaignTerms } from '../../../src/coupon/campaign.js';
import type { CouponStore, OutcomeRow } from '../../../src/ports/coupon-store.js';
import { MemoryStore } from '../../support/memory/store.js';
import { NOW_MS, PartitionLog, SOURCE, type NewEntry } from './log.js';
import { postgresSchemas } from './postgres-schemas.js';
import { sqliteFiles } from './sqlite-file.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { contentsOf, EVER } from '../../support/stores/store-contents.js';

const files = sqliteFiles();
const schemas = postgresSchemas(usePostgres());

/** Few of everything, so that they meet. */
const couponId = fc.integer({ min: 1, max: 3 });
const instant = fc.option(fc.integer({ min: 0, max: 4 }));

const terms = fc.record<CampaignTerms>({
  name: fc.option(fc.constantFrom('Spring', 'Autumn')),
  totalQuantity: fc.integer({ min: 0, max: 4 }),
  status: fc.constantFrom('ACTIVE', 'INACTIVE'),
  validFromMs: instant,
  validUntilMs: instant,
});

const identity = fc.record({
  eventId: fc.integer({ min: 1, max: 12 }).map(String),
  couponId,
  userId: fc.integer({ min: 1, max: 4 }),
});

const entry = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('request'), request: identity }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('dead-letter'),
      reasonCode: fc.constant('UNEXPECTED_ERROR'),
      request: fc.option(identity),
    }),
  },
) as fc.Arbitrary<NewEntry>;

type Step = (store: CouponStore, logs: readonly PartitionLog[]) => Promise<unknown>;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(couponId, terms).map(
    ([id, t]): Step =>
      (store) =>
        store.createCampaign(id, t),
  ),
  fc
    .tuple(
      couponId,
      terms,
      fc.subarray(['name', 'totalQuantity', 'status', 'validFromMs'] as const),
    )
    .map(([id, t, keys]): Step => {
      const changes = Object.fromEntries(keys.map((key) => [key, t[key]]));
      return (store) => store.updateCampaign(id, changes);
    }),
  fc.tuple(fc.integer({ min: 0, max: 2 }), fc.array(entry, { minLength: 1, maxLength: 8 })).map(
    ([index, entries]): Step =>
      (_, logs) =>
        logs[index]?.tryApply(...entries.map((e, at) => ({ ...e, timestampMs: at % 6 }))) ??
        Promise.resolve(),
  ),
  fc.constant<Step>((store) => store.forgetPositions(SOURCE.group, SOURCE.topic)),
);

/** A law of StoreHistory: what is counted by minute is what was applied. */
async function expectCounted(store: CouponStore, outcomes: readonly OutcomeRow[]): Promise<void> {
  const counted = (await store.outcomesByMinute(EVER)).flatMap(({ outcome, reasonCode, rows }) =>
    Array.from({ length: rows }, () => `${outcome} ${String(reasonCode)}`),
  );
  const applied = outcomes.map(({ outcome, reasonCode }) => `${outcome} ${String(reasonCode)}`);
  expect(counted.toSorted()).toEqual(applied.toSorted());
}

/** What each answered, step by step, and what was in it in the end. */
async function run(store: CouponStore, steps: readonly Step[]) {
  // Two members of one partition, of which one is sooner or later a zombie, and another one.
  const logs = [0, 0, 1].map((partition) => new PartitionLog(store, { partition }));
  const answers: unknown[] = [];
  for (const take of steps) answers.push(await take(store, logs));
  const snapshot = await contentsOf(store);
  await expectCounted(store, snapshot.outcomes);
  await store.close();
  return { answers, snapshot };
}

const clock = () => NOW_MS;

it.each<[name: string, open: () => CouponStore | Promise<CouponStore>, numRuns: number]>([
  ['SQLite', () => files.open(files.path(), { clock }), 100],
  ['PostgreSQL', () => schemas.open(schemas.target(), { clock }), 25],
])(
  'the %s store and its in-memory twin answer alike, whatever is asked of them',
  async (_, open, numRuns) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const answered = await run(await open(), steps);

        expect(answered).toEqual(await run(new MemoryStore({ clock }), steps));
      }),
      { numRuns },
    );
  },
);
