import type { StoredPosition } from '../ports/coupon-store.js';
import type { PartitionBounds } from '../ports/log.js';
import type { AuditFindings } from './findings.js';

/** Which log is audited, by whose progress. */
export interface AuditedLog {
  readonly clusterId: string;
  readonly group: string;
  readonly topic: string;
  /** Taken after the store's snapshot, so that the store can't honestly be ahead of them. */
  readonly bounds: readonly PartitionBounds[];
}

/** How far the store has read one partition. */
export interface PartitionProgress extends PartitionBounds {
  /** Where the group's position stands: records below were applied. Null: nowhere yet. */
  readonly position: StoredPosition | null;
  /** The furthest position of any group that writes into this store; rows lie below it. */
  readonly reach: bigint | null;
}

/** What the store's positions say of the log. */
export interface LogProgress {
  /**
   * False where the store has read another cluster too: its rows name no cluster, so none of them
   * can be said to be of a record of this log.
   */
  readonly isComparable: boolean;
  readonly partitions: ReadonlyMap<number, PartitionProgress>;
}

/** Holds the store's positions against the log's bounds. */
export function checkPositions(
  log: AuditedLog,
  positions: readonly StoredPosition[],
  findings: AuditFindings,
): LogProgress {
  const ofTopic = positions.filter(({ topic }) => topic === log.topic);
  const others = ofTopic.filter(({ clusterId }) => clusterId !== log.clusterId);
  for (const clusterId of new Set(others.map((position) => position.clusterId))) {
    findings.addGeneral({
      code: 'STORE_OF_ANOTHER_CLUSTER',
      couponId: null,
      position: null,
      storeClusterId: clusterId,
      logClusterId: log.clusterId,
    });
  }
  const here = ofTopic.filter(({ clusterId }) => clusterId === log.clusterId);
  const partitions = new Map(
    log.bounds.map((bounds) => [bounds.partition, progressOf(bounds, here, log.group)]),
  );
  for (const position of here.filter(({ group }) => group === log.group)) {
    checkPosition(position, partitions.get(position.partition), findings);
  }
  return { isComparable: others.length === 0, partitions };
}

function progressOf(
  bounds: PartitionBounds,
  positions: readonly StoredPosition[],
  group: string,
): PartitionProgress {
  const here = positions.filter(({ partition }) => partition === bounds.partition);
  return {
    ...bounds,
    position: here.find((position) => position.group === group) ?? null,
    reach: here.reduce<bigint | null>(
      (reach, { nextOffset }) => (reach === null || nextOffset > reach ? nextOffset : reach),
      null,
    ),
  };
}

function checkPosition(
  stored: StoredPosition,
  bounds: PartitionBounds | undefined,
  findings: AuditFindings,
): void {
  const { topic, partition, nextOffset, lastApplied } = stored;
  const place = { couponId: null, position: { topic, partition, offset: nextOffset } };
  const endOffset = bounds?.endOffset ?? null;
  if (bounds === undefined || nextOffset > bounds.endOffset) {
    findings.addGeneral({ code: 'POSITION_BEYOND_LOG', ...place, endOffset });
    return;
  }
  if (lastApplied.offset >= nextOffset) {
    const lastAppliedOffset = lastApplied.offset;
    findings.addGeneral({ code: 'POSITION_INCONSISTENT', ...place, lastAppliedOffset });
  }
  if (nextOffset < bounds.startOffset) {
    const { startOffset } = bounds;
    findings.addGeneral({ code: 'RECORDS_DELETED_UNREAD', ...place, startOffset });
  }
}
