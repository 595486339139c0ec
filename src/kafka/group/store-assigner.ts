import kafkajs, { type GroupMember, type PartitionAssigner } from 'kafkajs';
import type { GroupStore } from '../../ports/group-store.js';
import { decodeStore, decodeStores, encodeStore, encodeStores } from '../../records/store-mark.js';

const { AssignerProtocol, PartitionAssigners } = kafkajs;
const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/**
 * kafkajs's round-robin assigner under its own name, so that members of other versions share a group with
 * it. A member's subscription also says which store it works on, and the group's leader, which sees all
 * subscriptions, tells each member of all of them with its partitions: so every member decides by the same
 * list, and in the same rebalance that gives it its partitions.
 */
export function storeAssigner(store: GroupStore): PartitionAssigner {
  return (config) => {
    const roundRobin = PartitionAssigners.roundRobin(config);
    const { name, version } = roundRobin;
    return {
      name,
      version,
      protocol: ({ topics }) => ({
        name,
        metadata: MemberMetadata.encode({ version, topics, userData: encodeStore(store) }),
      }),
      assign: async (group) => {
        const given = await roundRobin.assign(group);
        const userData = encodeStores(storesOf(group.members));
        // Also to a member without a partition, which the round robin leaves out.
        return group.members.map(({ memberId }) => {
          const own = given.find((each) => each.memberId === memberId)?.memberAssignment;
          const assignment = own === undefined ? {} : (assignedBy(own)?.assignment ?? {});
          return {
            memberId,
            memberAssignment: MemberAssignment.encode({ version, assignment, userData }),
          };
        });
      },
    };
  };
}

/** The stores of a group's members, as its leader wrote them into an assignment; none by another leader. */
export function assignedStores(memberAssignment: Buffer): readonly GroupStore[] {
  return decodeStores(assignedBy(memberAssignment)?.userData ?? null);
}

function storesOf(members: readonly GroupMember[]): readonly GroupStore[] {
  return members
    .map(({ memberMetadata }) => subscribedStore(memberMetadata))
    .filter((store) => store !== null);
}

/** What a member's subscription says of its store; null: another program, or nothing while rebalancing. */
export function subscribedStore(memberMetadata: Buffer): GroupStore | null {
  try {
    return decodeStore(MemberMetadata.decode(memberMetadata)?.userData ?? null);
  } catch {
    return null;
  }
}

/** The topics of a member's subscription; null: while rebalancing, or where another program wrote bytes of its own. */
export function subscribedTopics(memberMetadata: Buffer): readonly string[] | null {
  try {
    return MemberMetadata.decode(memberMetadata)?.topics ?? null;
  } catch {
    return null;
  }
}

function assignedBy(memberAssignment: Buffer) {
  try {
    return MemberAssignment.decode(memberAssignment);
  } catch {
    return null;
  }
}
