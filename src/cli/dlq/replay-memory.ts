/** The store, as far as the dlq commands ask it which letters were replayed. */
import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import {
  countByPartition,
  replayedOf,
  type OpenedMemory,
} from '../../dead-letters/replay-marks.js';
import { CliError, UnreachableError } from '../../errors.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import {
  comparedNow,
  standOf,
  storeMismatch,
  type Compared,
} from '../../records/store-comparison.js';
import { mismatchText } from '../../words/en/store-mismatch.js';
import type { Services } from '../services.js';

/** A store that is away must not keep the letters waiting. */
const LIMIT_MS = 2000;

/** Never throws because of the store: the letters are shown without it. */
export async function openReplayMemory(services: Services): Promise<OpenedMemory> {
  const over = new AbortController();
  try {
    return await Promise.race([opened(services), tooLate(services, over.signal)]);
  } finally {
    over.abort();
  }
}

/** How many of the letters that are there were replayed; null where that is not known. */
export async function countReplayedLetters(services: Services): Promise<number | null> {
  try {
    const reader = await services.reader();
    const [bounds, { memory }] = await Promise.all([
      reader.bounds(DLQ_TOPIC),
      openReplayMemory(services),
    ]);
    return replayedOf(await countByPartition(DLQ_TOPIC, bounds, reader, memory));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    services.output.detail(error.message);
    return null;
  }
}

/** Says on stderr why the letters have no mark. */
export function noteUnknownMarks(
  { output }: Services,
  { failure }: { readonly failure: CliError | null },
): void {
  if (failure === null) return;
  const next = failure.hint === null ? '' : ` ${failure.hint}`;
  output.note(`note: Which dead letters were replayed is not known. ${failure.message}${next}`);
}

async function opened(services: Services): Promise<OpenedMemory> {
  try {
    // What the group has committed is read before the store, which moves on.
    const compared = await comparedOf(services);
    const store = await services.readableStore();
    const mismatch = compared === null ? null : await mismatchWith(services, store, compared);
    return mismatch === null ? { memory: store, failure: null } : without(mismatch);
  } catch (error) {
    if (error instanceof CliError) return without(error);
    throw error;
  }
}

/** Null where this user may not read the group's offsets, or there is no request topic. */
async function comparedOf(services: Services): Promise<Compared | null> {
  try {
    const [admin, reader] = [await services.admin(), await services.reader()];
    return await comparedNow(admin, reader, CONSUMER_GROUP, REQUEST_TOPIC);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    services.output.detail(error.message);
    return null;
  }
}

/** A store that is not the group's knows nothing of what was replayed with the group's one. */
async function mismatchWith(
  services: Services,
  store: CouponStore,
  compared: Compared,
): Promise<CliError | null> {
  const stand = await standOf(store, services.storePlace().path);
  const mismatch = await storeMismatch(stand, await services.reader(), compared);
  return mismatch && new CliError(mismatch.code, mismatchText(mismatch, CONSUMER_GROUP));
}

async function tooLate({ clock }: Services, over: AbortSignal): Promise<OpenedMemory> {
  await clock.wait(LIMIT_MS, over);
  return without(new UnreachableError('STORE_UNREACHABLE', 'The store did not answer within 2 s.'));
}

function without(failure: CliError): OpenedMemory {
  return { memory: null, failure };
}
