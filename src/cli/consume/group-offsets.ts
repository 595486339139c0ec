import { assertStoreOfGroup, type GroupOffsets } from '../../consume/group-check.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import type { ClusterAdmin } from '../../ports/cluster-admin.js';
import type { GroupStore } from '../../ports/group-store.js';
import type { TopicOffsets } from '../../records/standing.js';
import { committedOf } from '../../records/store-comparison.js';

/** What the group has committed of the request topic, whenever it is asked. */
export function groupOffsetsOf(
  admin: ClusterAdmin,
  group: string,
  store: GroupStore,
): GroupOffsets {
  return { store, committed: () => committedOf(admin, group, REQUEST_TOPIC) };
}

/**
 * What the group has committed. Throws CliError STORE_NOT_OF_GROUP where it uses another store: before the
 * first member joins, for which those of the group would stop to rebalance.
 */
export async function offsetsUnlessOfAnotherStore(
  admin: ClusterAdmin,
  group: string,
  { store, committed }: GroupOffsets,
): Promise<TopicOffsets> {
  const [{ members }, offsets] = await Promise.all([admin.describeGroup(group), committed()]);
  const stores = members.map((member) => member.store).filter((each) => each !== null);
  assertStoreOfGroup({ group, topic: REQUEST_TOPIC }, store, offsets, stores);
  return offsets;
}
