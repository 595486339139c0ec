import { zeroOutcomes, type Outcome, type OutcomeCounts } from '../../coupon/outcome.js';
import type { CouponStore, OutcomeRow, RequestIdentity } from '../../ports/coupon-store.js';
import type { Clock } from '../../ports/clock.js';
import {
  isSamePartition,
  type LogReader,
  type PartitionBounds,
  type Position,
} from '../../ports/log.js';
import { isDrained, remainingOf } from '../../records/reading.js';

/** What became of the requests that a replay sent, as far as the group has got to them. */
export interface ReplayOutcomes {
  readonly outcomes: OutcomeCounts;
  /** Not decided yet. */
  readonly pending: number;
}

/** The partitions that grew while a replay was sent, and from where to where. */
export interface SentRange extends Omit<PartitionBounds, 'stableEndOffset'> {
  readonly topic: string;
}

/** How far the topics reach, to compare before with after. */
export async function endOffsets(
  reader: Pick<LogReader, 'bounds'>,
  topics: readonly string[],
): Promise<readonly SentRange[]> {
  const bounds = await Promise.all(
    topics.map(async (topic) => (await reader.bounds(topic)).map((bound) => ({ ...bound, topic }))),
  );
  return bounds.flat();
}

/** `startOffset` is where the replay began to send, `endOffset` where it had ended. */
export function sentRanges(
  before: readonly SentRange[],
  after: readonly SentRange[],
): readonly SentRange[] {
  return after.flatMap((end) => {
    const begin = before.find((each) => isSamePartition(each, end));
    // A partition that was added meanwhile is the replay's from its beginning.
    const startOffset = begin?.endOffset ?? end.startOffset;
    return end.endOffset > startOffset ? [{ ...end, startOffset }] : [];
  });
}

type OutcomeStore = Pick<CouponStore, 'outcomesOf'>;

export interface OutcomeQuery {
  readonly store: OutcomeStore & Pick<CouponStore, 'positions'>;
  readonly reader: Pick<LogReader, 'bounds' | 'read'>;
  readonly clusterId: string;
  readonly group: string;
  readonly sent: readonly SentRange[];
  readonly requests: readonly RequestIdentity[];
}

const POLL_MS = 100;

/** Waits until the group has read all that was sent, until the deadline, or until the signal aborts. */
export async function awaitOutcomes(
  query: OutcomeQuery,
  clock: Clock,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<ReplayOutcomes> {
  while (!signal.aborted && clock.now() < deadlineMs && !(await hasReadAll(query))) {
    await clock.wait(POLL_MS, signal);
  }
  const requests = new DecidedRequests(query.requests, query.sent);
  await requests.look(query.store, query.requests.length);
  return requests.sofar();
}

/** What became of the requests of a replay, looked up some at a time: what is decided is looked up once. */
export class DecidedRequests {
  readonly #sent: readonly SentRange[];
  readonly #outcomes = zeroOutcomes();
  /** Those that were looked up longest ago come first. */
  #undecided: readonly RequestIdentity[];

  constructor(requests: readonly RequestIdentity[], sent: readonly SentRange[]) {
    this.#sent = sent;
    this.#undecided = requests;
  }

  sofar(): ReplayOutcomes {
    return { outcomes: { ...this.#outcomes }, pending: this.#undecided.length };
  }

  /** Looks up at most so many. Throws what the store throws; what was found by then counts. */
  async look(store: OutcomeStore, maxRequests: number): Promise<void> {
    const looked = this.#undecided.slice(0, maxRequests);
    const still: RequestIdentity[] = [];
    let done = 0;
    try {
      for (const request of looked) {
        const outcome = await this.#outcomeOf(store, request);
        if (outcome === null) still.push(request);
        else this.#outcomes[outcome] += 1;
        done += 1;
      }
    } finally {
      this.#undecided = [...this.#undecided.slice(done), ...still];
    }
  }

  /** Null: not decided yet. */
  async #outcomeOf(
    store: OutcomeStore,
    { eventId, couponId, userId }: RequestIdentity,
  ): Promise<Outcome | null> {
    const rows = await store.outcomesOf(couponId, userId);
    const standing = standingOutcome(
      rows.filter((row) => row.eventId === eventId),
      this.#sent,
    );
    return standing?.outcome ?? null;
  }
}

/** Whether the group has read all that was sent. */
export async function hasReadAll(query: OutcomeQuery): Promise<boolean> {
  const { store, clusterId, group, sent } = query;
  for (const { topic, partition, endOffset } of sent) {
    const positions = await store.positions(group, topic);
    const read = positions.find(
      (position) => position.clusterId === clusterId && position.partition === partition,
    );
    if (read === undefined) return false;
    if (read.nextOffset >= endOffset) continue;
    if (!(await isReadTo(query.reader, { topic, partition, offset: read.nextOffset }, endOffset))) {
      return false;
    }
  }
  return true;
}

/** Whether only offsets without a record lie between a position and this offset. */
async function isReadTo(
  reader: OutcomeQuery['reader'],
  position: Position,
  endOffset: bigint,
): Promise<boolean> {
  const { topic, partition } = position;
  const bound = (await reader.bounds(topic)).find((each) => each.partition === partition);
  const stable = bound?.stableEndOffset ?? 0n;
  const stableEndOffset = stable < endOffset ? stable : endOffset;
  return isDrained(await remainingOf(reader, [{ ...position, endOffset, stableEndOffset }]));
}

/** The final outcome, wherever it came from; else that it died again, where that is of this replay. */
function standingOutcome(
  rows: readonly OutcomeRow[],
  sent: readonly SentRange[],
): OutcomeRow | undefined {
  return (
    rows.find(({ outcome }) => outcome !== 'DEAD_LETTERED') ??
    rows.find(({ position }) =>
      sent.some(
        (range) =>
          range.topic === position.topic &&
          range.partition === position.partition &&
          position.offset >= range.startOffset,
      ),
    )
  );
}
