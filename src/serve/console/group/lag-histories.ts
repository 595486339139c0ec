import type { PartitionLag } from '../../../lag/partition-lag.js';
import type { Place } from '../../../ports/lag-sample.js';

const READINGS = 60;

/** The lag of each partition at the last minute's readings. */
export class LagHistories {
  #lags = new Map<string, readonly number[]>();

  /** A partition that is not there any more is forgotten. */
  add(partitions: readonly PartitionLag[]): void {
    this.#lags = new Map(
      partitions.map((each) => [keyOf(each), [...this.of(each), each.lag].slice(-READINGS)]),
    );
  }

  /** Oldest first. */
  of(place: Place): readonly number[] {
    return this.#lags.get(keyOf(place)) ?? [];
  }
}

function keyOf({ topic, partition }: Place): string {
  return `${topic} ${String(partition)}`;
}
