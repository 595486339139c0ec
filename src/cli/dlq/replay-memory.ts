/** The store, as far as the dlq commands ask it which letters were replayed. */
import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import {
  countByPartition,
  replayedOf,
  type OpenedMemory,
} from '../../dead-letters/replay-marks.js';
import { CliError, UnreachableError } from '../../errors.js';
import type { StoreStand } from '../../ports/group-store.js';
import {
  comparedNow,
  standOf,
  storeMismatch,
  type Compared,
} from '../../records/store-comparison.js';
import { mismatchText } from '../../words/en/store-mismatch.js';
import type { Services } from '../services.js';

/** What is away must not keep the letters waiting. */
const LIMIT_MS = 2000;

/** What is asked at the moment: the group's offsets and the log are Kafka's. */
type Asked = 'Kafka' | 'the store';

/** Never throws because of the store: the letters are shown without it. */
export async function openReplayMemory(services: Services): Promise<OpenedMemory> {
  await connected(services);
  const over = new AbortController();
  const progress: { asked: Asked } = { asked: 'Kafka' };
  const late = async () => {
    await services.clock.wait(LIMIT_MS, over.signal);
    return without(tooLate(progress.asked));
  };
  try {
    return await Promise.race([opened(services, progress), late()]);
  } finally {
    over.abort();
  }
}

/** The letters need the cluster as well: where its first broker hangs, both wait for the next one. */
async function connected(services: Services): Promise<void> {
  const reader = await services.reader();
  await reader.clusterId().catch(() => undefined);
}

function tooLate(asked: Asked): CliError {
  return asked === 'Kafka'
    ? new UnreachableError(
        'BROKER_TIMEOUT',
        'Kafka did not say within 2 s what the group has read.',
      )
    : new UnreachableError('STORE_UNREACHABLE', 'The store did not answer within 2 s.');
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

async function opened(services: Services, progress: { asked: Asked }): Promise<OpenedMemory> {
  try {
    // What the group has committed is read before the store, which moves on.
    const compared = await comparedOf(services);
    progress.asked = 'the store';
    const store = await services.readableStore();
    const stand = await standOf(store, services.storePlace().path);
    progress.asked = 'Kafka';
    const mismatch = compared === null ? null : await mismatchWith(services, stand, compared);
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
  stand: StoreStand,
  compared: Compared,
): Promise<CliError | null> {
  const mismatch = await storeMismatch(stand, await services.reader(), compared);
  return mismatch && new CliError(mismatch.code, mismatchText(mismatch, CONSUMER_GROUP));
}

function without(failure: CliError): OpenedMemory {
  return { memory: null, failure };
}
