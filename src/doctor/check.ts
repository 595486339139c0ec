import type { Failure } from '../errors.js';
import type { GroupStore, StoreMismatch } from '../ports/group-store.js';
import type { OpenTransaction } from '../ports/log.js';
import type { ServerHealth, TablePrivilege } from '../ports/store-access.js';

/** What a check of `doctor` found: pure judgement of what was observed. */

export type CheckStatus = 'pass' | 'warn' | 'fail';

/** The result of one check. src/words/en/doctor/ has the words of its code. */
export type Check = { readonly name: string; readonly status: CheckStatus } & CheckFinding;

export type CheckFinding =
  MachineFinding | StoreFinding | ServerFinding | ClusterFinding | TopicFinding | ClockFinding;

export type CheckCode = CheckFinding['code'];

export type MachineFinding =
  | {
      readonly code: 'NODE_OK' | 'NODE_TOO_OLD';
      readonly version: string;
      /** The oldest version that is supported. */
      readonly needed: string;
    }
  | {
      readonly code: 'PACKAGES_MISSING';
      readonly missing: readonly string[];
      /** Where coupons is installed. */
      readonly directory: string;
    }
  | { readonly code: 'SQLITE_DOES_NOT_LOAD'; readonly failure: Failure }
  | (InstalledVersions & { readonly code: 'PACKAGES_OK' })
  | (InstalledVersions & {
      readonly code: 'PACKAGES_NOT_AS_PINNED';
      readonly wrong: readonly InstalledPackage[];
      readonly directory: string;
    })
  | {
      readonly code: 'DISK_OK' | 'DISK_LOW' | 'DISK_FULL';
      readonly directory: string;
      readonly freeBytes: number;
    }
  | { readonly code: 'DISK_UNKNOWN'; readonly directory: string; readonly failure: Failure }
  | { readonly code: 'LOG_FILE_OK'; readonly path: string }
  /** `obstacle`: the operating system's reason. */
  | { readonly code: 'LOG_FILE_NOT_WRITABLE'; readonly path: string; readonly obstacle: string }
  | { readonly code: 'KAFKA_UI_ABSENT' | 'KAFKA_UI_OK'; readonly url: string }
  | { readonly code: 'KAFKA_UI_FAILS'; readonly url: string; readonly httpStatus: number };

export interface InstalledVersions {
  /** Of coupons itself. */
  readonly ownVersion: string;
  readonly sqliteVersion: string;
  readonly packages: readonly InstalledPackage[];
}

export interface InstalledPackage {
  readonly name: string;
  /** The version or range that package.json asks for. */
  readonly wanted: string;
  /** Null: not installed. */
  readonly version: string | null;
}

export interface StoreElsewhere {
  readonly group: string;
  /** Of this machine. */
  readonly host: string;
  readonly used: GroupStore;
}

export type StoreFinding =
  | {
      readonly code: 'STORE_MISSING' | 'STORE_EMPTY';
      readonly path: string;
      /** The store that the group uses; null: none that is known; `unknown`: the cluster did not say. */
      readonly elsewhere: StoreElsewhere | 'unknown' | null;
    }
  | { readonly code: 'STORE_LOCKED'; readonly path: string }
  | { readonly code: 'STORE_NOT_WRITABLE'; readonly path: string; readonly obstacle: string }
  | { readonly code: 'STORE_FAILED'; readonly path: string; readonly failure: Failure }
  | { readonly code: 'STORE_DAMAGED'; readonly path: string; readonly damages: readonly string[] }
  | {
      readonly code: 'STORE_PRIVILEGES_MISSING';
      readonly path: string;
      readonly missing: readonly TablePrivilege[];
    }
  | {
      readonly code: 'STORE_OLD_SCHEMA';
      readonly path: string;
      readonly schemaVersion: number;
      readonly latestSchemaVersion: number;
      readonly sizeBytes: number;
    }
  | {
      readonly code: 'STORE_LOG_LARGE';
      readonly path: string;
      readonly logBytes: number;
    }
  | {
      readonly code: 'STORE_OK';
      readonly path: string;
      readonly schemaVersion: number;
      readonly sizeBytes: number;
    };

export type ServerFinding =
  /** `needed`: the oldest major version that is supported. */
  | { readonly code: 'SERVER_TOO_OLD'; readonly version: string; readonly needed: number }
  | { readonly code: 'SERVER_IS_STANDBY' }
  /** `settings`: those that are off. */
  | { readonly code: 'SERVER_MAY_LOSE_COMMITS'; readonly settings: readonly string[] }
  | {
      readonly code: 'SERVER_CONNECTIONS_FEW';
      readonly connections: number;
      readonly connectionLimit: number;
    }
  /** `aheadMs`: of this machine's clock; below 0: behind it. */
  | { readonly code: 'SERVER_CLOCK_DIFFERS'; readonly aheadMs: number }
  | { readonly code: 'SERVER_OK'; readonly server: ServerHealth };

export interface ProbedBroker {
  /** "host:port" */
  readonly address: string;
  /** How long it took, or why it did not answer. */
  readonly answer: { readonly connectMs: number; readonly answerMs: number } | Failure;
}

export interface Login {
  /** In the cluster. */
  readonly brokers: number;
  /** Null: no SASL. */
  readonly mechanism: string | null;
  readonly tls: boolean;
  /** All addresses are of this machine. */
  readonly isLocal: boolean;
}

export interface GroupObservation {
  readonly group: string;
  /** Kafka's word; Dead for an unknown group. */
  readonly state: string;
  readonly members: number;
  /** Of the request topic, as `lag`; null where the topic is missing. */
  readonly partitions: number | null;
  readonly lag: bigint | null;
}

