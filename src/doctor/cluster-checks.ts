/** Checks of the cluster: brokers, APIs, login, topics, group, transactions. */
import type { Failure } from '../errors.js';
import {
  fail,
  pass,
  warn,
  type Check,
  type GroupObservation,
  type StoreOfGroup,
  type Login,
  type ProbedBroker,
  type TopicDifference,
} from './check.js';
import type { OpenTransaction } from '../ports/log.js';

export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** Slower than a broker of the same region should be. */
const SLOW_MS = 500;

/** One address that answers is enough to work; with each that does not, there is less redundancy. */
export function checkBrokers(brokers: readonly ProbedBroker[]): Check {
  const name = 'broker';
  const failed = brokers.filter(({ answer }) => 'message' in answer);
  if (failed.length > 0 && failed.length === brokers.length) {
    return fail(name, { code: 'BROKERS_UNREACHABLE', brokers });
  }
  if (failed.length > 0) return warn(name, { code: 'BROKERS_MISSING', brokers });
  const slow = brokers.some(({ answer }) => 'answerMs' in answer && answer.answerMs > SLOW_MS);
  return slow
    ? warn(name, { code: 'BROKERS_SLOW', brokers })
    : pass(name, { code: 'BROKERS_OK', brokers });
}

/** Whether a broker's address, "host:port", is of this machine. */
export function isLocal(address: string): boolean {
  return /^(localhost|127\.|\[::1\])/.test(address);
}

interface UsedApi {
  readonly apiKey: number;
  readonly name: string;
  /** The newest version that kafkajs 2.2.4 speaks; it speaks all from 0 up. */
  readonly newest: number;
  /** Nothing works without it; without the others, a command or two does not. */
  readonly isCore: boolean;
}

const api = (apiKey: number, name: string, newest: number, isCore: boolean): UsedApi => ({
  apiKey,
  name,
  newest,
  isCore,
});

const USED_APIS: readonly UsedApi[] = [
  api(0, 'Produce', 7, true),
  api(1, 'Fetch', 11, true),
  api(2, 'ListOffsets', 3, true),
  api(3, 'Metadata', 6, true),
  api(8, 'OffsetCommit', 5, true),
  api(9, 'OffsetFetch', 4, true),
  api(10, 'FindCoordinator', 2, true),
  api(11, 'JoinGroup', 5, true),
  api(12, 'Heartbeat', 3, true),
  api(13, 'LeaveGroup', 3, true),
  api(14, 'SyncGroup', 3, true),
  api(15, 'DescribeGroups', 2, false),
  api(16, 'ListGroups', 2, false),
  api(18, 'ApiVersions', 2, true),
  api(19, 'CreateTopics', 3, false),
  api(21, 'DeleteRecords', 1, false),
  api(22, 'InitProducerId', 1, true),
  api(32, 'DescribeConfigs', 2, false),
  api(37, 'CreatePartitions', 1, false),
];

export function checkApis(offered: readonly ApiRange[]): Check {
  const name = 'api-versions';
  const lacking = USED_APIS.filter(({ apiKey, newest }) => {
    const range = offered.find((candidate) => candidate.apiKey === apiKey);
    return range === undefined || range.minVersion > newest;
  });
  if (lacking.length === 0) {
    return pass(name, { code: 'APIS_OK', used: USED_APIS.length, offered: offered.length });
  }
  const missing = lacking.map((each) => each.name);
  return lacking.some(({ isCore }) => isCore)
    ? fail(name, { code: 'APIS_MISSING', missing })
    : warn(name, { code: 'APIS_MISSING', missing });
}

/** PLAIN without TLS sends the password in clear text. */
export function checkLogin(seen: Login | Failure): Check {
  const name = 'login';
  if ('message' in seen) return fail(name, { code: 'LOGIN_FAILED', failure: seen });
  const { mechanism, tls, isLocal } = seen;
  return mechanism === 'plain' && !tls && !isLocal
    ? warn(name, { code: 'PASSWORD_NOT_ENCRYPTED', ...seen })
    : pass(name, { code: 'LOGIN_OK', ...seen });
}

