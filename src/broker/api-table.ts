/**
 * The one table of what is offered: API key, name, and the versions from and to. Upper ends are the
 * last versions before the "flexible" ones, which no client requires; lower ends are what current
 * clients still speak (KIP-896), or 0.
 */
import type { Api } from './api.js';
import { alterConfigs } from './apis/topics/alter-configs.js';
import { apiVersions } from './apis/cluster/api-versions.js';
import { createPartitions } from './apis/topics/create-partitions.js';
import { createTopics } from './apis/topics/create-topics.js';
import { deleteGroups } from './apis/groups/delete-groups.js';
import { deleteRecords } from './apis/records/delete-records.js';
import { deleteTopics } from './apis/topics/delete-topics.js';
import { describeConfigs } from './apis/topics/describe-configs.js';
import { describeGroups } from './apis/groups/describe-groups.js';
import { describeLogDirs } from './apis/cluster/describe-log-dirs.js';
import { fetch } from './apis/records/fetch.js';
import { findCoordinator } from './apis/groups/find-coordinator.js';
import { heartbeat } from './apis/groups/heartbeat.js';
import { incrementalAlterConfigs } from './apis/topics/incremental-alter-configs.js';
import { initProducerId } from './apis/records/init-producer-id.js';
import { joinGroup } from './apis/groups/join-group.js';
import { leaveGroup } from './apis/groups/leave-group.js';
import { listGroups } from './apis/groups/list-groups.js';
import { listOffsets } from './apis/records/list-offsets.js';
import { metadata } from './apis/cluster/metadata.js';
import { offsetCommit } from './apis/groups/offset-commit.js';
import { offsetDelete } from './apis/groups/offset-delete.js';
import { offsetFetch } from './apis/groups/offset-fetch.js';
import { offsetForLeaderEpoch } from './apis/records/offset-for-leader-epoch.js';
import { produce } from './apis/records/produce.js';
import { syncGroup } from './apis/groups/sync-group.js';

export interface TableEntry {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly api: Api;
}

export const API_VERSIONS_KEY = 18;

export const apiTable: readonly TableEntry[] = [
  entry(0, 'Produce', 0, 8, produce),
  entry(1, 'Fetch', 4, 11, fetch),
  entry(2, 'ListOffsets', 1, 5, listOffsets),
  entry(3, 'Metadata', 0, 8, metadata),
  entry(8, 'OffsetCommit', 2, 7, offsetCommit),
  entry(9, 'OffsetFetch', 1, 5, offsetFetch),
  entry(10, 'FindCoordinator', 0, 2, findCoordinator),
  entry(11, 'JoinGroup', 0, 5, joinGroup),
  entry(12, 'Heartbeat', 0, 3, heartbeat),
  entry(13, 'LeaveGroup', 0, 3, leaveGroup),
  entry(14, 'SyncGroup', 0, 3, syncGroup),
  entry(15, 'DescribeGroups', 0, 4, describeGroups),
  entry(16, 'ListGroups', 0, 2, listGroups),
  entry(
    API_VERSIONS_KEY,
    'ApiVersions',
    0,
    2,
    apiVersions(() => apiTable),
  ),
  entry(19, 'CreateTopics', 0, 4, createTopics),
  entry(20, 'DeleteTopics', 0, 3, deleteTopics),
  entry(21, 'DeleteRecords', 0, 1, deleteRecords),
  entry(22, 'InitProducerId', 0, 1, initProducerId),
  entry(23, 'OffsetForLeaderEpoch', 2, 3, offsetForLeaderEpoch),
  entry(32, 'DescribeConfigs', 1, 3, describeConfigs),
  entry(33, 'AlterConfigs', 0, 1, alterConfigs),
  entry(35, 'DescribeLogDirs', 1, 1, describeLogDirs),
  entry(37, 'CreatePartitions', 0, 1, createPartitions),
  entry(42, 'DeleteGroups', 0, 1, deleteGroups),
  entry(44, 'IncrementalAlterConfigs', 0, 0, incrementalAlterConfigs),
  entry(47, 'OffsetDelete', 0, 0, offsetDelete),
];

function entry(
  key: number,
  name: string,
  minVersion: number,
  maxVersion: number,
  api: Api,
): TableEntry {
  return { key, name, minVersion, maxVersion, api };
}
