import type { Source } from '../ports/coupon-store.js';

/** How a map names a source. No name of Kafka's has a line break. */
export function sourceKey({ clusterId, group, topic, partition }: Source): string {
  return `${clusterId}\n${group}\n${topic}\n${partition}`;
}

/** How a map names a partition's log, whatever group and cluster. */
export function logKey({ topic, partition }: Pick<Source, 'topic' | 'partition'>): string {
  return `${topic}\n${partition}`;
}