export interface TopicObservation {
  readonly name: string;
  readonly exists: boolean;
  readonly differences: readonly TopicDifference[];
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader: number | null;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
    /** Null where its leader did not answer. */
    readonly endOffset: bigint | null;
  }[];
  /** With fewer in-sync replicas than this, the leader refuses writes. */
  readonly minInSyncReplicas: number;
  /** Leaders that did not answer, of any topic: a cluster without a quorum still calls their replicas in sync. */
  readonly silentBrokers: readonly number[];
}

/** One check a topic. More partitions or replicas than the profile asks for are fine. */
export function checkTopic(seen: TopicObservation, profile: string): Check {
  const { name: topic, partitions, minInSyncReplicas } = seen;
  const name = `topic ${topic}`;
  if (!seen.exists) return fail(name, { code: 'TOPIC_MISSING', profile });
  const offline = numbers(partitions.filter(({ leader }) => leader === null));
  if (offline.length > 0) {
    return fail(name, { code: 'TOPIC_OFFLINE', topic, partitions: offline });
  }
  const silent = numbers(partitions.filter(({ endOffset }) => endOffset === null));
  if (silent.length > 0) {
    return fail(name, { code: 'TOPIC_LEADER_SILENT', topic, partitions: silent });
  }
  const refusing = numbers(partitions.filter(({ isr }) => isr.length < minInSyncReplicas));
  if (refusing.length > 0) {
    return fail(name, { code: 'TOPIC_REFUSES_WRITES', topic, partitions: refusing });
  }
  const behind = numbers(partitions.filter(({ replicas, isr }) => isr.length < replicas.length));
  if (behind.length > 0) {
    return warn(name, { code: 'TOPIC_UNDER_REPLICATED', topic, partitions: behind });
  }
  const replicas = new Set(partitions.flatMap((each) => each.replicas));
  const brokers = seen.silentBrokers.filter((id) => replicas.has(id));
  if (brokers.length > 0) return warn(name, { code: 'TOPIC_REPLICAS_SILENT', topic, brokers });
  const differences = seen.differences.filter(
    ({ property, expected, actual }) =>
      !['partitions', 'replicationFactor'].includes(property) || Number(actual) < Number(expected),
  );
  return differences.length === 0
    ? pass(name, { code: 'TOPIC_OK', partitions: partitions.length })
    : warn(name, { code: 'TOPIC_DIFFERS', profile, differences });
}

function numbers(partitions: TopicObservation['partitions']): readonly number[] {
  return partitions.map(({ partition }) => partition);
}

export function checkGroup(seen: GroupObservation | Failure): Check {
  const name = 'group';
  if ('message' in seen) return fail(name, { code: 'GROUP_FAILED', failure: seen });
  const { state, members, lag } = seen;
  if (members > 0) {
    return state === 'Stable'
      ? pass(name, { code: 'GROUP_OK', ...seen })
      : warn(name, { code: 'GROUP_REBALANCING', ...seen });
  }
  if (state === 'Dead') return warn(name, { code: 'GROUP_NEVER_USED', ...seen });
  return lag === null || lag > 0n
    ? warn(name, { code: 'GROUP_WITHOUT_MEMBERS', ...seen })
    : pass(name, { code: 'GROUP_OK', ...seen });
}

/** A group has one store: another one misses what that one decided. */
export function checkStoreOfGroup(seen: StoreOfGroup | Failure): Check {
  const name = 'store-of-group';
  if ('message' in seen) return warn(name, { code: 'STORE_NOT_COMPARED', failure: seen });
  if (seen.code === 'STORE_OF_GROUP' || seen.code === 'NO_OFFSETS_TO_COMPARE') {
    return pass(name, seen);
  }
  if (seen.code !== 'NO_STORE_TO_COMPARE') return fail(name, seen);
  return seen.used === null ? pass(name, seen) : warn(name, seen);
}

/** A transaction that stays open keeps every consumer from what was written since. */
export function checkTransactions(
  transactions: readonly OpenTransaction[] | Failure,
  brokers: readonly string[],
): Check {
  const name = 'transactions';
  if ('message' in transactions) {
    return warn(name, { code: 'TRANSACTIONS_UNKNOWN', failure: transactions });
  }
  return transactions.length === 0
    ? pass(name, { code: 'TRANSACTIONS_OK' })
    : warn(name, { code: 'TRANSACTION_OPEN', transactions, brokers });
}

/** A check that is impossible because another one failed, which says why. */
export function notChecked(name: string): Check {
  return warn(name, { code: 'NOT_CHECKED' });
}
