import type { Campaign } from '../../../src/coupon/campaign.js';
import type {
  CampaignVersion,
  OutcomeRow,
  RecordIdentity,
  RequestIdentity,
  StoredPosition,
} from '../../../src/ports/coupon-store.js';
import type { AppliedOutcome, StoreSnapshot } from '../../../src/ports/store-snapshot.js';
import type { Position } from '../../../src/ports/log.js';

export interface NumberedOutcome extends OutcomeRow {
  readonly sequence: AppliedOutcome['sequence'];
}

export interface SnapshotTables {
  readonly positions: readonly StoredPosition[];
  readonly campaigns: readonly Campaign[];
  readonly versions: readonly CampaignVersion[];
  /** In the order of applying. */
  readonly outcomes: readonly NumberedOutcome[];
  readonly lastIdOf01: number;
}

/** Small, so that no test fits into one page. */
const PAGE_SIZE = 3;

/** A snapshot of tables in memory: the port's words in the plainest way. */
export class MemorySnapshot implements StoreSnapshot {
  readonly #tables: SnapshotTables;

  constructor(tables: SnapshotTables) {
    this.#tables = tables;
  }

  positions(): Promise<readonly StoredPosition[]> {
    return Promise.resolve(this.#tables.positions);
  }

  campaigns(): Promise<readonly Campaign[]> {
    return Promise.resolve(this.#tables.campaigns);
  }

  versions(): Promise<readonly CampaignVersion[]> {
    return Promise.resolve(this.#tables.versions);
  }

  partitionsOf(topic: string): Promise<readonly number[]> {
    const ofTopic = this.#tables.outcomes.filter(({ position }) => position.topic === topic);
    const partitions = new Set(ofTopic.map(({ position }) => position.partition));
    return Promise.resolve([...partitions].sort((a, b) => a - b));
  }

  outcomesInLog(topic: string, partition: number): AsyncIterable<readonly OutcomeRow[]> {
    const rows = this.#tables.outcomes
      .filter(({ position }) => position.topic === topic && position.partition === partition)
      .sort((a, b) => Number(a.position.offset - b.position.offset) || a.id - b.id);
    return pagesOf(rows);
  }

  outcomesApplied(): AsyncIterable<readonly AppliedOutcome[]> {
    const holders = new Set<string>();
    const decided = new Set<string>();
    const rows = this.#tables.outcomes.map((row) => {
      const holder = JSON.stringify([row.couponId, row.userId]);
      const request = JSON.stringify([row.couponId, row.userId, row.eventId]);
      const isDecision = row.outcome !== 'DEAD_LETTERED';
      const heldBefore = holders.has(holder);
      const decidedBefore = isDecision && decided.has(request);
      if (row.outcome === 'ISSUED') holders.add(holder);
      if (isDecision) decided.add(request);
      return { ...row, heldBefore, decidedBefore };
    });
    return pagesOf(rows);
  }

  decisionsOf(requests: readonly RequestIdentity[]): Promise<readonly (OutcomeRow | null)[]> {
    const decisions = requests.map(({ eventId, couponId, userId }) =>
      this.#tables.outcomes.find(
        (row) =>
          row.eventId === eventId &&
          row.couponId === couponId &&
          row.userId === userId &&
          row.outcome !== 'DEAD_LETTERED',
      ),
    );
    return Promise.resolve(decisions.map((row) => row ?? null));
  }

  lastIdOf01(): Promise<number> {
    return Promise.resolve(this.#tables.lastIdOf01);
  }

  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return Promise.resolve(
      this.#tables.outcomes.filter((row) => row.couponId === couponId && row.userId === userId),
    );
  }

  deadLettered(
    place: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    const known = records.filter(({ offset, timestampMs }) =>
      this.#tables.outcomes.some((row) => isDeadLetterOf(row, { ...place, offset }, timestampMs)),
    );
    return Promise.resolve(new Set(known.map(({ offset }) => offset)));
  }
}

export function isDeadLetterOf(row: OutcomeRow, position: Position, timestampMs: number): boolean {
  const { topic, partition, offset } = row.position;
  return (
    row.outcome === 'DEAD_LETTERED' &&
    row.timestampMs === timestampMs &&
    topic === position.topic &&
    partition === position.partition &&
    offset === position.offset
  );
}

async function* pagesOf<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < rows.length; start += PAGE_SIZE) {
    await Promise.resolve();
    yield rows.slice(start, start + PAGE_SIZE);
  }
}
