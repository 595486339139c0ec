import type { TopicSpec } from '../../coupon/topics.js';
import type { CliError } from '../../errors.js';
import type {
  ClusterAdmin,
  ClusterDescription,
  CommittedOffsets,
  GroupDescription,
  ProbedBroker,
  RecordsBefore,
  ReplicaSize,
  TopicDescription,
} from '../../ports/cluster-admin.js';
import type { CommittedOffset } from '../../ports/group-store.js';
import { probeBroker } from '../client/api-versions.js';
import type { KafkaCluster } from '../client/cluster.js';
import { describeCluster } from './brokers.js';
import { createPartitions, createTopics, refusalToCreate } from './create-topics.js';
import { deleteRecords, offsetsAtTime } from './delete-records.js';
import { deleteTopics } from './delete-topics.js';
import {
  commitOffsets,
  committedOffsets,
  deleteGroups,
  describeGroup,
  listGroups,
} from './groups.js';
import { replicaSizes } from './replica-sizes.js';
import { countPartitions, describeTopics, listTopics, maxMessageBytes } from './topics.js';

/** The port over kafkajs's admin: a file a subject in this folder. */
export class KafkajsClusterAdmin implements ClusterAdmin {
  constructor(private readonly cluster: KafkaCluster) {}

  probeBroker(address: string): Promise<ProbedBroker> {
    const { tls, timeoutMs } = this.cluster.options;
    // Half of it: `doctor` goes on to ask those that answer.
    return probeBroker(address, tls, timeoutMs / 2);
  }

  describeCluster(): Promise<ClusterDescription> {
    return describeCluster(this.cluster);
  }

  async brokerIds(): Promise<readonly number[]> {
    const { brokers } = await this.describeCluster();
    return brokers.map(({ id }) => id);
  }

  listTopics(): Promise<readonly string[]> {
    return listTopics(this.cluster);
  }

  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    return describeTopics(this.cluster, names);
  }

  countPartitions(topic: string): Promise<number> {
    return countPartitions(this.cluster, topic);
  }

  maxMessageBytes(topic: string): Promise<number> {
    return maxMessageBytes(this.cluster, topic);
  }

  replicaSizes(topics: readonly TopicDescription[]): Promise<readonly ReplicaSize[]> {
    return replicaSizes(this.cluster, topics);
  }

  createTopics(topics: readonly TopicSpec[]): Promise<void> {
    return createTopics(this.cluster, topics);
  }

  refusalToCreate(topics: readonly TopicSpec[]): Promise<CliError | null> {
    return refusalToCreate(this.cluster, topics);
  }

  createPartitions(topic: string, total: number): Promise<void> {
    return createPartitions(this.cluster, topic, total);
  }

  deleteTopics(topics: readonly string[]): Promise<void> {
    return deleteTopics(this.cluster, topics);
  }

  listGroups(): Promise<readonly string[]> {
    return listGroups(this.cluster);
  }

  describeGroup(group: string): Promise<GroupDescription> {
    return describeGroup(this.cluster, group);
  }

  committedOffsets(group: string): Promise<CommittedOffsets> {
    return committedOffsets(this.cluster, group);
  }

  commitOffsets(
    group: string,
    topic: string,
    offsets: ReadonlyMap<number, CommittedOffset>,
  ): Promise<void> {
    return commitOffsets(this.cluster, group, topic, offsets);
  }

  deleteGroups(groups: readonly string[]): Promise<void> {
    return deleteGroups(this.cluster, groups);
  }

  offsetsAtTime(topic: string, timeMs: number): Promise<ReadonlyMap<number, bigint>> {
    return offsetsAtTime(this.cluster, topic, timeMs);
  }

  deleteRecords(topic: string, records: readonly RecordsBefore[]): Promise<void> {
    return deleteRecords(this.cluster, topic, records);
  }
}
