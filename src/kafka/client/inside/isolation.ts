import type { InnerCluster } from './objects.js';

export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;

/** The same cluster, whose fetchTopicsOffset gives the high watermark as the end of a partition. */
export function withHighWatermarks(cluster: InnerCluster): InnerCluster {
  return withIsolation(cluster, READ_UNCOMMITTED);
}

/** Likewise the last stable offset: where the oldest open transaction began. */
export function withLastStableOffsets(cluster: InnerCluster): InnerCluster {
  return withIsolation(cluster, READ_COMMITTED);
}

function withIsolation(cluster: InnerCluster, isolationLevel: number): InnerCluster {
  return Object.create(cluster, { isolationLevel: { value: isolationLevel } }) as InnerCluster;
}
