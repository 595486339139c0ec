/** Several hosts at the same partitions, whose connections are lost all the time: what comes of it is what the log says. */
import { afterEach, expect, it } from 'vitest';
import { errorOf } from '../../../src/errors.js';
import {
  StoreUnavailableError,
  type Applied,
  type ApplyBatch,
} from '../../../src/ports/coupon-store.js';
import { mulberry32 } from '../../../src/produce/request-generator.js';
import type { PostgresStore } from '../../../src/store/postgres/postgres-store.js';
import { usePostgresProxy } from '../../support/postgres/proxy.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { contentsOf } from '../../support/stores/store-contents.js';
import { at, NOW_MS, request, SOURCE, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const postgres = usePostgres();
const proxy = usePostgresProxy(postgres);
const schemas = postgresSchemas(postgres);
afterEach(() => proxy.heal());

const HOSTS = 3;
const PARTITIONS = 3;
const RECORDS = 120;
/** Each partition has the requests of one campaign; some of them come too late. */
const STOCK = 100;

const seed = Number(process.env['COUPONS_TEST_SEED'] ?? Date.now() % 1_000_000);

type Answers = Map<string, Applied>;

function batchFrom(partition: number, position: bigint | null, records: number): ApplyBatch {
  const start = position ?? 0n;
  const count = Math.min(records, RECORDS - Number(start));
  const entries = Array.from({ length: count }, (_unused, index) => {
    const offset = start + BigInt(index);
    const eventId = `${partition}-${offset}`;
    return at(request(1 + partition, 1 + Number(offset), { eventId }), offset);
  });
  const nextOffset = start + BigInt(count);
  const lastApplied = { offset: nextOffset - 1n, timestampMs: NOW_MS, checksum: 1 };
  const source = { ...SOURCE, partition };
  return { source, expectedOffset: position, entries, nextOffset, lastApplied };
}

/** A host that believes all partitions to be its own, until the log is read to its end. */
async function consume(
  store: PostgresStore,
  answers: Answers,
  random: () => number,
): Promise<void> {
  for (;;) {
    const positions = await untilAvailable(() => store.positions(SOURCE.group, SOURCE.topic));
    const batches = Array.from({ length: PARTITIONS }, (_unused, partition) => {
      const known = positions.find((position) => position.partition === partition);
      return batchFrom(partition, known?.nextOffset ?? null, 1 + Math.floor(8 * random()));
    }).filter(({ entries }) => entries.length > 0);
    if (batches.length === 0) return;
    await Promise.all(batches.map((batch) => applied(store, batch, answers)));
  }
}

/** Keeps what the store answers; a batch that is fenced, or of which nothing is known, is looked for again. */
async function applied(store: PostgresStore, batch: ApplyBatch, answers: Answers): Promise<void> {
  const result = await store.applyBatch(batch).catch((thrown: unknown) => {
    if (thrown instanceof StoreUnavailableError) return null;
    throw errorOf(thrown);
  });
  if (result?.kind !== 'applied') return;
  batch.entries.forEach(({ offset }, index) => {
    const answer = result.applied[index];
    const key = `${batch.source.partition}-${offset}`;
    expect(answers.has(key), `${key} was applied twice`).toBe(false);
    if (answer !== undefined) answers.set(key, answer);
  });
}

async function untilAvailable<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}

it(`decides each record once and as the log has them, seed ${seed}`, async () => {
  const random = mulberry32(seed);
  const target = schemas.target();
  const own = await schemas.open(target, { clock: () => NOW_MS });
  for (let couponId = 1; couponId <= PARTITIONS; couponId += 1) {
    await own.createCampaign(couponId, { ...TERMS, totalQuantity: STOCK });
  }
  const { hostname, port } = new URL(proxy.url(target.name));
  const proxied = { ...target, host: hostname, port: Number(port) };
  const hosts = await Promise.all(
    Array.from({ length: HOSTS }, () => schemas.open(proxied, { clock: () => NOW_MS })),
  );
  // One statement of thirty is lost, on its way or with its answer.
  let after = 0;
  const faults = Array.from({ length: 150 }, () => {
    const when = (['before', 'sent', 'answered'] as const)[Math.floor(3 * random())] ?? 'sent';
    after += Math.floor(60 * random());
    return proxy.add({ when, does: 'cut', after });
  });
  const answers: Answers = new Map();

  await Promise.all(hosts.map((host) => consume(host, answers, random)));

  expect(faults.filter(({ hits }) => hits > 0).length).toBeGreaterThan(1);
  const { outcomes, issued, counted } = await contentsOf(own);
  expect(outcomes).toHaveLength(PARTITIONS * RECORDS);
  const inOrder = Array.from({ length: STOCK }, (_unused, index) => [1 + index, 1 + index]);
  for (let couponId = 1; couponId <= PARTITIONS; couponId += 1) {
    const sold = issued.filter((coupon) => coupon.couponId === couponId);
    expect(sold.map(({ sequence, userId }) => [sequence, userId])).toEqual(inOrder);
    expect(counted[JSON.stringify([couponId, 'ISSUED', null])]).toBe(STOCK);
    expect(counted[JSON.stringify([couponId, 'SOLD_OUT', null])]).toBe(RECORDS - STOCK);
  }
  for (const { position, outcome, sequence } of outcomes) {
    const answer = answers.get(`${position.partition}-${position.offset}`);
    if (answer !== undefined) expect(answer).toEqual({ outcome, sequence, repeated: false });
  }
});
