/** Checks of the cluster: brokers, APIs, login, topics, group, clocks. */
import { CONSUMER_GROUP } from '../coupon/topics.js';
import { withFullStop } from '../errors.js';
import type { OpenTransaction } from '../ports/log.js';
import { describeOpenTransaction } from '../records/open-transaction.js';
import { count, counted } from '../text/figures.js';
import { shellWord } from '../text/shell-word.js';
import { fail, pass, warn, type Check, type Trouble } from './doctor.js';

export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

export interface ProbedBroker {
  readonly address: string;
  /** What came of it: how long it took, or why it did not answer. */
  readonly answer: { readonly connectMs: number; readonly answerMs: number } | Trouble;
}

/** Slower than a broker of the same region should be. */
const SLOW_MS = 500;

/** One address that answers is enough to work; each that does not is one spare less. */
export function checkBrokers(brokers: readonly ProbedBroker[]): Check {
  const name = 'broker';
  const lines = brokers.map(({ address, answer }) =>
    'message' in answer
      ? answer.message
      : `${address} answers in ${ms(answer.answerMs)}, ${ms(answer.connectMs)} to connect`,
  );
  const detail = lines.join('; ');
  const troubles = brokers.flatMap(({ answer }) => ('message' in answer ? [answer] : []));
  const [first] = troubles;
  if (first !== undefined && troubles.length === brokers.length) {
    const [broker] = brokers;
    return fail(name, withHint(detail, first), accessFix(first, broker?.address ?? null));
  }
  if (troubles.length > 0) return warn(name, detail, 'coupons context show');
  const slow = brokers.some(({ answer }) => 'answerMs' in answer && answer.answerMs > SLOW_MS);
  return slow ? warn(name, `${detail}: slow`, 'coupons lag --timeout 30') : pass(name, detail);
}

function withHint(detail: string, { hint }: Trouble): string {
  return hint === null ? detail : `${withFullStop(detail)} ${hint}`;
}

/** The command to try next; the hint in the detail says more. `silent` is the address that nobody answers at. */
function accessFix({ code }: Trouble, silent: string | null): string {
  switch (code) {
    case 'TLS_FAILED':
      return 'coupons doctor --tls-ca <file>';
    case 'TLS_NOT_OFFERED':
      return 'coupons doctor --no-tls';
    case 'CONNECTION_CLOSED':
      return 'coupons doctor --tls';
    case 'BROKER_TIMEOUT': // Something listens there.
    case 'AUTHENTICATION_FAILED':
    case 'USAGE':
      return 'coupons context show';
    default:
      return silent === null || isLocal(silent) ? startBroker(silent) : 'coupons context show';
  }
}

/** The embedded broker is for this machine only. */
function startBroker(address: string | null): string {
  const port = address?.split(':').at(-1) ?? DEFAULT_PORT;
  return `coupons broker start${port === DEFAULT_PORT ? '' : ` --port ${port}`}`;
}

const DEFAULT_PORT = '9092';

/** Whether a broker's address, "host:port", is of this machine. */
export function isLocal(address: string): boolean {
  return /^(localhost|127\.|\[::1\])/.test(address);
}

interface UsedApi {
  readonly apiKey: number;
  readonly name: string;
  /** The newest version that kafkajs 2.2.4 speaks; it speaks all from 0 up. */
  readonly newest: number;
  /** Without it nothing works; without the others a command or two. */
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
  const missing = USED_APIS.filter(({ apiKey, newest }) => {
    const range = offered.find((candidate) => candidate.apiKey === apiKey);
    return range === undefined || range.minVersion > newest;
  });
  if (missing.length === 0) {
    return pass(
      name,
      `all ${String(USED_APIS.length)} that are used, of ${String(offered.length)}`,
    );
  }
  const detail = `the broker lacks ${missing.map((each) => each.name).join(', ')} in a version that we speak`;
  const fix = 'use a broker of Kafka 2.1 to 4.x';
  return missing.some(({ isCore }) => isCore) ? fail(name, detail, fix) : warn(name, detail, fix);
}

export interface Login {
  readonly brokers: number;
  /** Null: no SASL. */
  readonly mechanism: string | null;
  readonly tls: boolean;
  /** All addresses are of this machine. */
  readonly isLocal: boolean;
}

/** A password that PLAIN sends without TLS can be read on its way. */
export function checkLogin(seen: Login | Trouble): Check {
  const name = 'login';
  if ('message' in seen) {
    return fail(name, withHint(seen.message, seen), accessFix(seen, null));
  }
  const { brokers, mechanism, tls, isLocal } = seen;
  const how = `${mechanism ?? 'no login'}, ${tls ? 'TLS' : 'no TLS'}`;
  const detail = `${how}; the cluster has ${counted(brokers, 'broker')}`;
  return mechanism === 'plain' && !tls && !isLocal
    ? warn(name, `${detail}: the password is sent in the clear`, 'coupons doctor --tls')
    : pass(name, detail);
}

export interface TopicObservation {
  readonly name: string;
  readonly exists: boolean;
  readonly differences: readonly {
    readonly property: string;
    readonly expected: string;
    readonly actual: string | null;
    /** The command. */
    readonly mend: string;
  }[];
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader: number | null;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
    /** Null where its leader did not answer. */
    readonly endOffset: bigint | null;
  }[];
  /** Fewer in-sync replicas, and the leader refuses what is sent. */
  readonly minInSyncReplicas: number;
}

