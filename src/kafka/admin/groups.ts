import kafkajs, { type GroupDescription as KafkaGroupDescription } from 'kafkajs';
import type {
  CommittedOffsets,
  GroupDescription,
  GroupMemberDescription,
} from '../../ports/cluster-admin.js';
import type { KafkaCluster } from '../client/cluster.js';
import { describeConsumerGroup } from './consumer-group-describe.js';
import { CliError } from '../../errors.js';
import type { CommittedOffset } from '../../ports/group-store.js';
import { decodeMark, encodeMark } from '../../records/store-mark.js';
import { WHILE_MOVING } from '../client/call.js';
import { protocolErrorType } from '../client/errors.js';
import type { InnerCluster } from '../client/inside/objects.js';
import { sendRaw } from '../client/raw-request.js';
import { subscribedStore, subscribedTopics } from '../group/store-assigner.js';

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
  const members = found.members.map(({ clientHost, ...member }) => ({
    ...member,
    host: hostOf(clientHost),
    isAssignmentReadable: true,
    store: null,
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
          partitions.map(({ partition, offset, metadata }) => {
            const value = BigInt(offset);
            return [partition, value < 0n ? null : { offset: value, mark: decodeMark(metadata) }];
          }),
        ),
      ]),
    );
  });
}

/**
 * As a client without a member id, which the coordinator refuses while the group has members. kafkajs's own
 * setOffsets joins the group with a consumer for it, which takes 5 s.
 */
export async function commitOffsets(
  cluster: Pick<KafkaCluster, 'request'>,
  group: string,
  topic: string,
  offsets: ReadonlyMap<number, CommittedOffset>,
): Promise<void> {
  const partitions = [...offsets].map(([partition, { offset, mark }]) => ({
    partition,
    offset: offset.toString(),
    metadata: mark === null ? null : encodeMark(mark),
  }));
  const doing = `committing offsets of group ${group}`;
  await cluster.request({ doing, retry: WHILE_MOVING }, async (_admin, inner) => {
    const coordinator = await inner.findGroupCoordinator({ groupId: group });
    const topics = [{ topic, partitions }];
    await coordinator
      .offsetCommit({ groupId: group, groupGenerationId: -1, memberId: '', topics })
      .catch((error: unknown) => {
        const type = protocolErrorType(error);
        throw type === 'UNKNOWN_MEMBER_ID' ? hasMembers(group, OFFSETS_KEPT) : error;
      });
  });
}

/** Deletes groups with what they have committed, one by one: a failure then names its group. */
export async function deleteGroups(
  cluster: Pick<KafkaCluster, 'request'>,
  groups: readonly string[],
): Promise<void> {
  for (const group of groups) {
    const call = { doing: `deleting group ${group}`, retry: WHILE_MOVING };
    await cluster.request(call, async (admin) => {
      await admin.deleteGroups([group]).catch((error: unknown) => {
        const type = groupErrorType(error);
        if (type === 'NON_EMPTY_GROUP') throw hasMembers(group, 'it was not deleted');
        if (type !== 'GROUP_ID_NOT_FOUND') throw error;
      });
    });
  }
}

/** kafkajs has the group's error inside another one. */
function groupErrorType(error: unknown): string | null {
  if (!(error instanceof kafkajs.KafkaJSDeleteGroupsError)) return protocolErrorType(error);
  return protocolErrorType(error.groups[0]?.error);
}

const OFFSETS_KEPT = 'its offsets were not changed';

function hasMembers(group: string, consequence: string): CliError {
  return new CliError(
    'GROUP_HAS_MEMBERS',
    `Group ${group} has members, so ${consequence}.`,
    'Stop them first: `coupons status` shows their hosts and processes.',
  );
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
  const { memberId, clientId, clientHost, memberAssignment, memberMetadata } = member;
  const assignment = sharesPartitions ? assignmentIn(memberAssignment) : {};
  return {
    memberId,
    clientId,
    host: hostOf(clientHost),
    assignment: assignment ?? {},
    isAssignmentReadable: assignment !== null,
    subscription: sharesPartitions ? subscribedTopics(memberMetadata) : null,
    store: sharesPartitions ? subscribedStore(memberMetadata) : null,
  };
}

/** Nothing while the group rebalances. Null: an assignor of another program wrote bytes of its own. */
function assignmentIn(memberAssignment: Buffer): GroupMemberDescription['assignment'] | null {
  if (memberAssignment.length === 0) return {};
  try {
    return AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? null;
  } catch {
    return null;
  }
}
