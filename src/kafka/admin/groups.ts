import kafkajs, { type GroupDescription } from 'kafkajs';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { readingOffset } from '../../ports/lag-sample.js';
import type { LogReader } from '../../ports/log.js';
import type { Reading } from '../../records/reading.js';
import type { KafkaCluster } from '../client/cluster.js';
import { describeConsumerGroup } from './consumer-group-describe.js';
import type { InnerCluster } from '../client/kafkajs-internals.js';
import { sendRaw } from '../client/raw-request.js';

const { AssignerProtocol } = kafkajs;

export interface GroupMemberDescription {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  /** What it is assigned, by topic. */
  readonly assignment: Readonly<Record<string, readonly number[]>>;
}

export interface GroupState {
  /** As Kafka names it: Stable, Empty, PreparingRebalance, ..., Dead for a group it does not know. */
  readonly state: string;
  /** False of a group of another kind, whose members share out something else (Kafka Connect's). */
  readonly sharesPartitions: boolean;
  readonly members: readonly GroupMemberDescription[];
}

/** What is needed of a KafkaCluster here. */
type Asked = Pick<KafkaCluster, 'query'>;

/** The consumer groups of the cluster, by name. */
export async function listGroups(cluster: KafkaCluster): Promise<readonly string[]> {
  return cluster.query('listing the groups', async (admin) => {
    const { groups } = await admin.listGroups();
    return groups.map(({ groupId }) => groupId).sort();
  });
}

export async function describeGroup(cluster: Asked, group: string): Promise<GroupState> {
  return cluster.query(`describing group ${group}`, async (admin, inner) => {
    const { groups } = await admin.describeGroups([group]);
    const description = groups[0];
    if (description === undefined || description.state === DEAD) {
      return (await describeNewGroup(inner, group)) ?? NO_GROUP;
    }
    const { state, members, protocolType } = description;
    const sharesPartitions = protocolType === CONSUMER_PROTOCOL;
    return {
      state,
      sharesPartitions,
      members: members.map((member) => describeMember(member, sharesPartitions)),
    };
  });
}

const DEAD = 'Dead';
const NO_GROUP: GroupState = { state: DEAD, sharesPartitions: true, members: [] };

/** A group of KIP-848's protocol; null where the broker knows of none. */
async function describeNewGroup(inner: InnerCluster, group: string): Promise<GroupState | null> {
  const coordinator = await inner.findGroupCoordinator({ groupId: group });
  const found = await sendRaw(coordinator, describeConsumerGroup(group));
  if (found === null) return null;
  const members = found.members.map(({ memberId, clientId, clientHost, assignment }) => ({
    memberId,
    clientId,
    host: hostOf(clientHost),
    assignment,
  }));
  return { state: found.state, sharesPartitions: true, members };
}

/** Committed offsets by topic and partition; null where nothing was committed. */
export async function committedOffsets(
  cluster: Asked,
  group: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint | null>>> {
  return cluster.query(`reading the offsets of group ${group}`, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId: group });
    return new Map(
      committed.map(({ topic, partitions }) => [
        topic,
        new Map(
          partitions.map(({ partition, offset }) => {
            const value = BigInt(offset);
            return [partition, value < 0n ? null : value];
          }),
        ),
      ]),
    );
  });
}

/** Java writes an address that has no name with a slash in front. */
function hostOf(clientHost: string): string {
  return clientHost.replace(/^\//, '');
}

const CONSUMER_PROTOCOL = 'consumer';

function describeMember(
  member: GroupDescription['members'][number],
  sharesPartitions: boolean,
): GroupMemberDescription {
  const assigned =
    !sharesPartitions || member.memberAssignment.length === 0
      ? null
      : AssignerProtocol.MemberAssignment.decode(member.memberAssignment);
  return {
    memberId: member.memberId,
    clientId: member.clientId,
    host: hostOf(member.clientHost),
    assignment: assigned?.assignment ?? {},
  };
}

/**
 * Where the group goes on in each partition of a topic, by its committed offsets; none of a topic that
 * it does not read. Committed offsets are read before the ends, so that they are never ahead of them.
 * Throws CliError TOPIC_NOT_FOUND, PARTITION_OFFLINE.
 */
export async function groupReadings(
  cluster: Asked,
  reader: Pick<LogReader, 'bounds'>,
  group: string,
  topic: string,
): Promise<readonly Reading[]> {
  const committed = (await committedOffsets(cluster, group)).get(topic);
  if (topic !== REQUEST_TOPIC && committed === undefined) return [];
  const bounds = await reader.bounds(topic);
  return bounds.map(({ partition, startOffset, endOffset, stableEndOffset }) => {
    const committedOffset = committed?.get(partition) ?? null;
    const offset = readingOffset({ committedOffset, startOffset });
    return { topic, partition, offset, endOffset, stableEndOffset };
  });
}