/** One check a topic. More partitions or replicas than the profile asks for are no fault. */
export function checkTopic(topic: TopicObservation, profile: string): Check {
  const name = `topic ${topic.name}`;
  if (!topic.exists) {
    return fail(name, 'does not exist', `coupons topics create --profile ${profile}`);
  }
  const look = `coupons topics describe ${topic.name}`;
  const offline = topic.partitions.filter(({ leader }) => leader === null);
  if (offline.length > 0) return fail(name, `${numbers(offline)} without a leader`, look);
  const silent = topic.partitions.filter(({ endOffset }) => endOffset === null);
  if (silent.length > 0) return fail(name, `${numbers(silent)}: the leader does not answer`, look);
  const refusing = topic.partitions.filter(({ isr }) => isr.length < topic.minInSyncReplicas);
  if (refusing.length > 0) {
    const detail = `${numbers(refusing)} with fewer in-sync replicas than min.insync.replicas: what is sent is refused`;
    return fail(name, detail, look);
  }
  const behind = topic.partitions.filter(({ replicas, isr }) => isr.length < replicas.length);
  if (behind.length > 0) return warn(name, `${numbers(behind)} under-replicated`, look);
  const short = topic.differences.filter(
    ({ property, expected, actual }) =>
      !['partitions', 'replicationFactor'].includes(property) || Number(actual) < Number(expected),
  );
  if (short.length === 0) {
    return pass(name, `${counted(topic.partitions.length, 'partition')}, all in sync`);
  }
  const differences = short.map(
    ({ property, expected, actual }) =>
      `${property} is ${actual ?? 'the default'}, not ${expected}`,
  );
  const detail = `not as the ${profile} profile has it: ${differences.join(', ')}`;
  return warn(name, detail, short[0]?.mend ?? null);
}

function numbers(partitions: readonly { readonly partition: number }[]): string {
  const list = partitions.map(({ partition }) => String(partition)).join(', ');
  return `${partitions.length === 1 ? 'partition' : 'partitions'} ${list}`;
}

export interface GroupObservation {
  readonly group: string;
  /** As Kafka names it; Dead for one it does not know. */
  readonly state: string;
  readonly members: number;
  /** Null where the topic is missing. */
  readonly lag: bigint | null;
}

export function checkGroup(seen: GroupObservation | Trouble): Check {
  const name = 'group';
  if ('message' in seen) return fail(name, seen.message, seen.hint);
  const { group, state, members, lag } = seen;
  const flag = group === CONSUMER_GROUP ? '' : ` --group ${shellWord(group)}`;
  const behind = lag === null ? 'lag not known' : `lag ${count(Number(lag))}`;
  const detail = `${group}: ${state}, ${counted(members, 'member')}, ${behind}`;
  if (members > 0) {
    return state === 'Stable'
      ? pass(name, detail)
      : warn(name, `${detail}; it is rebalancing`, `coupons lag${flag}`);
  }
  const start = `coupons consume --concurrency 3${flag}`;
  if (state === 'Dead') return warn(name, `${group}: nobody has consumed yet, ${behind}`, start);
  return lag === null || lag > 0n
    ? warn(name, `${detail}: nobody works on it`, start)
    : pass(name, detail);
}

/** A transaction that stays open keeps every consumer from what was written since. */
export function checkTransactions(
  open: readonly OpenTransaction[],
  brokers: readonly string[],
): Check {
  const name = 'transactions';
  const [first] = open;
  if (first === undefined) return pass(name, 'none is open that records wait behind');
  const { topic, partition } = first;
  return warn(
    name,
    `${open.map(describeOpenTransaction).join('; ')}: no consumer can read them before it ends`,
    `kafka-transactions --bootstrap-server ${brokers.join(',')} describe-producers --topic ${topic} --partition ${String(partition)}`,
  );
}

/** More than what clocks that are kept by NTP differ by. */
const CLOCK_TOLERANCE_MS = 2000;

/** A record from the future tells that a clock is wrong. Null: there is no record to tell by. */
export function checkClock(newestTimestampMs: number | null | Trouble, nowMs: number): Check {
  const name = 'clock';
  if (newestTimestampMs !== null && typeof newestTimestampMs !== 'number') {
    return warn(name, `no record could be read: ${newestTimestampMs.message}`, null);
  }
  if (newestTimestampMs === null) return pass(name, 'no record to compare it with');
  const aheadMs = newestTimestampMs - nowMs;
  return aheadMs > CLOCK_TOLERANCE_MS
    ? warn(
        name,
        `the newest record is dated ${(aheadMs / 1000).toFixed(1)} s in the future: the clock here, or that of the broker or of a producer, is wrong`,
        'timedatectl status',
      )
    : pass(name, 'no record is dated in the future');
}

/** What could not be looked at, for want of something that another check reports. */
export function notLookedAt(name: string): Check {
  return warn(name, 'not looked at: the broker cannot be used', null);
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : String(Math.round(value))} ms`;
}
