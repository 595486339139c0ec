import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DLQ_HEADER } from '../../../src/dead-letters/dead-letter.js';
import type { LogRecord } from '../../../src/ports/log.js';
import {
  drain,
  newWorld,
  start,
  COUPON,
  type RunOptions,
  type World,
} from '../../support/consume-run.js';
import { Mortality } from '../../support/memory/mortality.js';
import { request } from '../../support/requests.js';
import { contentsOf } from '../../support/stores/store-contents.js';

/** What one record of the log is: a request of a user (perhaps seen before), or malformed. */
type Written =
  | { readonly kind: 'request'; readonly userId: number; readonly event: number }
  | { readonly kind: 'poison' };

const USERS = 8;

const written: fc.Arbitrary<Written> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('request' as const),
      userId: fc.integer({ min: 1, max: USERS }),
      // Few, so that some requests come twice, and some eventIds from two users.
      event: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('poison' as const) }) },
);

interface Scenario {
  readonly records: readonly Written[];
  readonly stock: number;
  readonly mode: 'single' | 'batch';
  readonly batchSize: number;
  readonly concurrency: number;
  readonly fetchRecords: number;
  /** How long a commit of the store takes, in virtual ms: slices share it meanwhile. */
  readonly commitMs: number;
  /** Users who fail for good, and users who fail so many times. */
  readonly hopeless: number;
  readonly flaky: number;
  /** After how many steps each run before the last one is killed. */
  readonly deaths: readonly number[];
  /** When, in virtual ms, partitions are dealt out anew; every second time a member is a zombie. */
  readonly rebalancesAtMs: readonly number[];
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  records: fc.array(written, { minLength: 1, maxLength: 40 }),
  stock: fc.integer({ min: 0, max: USERS + 1 }),
  mode: fc.constantFrom('single' as const, 'batch' as const),
  batchSize: fc.integer({ min: 1, max: 20 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  fetchRecords: fc.integer({ min: 1, max: 20 }),
  commitMs: fc.constantFrom(0, 2, 10),
  hopeless: fc.integer({ min: 0, max: 1 }),
  flaky: fc.integer({ min: 0, max: 3 }),
  deaths: fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 4 }),
  rebalancesAtMs: fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 4 }),
});

const HOPELESS_USER = 3;
const FLAKY_USER = 5;

it('issues exactly once, whatever is malformed, fails, moves or dies on the way', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const world = await newWorld({
        partitions: 3,
        stock: given.stock,
        faults: () => ({
          commitMs: given.commitMs,
          failing: { [HOPELESS_USER]: given.hopeless * Infinity || 0, [FLAKY_USER]: given.flaky },
        }),
        group: { fetchRecords: given.fetchRecords },
        turnMs: 3,
      });
      write(world, given.records);
      for (const steps of given.deaths) await dieAfter(world, steps, given);
      scheduleRebalances(world, given.rebalancesAtMs);
      await drain(world, runOptions(given));

      await expectOracle(world, given);
      await expectLetters(world, given);
      await expectNoChangeByRunningAgain(world, given);
    }),
    { numRuns: 150 },
  );
});

function runOptions({ mode, batchSize, concurrency }: Scenario): RunOptions {
  return { mode, batchSize, concurrency };
}

/** One campaign is in one partition; poison lies everywhere. */
function write({ log }: World, records: readonly Written[]): void {
  records.forEach((record, index) => {
    if (record.kind === 'poison') log.append(index % 3, { value: Buffer.from(`poison ${index}`) });
    else {
      const { userId, event } = record;
      log.append(1, {
        ...request(COUPON, userId, { eventId: `event ${event}` }),
        timestampMs: index,
      });
    }
  });
}

async function dieAfter(world: World, steps: number, given: Scenario): Promise<void> {
  const mortality = new Mortality(steps);
  const run = start(world, {
    ...runOptions(given),
    untilDrained: true,
    wrap: (ports) => mortality.ports(ports),
  });
  await world.clock.run(Promise.race([run.summary, mortality.died]));
  for (const member of run.members) world.group.evict(member);
}

function scheduleRebalances({ clock, group }: World, rebalancesAtMs: readonly number[]): void {
  rebalancesAtMs.forEach((ms, index) => {
    clock.after(ms, () => {
      const [first, second] = group.members;
      if (index % 2 === 1 && first !== undefined && second !== undefined) group.evict(first);
      else void group.rebalance();
    });
  });
}

/** docs/design.md, "Rules of issuing", rule 4. */
async function expectOracle(world: World, given: Scenario): Promise<void> {
  const { issued, outcomes, campaigns } = await contentsOf(world.store);
  const requests = new Set<string>();
  const eligible = new Set<number>();
  for (const record of given.records) {
    if (record.kind === 'poison') continue;
    if (given.hopeless > 0 && record.userId === HOPELESS_USER) continue;
    eligible.add(record.userId);
    requests.add(`event ${record.event} of ${record.userId}`);
  }
  const expected = [...eligible].slice(0, given.stock);
  expect(issued.map(({ userId }) => userId)).toEqual(expected);
  expect(issued.map(({ sequence }) => sequence)).toEqual(expected.map((_user, i) => i + 1));
  expect(campaigns[0]?.issuedQuantity).toBe(expected.length);
  const final = outcomes.filter(({ outcome }) => outcome !== 'DEAD_LETTERED');
  expect(final.map(({ eventId, userId }) => `${eventId ?? ''} of ${userId ?? ''}`).sort()).toEqual(
    [...requests].sort(),
  );
}

/** Every malformed record and every hopeless request has a letter; a crash may leave a second. */
async function expectLetters(world: World, given: Scenario): Promise<void> {
  const dead = world.log.all().filter((record) => isDead(record, given));
  const origins = world.deadLetters.records.map(
    ({ headers }) =>
      `${String(headers[DLQ_HEADER.partition])}@${String(headers[DLQ_HEADER.offset])}`,
  );
  const expected = dead.map(({ partition, offset }) => `${partition}@${offset.toString()}`);
  expect([...new Set(origins)].sort()).toEqual(expected.sort());
  if (given.deaths.length === 0 && given.rebalancesAtMs.length === 0) {
    expect(origins).toHaveLength(expected.length);
  }
  const { outcomes } = await contentsOf(world.store);
  expect(outcomes.filter(({ outcome }) => outcome === 'DEAD_LETTERED')).toHaveLength(dead.length);
}

function isDead({ value }: LogRecord, { hopeless }: Scenario): boolean {
  const text = String(value);
  return text.startsWith('poison') || (hopeless > 0 && text.includes(`"userId":${HOPELESS_USER},`));
}

async function expectNoChangeByRunningAgain(world: World, given: Scenario): Promise<void> {
  const before = await contentsOf(world.store);
  // As `coupons store reset-offsets`.
  for (const [partition, mark] of world.group.marks) {
    world.group.marks.set(partition, { ...mark, applied: null });
  }
  await world.store.forgetPositions('coupon-issue-group', world.log.topic);
  await drain(world, runOptions(given));
  const after = await contentsOf(world.store);
  const final = (snapshot: typeof before) =>
    snapshot.outcomes.filter(({ outcome }) => outcome !== 'DEAD_LETTERED');
  expect({ ...after, outcomes: final(after) }).toEqual({ ...before, outcomes: final(before) });
  expect(after.campaigns.map(({ couponId }) => couponId)).toEqual([COUPON]);
}
