import { bucketMsOf, MOST_BUCKETS, type Bucketing } from '../../history/buckets.js';
import { askedBetween } from '../../history/asked.js';
import { readHistory } from '../../history/history.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError, UsageError } from '../../errors.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import { MINUTE_MS, type Period } from '../../ports/store-history.js';
import { comparedNow, standOf, storeMismatch } from '../../records/store-comparison.js';
import { mismatchText } from '../../words/en/store-mismatch.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { warnOfMismatchIfQuick } from '../store-mismatch.js';
import { historyDocument } from './document.js';
import { drawHistory } from './table.js';

interface Options {
  readonly since?: number;
  readonly until?: number;
  readonly by: Bucketing;
  readonly coupon?: number;
  readonly limit: number;
  readonly group: string;
}

const DEFAULT_PERIOD_MS = 60 * MINUTE_MS;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { output, clock } = services;
  const { by, limit: mostEvents, coupon: couponId = null } = options;
  const period = periodOf(options, clock.now());
  const bucketMs = bucketMsOf(period, by);
  refuseTooManyBuckets(period, bucketMs, by);
  const store = await services.readableStore();
  const [cluster, history] = await Promise.all([
    clusterIdOf(services),
    readHistory(
      { store, asked: (boundaries) => askedOf(services, store, options.group, boundaries) },
      { period, bucketMs, topic: REQUEST_TOPIC, couponId, mostEvents },
    ),
  ]);
  const { contextName, brokers, store: location } = services.options;
  const site = {
    context: contextName,
    cluster,
    brokers: brokers.join(','),
    store: location.name,
  };
  output.result(historyDocument(history, by), () =>
    drawHistory(history, site, {
      paint: output.paint,
      columns: output.columns,
      nowMs: clock.now(),
    }),
  );
  // Of all campaigns, the look at the log compares them, and a note says it.
  if (couponId !== null) await warnOfMismatchIfQuick(services, store);
  return undefined;
}

/** Whole minutes, as the store counts them, but for an end that is now. */
function periodOf({ since, until }: Options, nowMs: number): Period {
  const endMs = until === undefined ? nowMs : Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.min(endMs, nowMs);
  const sinceMs = since ?? toMs - DEFAULT_PERIOD_MS;
  const fromMs = Math.floor(sinceMs / MINUTE_MS) * MINUTE_MS;
  if (fromMs >= nowMs) {
    throw new UsageError('The period begins in the future.', 'Give a --since that has passed.');
  }
  if (fromMs >= toMs) {
    throw new UsageError('The period ends before it begins.', 'Give a --since before --until.');
  }
  return { fromMs, toMs };
}

function refuseTooManyBuckets({ fromMs, toMs }: Period, bucketMs: number, by: Bucketing): void {
  if ((toMs - fromMs) / bucketMs <= MOST_BUCKETS) return;
  throw new UsageError(
    `That many lines by the ${by} are too much to look up: ${String(MOST_BUCKETS)} are the most.`,
    'Leave out --by, or choose a shorter period.',
  );
}

/** How many asked, by the log. Throws CliError, also where the log is not that of the store. */
async function askedOf(
  services: Services,
  store: CouponStore,
  group: string,
  boundaries: readonly number[],
): Promise<readonly (number | null)[]> {
  const [admin, reader] = [await services.admin(), await services.reader()];
  const compared = await comparedNow(admin, reader, group, REQUEST_TOPIC);
  const stand = await standOf(store, services.storePlace().path);
  const mismatch = await storeMismatch(stand, reader, compared);
  if (mismatch !== null) throw new CliError(mismatch.code, mismatchText(mismatch, group));
  const { now } = services.clock;
  return askedBetween({ admin, reader, now }, REQUEST_TOPIC, boundaries);
}

/** Null where the cluster can't be reached. */
async function clusterIdOf(services: Services): Promise<string | null> {
  try {
    return await (await services.reader()).clusterId();
  } catch (error) {
    if (error instanceof CliError) return null;
    throw error;
  }
}
