/**
 * Outcomes of a log that is gone: the topic was deleted and recreated, and then the store's offsets were reset. Other
 * records have their positions now.
 */
import type { OutcomeRow, StoredPosition } from '../ports/coupon-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';
import {
  MOST_EVENTS,
  type ForgottenPosition,
  type StoredEvent,
  type StoreHistory,
} from '../ports/store-history.js';
import { compareLog } from '../records/log-comparison.js';
import type { AuditedLog } from './positions.js';

export interface GonePartition {
  readonly partition: number;
  /** The partition's outcomes up to this id are of the gone log. */
  readonly lastOutcomeId: number;
}

export class GoneLog {
  readonly #topic: string;
  readonly #lastIdOf = new Map<number, number>();

  constructor(topic: string, partitions: readonly GonePartition[]) {
    this.#topic = topic;
    for (const { partition, lastOutcomeId } of partitions) {
      const before = this.#lastIdOf.get(partition) ?? -Infinity;
      this.#lastIdOf.set(partition, Math.max(before, lastOutcomeId));
    }
  }

  /** Whether its record was in that log. */
  has({ id, position }: Pick<OutcomeRow, 'id' | 'position'>): boolean {
    const lastId = this.#lastIdOf.get(position.partition);
    return lastId !== undefined && position.topic === this.#topic && id <= lastId;
  }
}

/**
 * By what the history has of resets. One that it does not have leaves the old outcomes to be compared with the new log,
 * so that the audit fails rather than passes.
 */
export async function readGoneLog(
  history: Pick<StoreHistory, 'events' | 'latestEvent'>,
  reader: Pick<LogReader, 'recordAt'>,
  log: AuditedLog,
): Promise<GoneLog> {
  // Most stores have none, and are not searched for them.
  const isReset = (await history.latestEvent('OFFSETS_RESET')) !== null;
  const events = isReset ? await history.events(EVER, MOST_EVENTS) : [];
  const gone: GonePartition[] = [];
  for (const position of events.flatMap((event) => forgottenIn(event, log))) {
    if (await isGone(reader, position, log)) gone.push(position);
  }
  return new GoneLog(log.topic, gone);
}

const EVER = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

type Forgotten = StoredPosition & GonePartition;

function forgottenIn(event: StoredEvent, { group, topic }: AuditedLog): readonly Forgotten[] {
  if (event.kind !== 'OFFSETS_RESET' || event.group !== group || event.topic !== topic) return [];
  return (event.forgotten ?? []).map((forgotten) => ({ group, topic, ...positionOf(forgotten) }));
}

function positionOf(forgotten: ForgottenPosition) {
  const { clusterId, partition, lastOutcomeId } = forgotten;
  const lastApplied = {
    offset: BigInt(forgotten.lastAppliedOffset),
    timestampMs: forgotten.lastAppliedMs,
    checksum: forgotten.lastAppliedChecksum,
  };
  const nextOffset = BigInt(forgotten.nextOffset);
  return { clusterId, partition, nextOffset, lastApplied, lastOutcomeId };
}

async function isGone(
  reader: Pick<LogReader, 'recordAt'>,
  position: StoredPosition,
  { clusterId, bounds }: AuditedLog,
): Promise<boolean> {
  if (position.clusterId !== clusterId) return true;
  const bound = bounds.find(({ partition }) => partition === position.partition);
  return bound === undefined || !(await isInLog(reader, position, bound));
}

/** Not where retention took it: whichever log that was, none of the outcomes up to there has its record. */
async function isInLog(
  reader: Pick<LogReader, 'recordAt'>,
  position: StoredPosition,
  bound: PartitionBounds,
): Promise<boolean> {
  if (position.lastApplied.offset < bound.startOffset) return false;
  return (await compareLog(reader, position, bound)) === 'same';
}