/** The store of this machine beside a group's committed offsets. */
export type StoreOfGroup = { readonly group: string; readonly host: string } & (
  | StoreMismatch
  | { readonly code: 'STORE_OF_GROUP' | 'NO_OFFSETS_TO_COMPARE'; readonly path: string }
  /** `used`: the store that the offsets name; null: none. */
  | {
      readonly code: 'NO_STORE_TO_COMPARE';
      readonly path: string;
      readonly used: GroupStore | null;
    }
);

export type ClusterFinding =
  | StoreOfGroup
  | { readonly code: 'STORE_NOT_COMPARED'; readonly failure: Failure }
  | {
      readonly code: 'BROKERS_OK' | 'BROKERS_SLOW' | 'BROKERS_MISSING' | 'BROKERS_UNREACHABLE';
      readonly brokers: readonly ProbedBroker[];
    }
  | { readonly code: 'APIS_OK'; readonly used: number; readonly offered: number }
  | { readonly code: 'APIS_MISSING'; readonly missing: readonly string[] }
  | { readonly code: 'LOGIN_FAILED'; readonly failure: Failure }
  | (Login & { readonly code: 'LOGIN_OK' | 'PASSWORD_NOT_ENCRYPTED' })
  | { readonly code: 'GROUP_FAILED'; readonly failure: Failure }
  | (GroupObservation & {
      readonly code:
        'GROUP_OK' | 'GROUP_REBALANCING' | 'GROUP_NEVER_USED' | 'GROUP_WITHOUT_MEMBERS';
    })
  | { readonly code: 'TRANSACTIONS_OK' }
  | { readonly code: 'TRANSACTIONS_UNKNOWN'; readonly failure: Failure }
  | {
      readonly code: 'TRANSACTION_OPEN';
      readonly transactions: readonly OpenTransaction[];
      /** "host:port" each, of the cluster. */
      readonly brokers: readonly string[];
    }
  | { readonly code: 'NOT_CHECKED' };

export interface TopicDifference {
  readonly property: string;
  readonly expected: string;
  readonly actual: string | null;
  /** The command. */
  readonly fix: string;
}

export type TopicFinding =
  | { readonly code: 'TOPICS_FAILED'; readonly failure: Failure }
  | { readonly code: 'TOPIC_MISSING'; readonly profile: string }
  | {
      readonly code:
        'TOPIC_OFFLINE' | 'TOPIC_LEADER_SILENT' | 'TOPIC_REFUSES_WRITES' | 'TOPIC_UNDER_REPLICATED';
      readonly topic: string;
      readonly partitions: readonly number[];
    }
  | {
      readonly code: 'TOPIC_REPLICAS_SILENT';
      readonly topic: string;
      readonly brokers: readonly number[];
    }
  | {
      readonly code: 'TOPIC_DIFFERS';
      readonly profile: string;
      readonly differences: readonly TopicDifference[];
    }
  | { readonly code: 'TOPIC_OK'; readonly partitions: number };

/** The newest of the last records of a topic's partitions. */
export interface DatedTopic {
  readonly topic: string;
  readonly newestMs: number;
  /** Whose: the broker's with message.timestamp.type=LogAppendTime. */
  readonly clock: 'broker' | 'producer';
}

export type ClockFinding =
  | { readonly code: 'CLOCK_UNKNOWN'; readonly failure: Failure }
  | { readonly code: 'CLOCK_WITHOUT_RECORDS' }
  /** `nowMs`: by this machine's clock. */
  | { readonly code: 'CLOCK_OK'; readonly topics: readonly DatedTopic[]; readonly nowMs: number }
  /** The newest record is dated so far in the future. */
  | { readonly code: 'CLOCK_DIFFERS'; readonly topic: DatedTopic; readonly aheadMs: number }
  /** The consumer that wrote the newest dead letter is so far ahead of the broker. */
  | {
      readonly code: 'CONSUMER_CLOCK_AHEAD';
      readonly attemptedAtMs: number;
      readonly aheadMs: number;
    }
  | { readonly code: 'CONSUMER_CLOCK_REFUSED'; readonly attemptedAtMs: number };

/** Of checks that had nothing to look at: neither good nor bad. */
const NOTHING_LOOKED_AT: readonly CheckCode[] = [
  'NOT_CHECKED',
  'NO_OFFSETS_TO_COMPARE',
  'CLOCK_WITHOUT_RECORDS',
  'KAFKA_UI_ABSENT',
];

/** False where there was nothing to look at, whatever the status says. */
export function hasLooked({ code, status }: Looked): boolean {
  // It is a warning where the group uses a store elsewhere: that was looked at.
  const isWithoutStore = code === 'NO_STORE_TO_COMPARE' && status === 'pass';
  return !isWithoutStore && !NOTHING_LOOKED_AT.includes(code);
}

interface Looked {
  readonly code: CheckCode;
  readonly status: CheckStatus;
}

/** A warning alone does not fail the command. */
export function verdictOf(checks: readonly { readonly status: CheckStatus }[]): 'PASS' | 'FAIL' {
  return checks.some(({ status }) => status === 'fail') ? 'FAIL' : 'PASS';
}

export function pass(name: string, finding: CheckFinding): Check {
  return { name, status: 'pass', ...finding };
}

export function warn(name: string, finding: CheckFinding): Check {
  return { name, status: 'warn', ...finding };
}

export function fail(name: string, finding: CheckFinding): Check {
  return { name, status: 'fail', ...finding };
}
