import kafkajs, { type GroupDescription as KafkaGroupDescription } from 'kafkajs';
import type {
  CommittedOffsets,
  GroupDescription,
  GroupMemberDescription,
} from '../../ports/cluster-admin.js';
import type { KafkaCluster } from '../client/cluster.js';
import { describeConsumerGroup } from './consumer-group-describe.js';
import type { InnerCluster } from '../client/kafkajs-internals.js';
import { sendRaw } from '../client/raw-request.js';

const { AssignerProtocol } = kafkajs;

/** What is needed of a KafkaCluster here. */
type Asked = Pick<KafkaCluster, 'query'>;

/** The consumer groups of the cluster, by name. */
export async function listGroups(cluster: KafkaCluster): Promise<readonly string[]> {
  return cluster.query('listing the groups', async (admin) => {
    const { groups } = await admin.listGroups();
    return groups.map(({ groupId }) => groupId).sort();
  });
}

export async function describeGroup(cluster: Asked, group: string): Promise<GroupDescription> {
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
const NO_GROUP: GroupDescription = { state: DEAD, sharesPartitions: true, members: [] };

/** A group of KIP-848's protocol; null where the broker knows of none. */
async function describeNewGroup(
  inner: InnerCluster,
  group: string,
): Promise<GroupDescription | null> {
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
export async function committedOffsets(cluster: Asked, group: string): Promise<CommittedOffsets> {
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
  member: KafkaGroupDescription['members'][number],
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
