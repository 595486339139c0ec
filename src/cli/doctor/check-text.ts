/** The words of the checks of src/doctor/check.ts: what was found, and the command that fixes it. */
import { dirname } from 'node:path';
import { CONSUMER_GROUP } from '../../coupon/topics.js';
import type {
  Check,
  DatedTopic,
  GroupObservation,
  InstalledVersions,
  Login,
  ProbedBroker,
} from '../../doctor/check.js';
import { isLocal } from '../../doctor/cluster-checks.js';
import type { StoreMismatch } from '../../ports/group-store.js';
import type { OpenTransaction } from '../../ports/log.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import { usableInstantMs } from '../../records/timestamp.js';
import { withFullStop, type Failure } from '../../errors.js';
import { byteSize } from '../../text/byte-size.js';
import { count, counted, duration } from '../../text/figures.js';
import { shellWord } from '../../text/shell-word.js';
import { mismatchFix, mismatchText } from '../mismatch-text.js';
import { inWords, type Words } from '../words.js';

export interface CheckText {
  readonly detail: string;
  /** The command to run, or where there is none, what to do; null where there is nothing to fix. */
  readonly fix: string | null;
}

export function checkText(check: Check): CheckText {
  return inWords(WORDS, check);
}

const FIRST_CAMPAIGN = 'coupons campaigns create 1 --stock 100';
const DESCRIBE_TOPIC = 'coupons topics describe';

const WORDS: Words<Check, CheckText> = {
  NODE_OK: ({ version, needed }) => fine(`Node ${version} (${needed} or newer is needed)`),
  NODE_TOO_OLD: ({ version, needed }) => ({
    detail: `Node ${version} is older than ${needed}`,
    fix: 'nvm install --lts',
  }),
  PACKAGES_OK: (installed) => fine(versions(installed)),
  PACKAGES_MISSING: ({ missing }) => ({
    detail: `not installed: ${missing.join(', ')}`,
    fix: 'npm ci',
  }),
  PACKAGES_NOT_AS_PINNED: ({ wrong, ...installed }) => ({
    detail: `${wrong.map(({ name, wanted }) => `${name} must be ${wanted}`).join(', ')}: ${versions(installed)}`,
    fix: 'npm ci',
  }),
  SQLITE_DOES_NOT_LOAD: ({ failure }) => ({
    detail: `better-sqlite3 does not load: ${failure.message}`,
    fix: 'npm rebuild better-sqlite3',
  }),
  DISK_OK: ({ directory, freeBytes }) => fine(free(directory, freeBytes)),
  DISK_LOW: ({ directory, freeBytes }) => ({
    detail: free(directory, freeBytes),
    fix: diskUsage(directory),
  }),
  DISK_FULL: ({ directory, freeBytes }) => ({
    detail: free(directory, freeBytes),
    fix: diskUsage(directory),
  }),
  DISK_UNKNOWN: ({ directory, failure }) => ({
    detail: failure.message,
    fix: diskUsage(directory),
  }),
  LOG_FILE_OK: ({ path }) => fine(`${path} can be written`),
  LOG_FILE_NOT_WRITABLE: ({ path, obstacle }) => ({
    detail: `${path} cannot be written: ${obstacle}`,
    fix: 'coupons consume --log-file ./application.log',
  }),
  KAFKA_UI_ABSENT: ({ url }) => fine(`not running at ${url}; \`docker compose up -d\` starts one`),
  KAFKA_UI_OK: ({ url }) => fine(`answers at ${url}`),
  KAFKA_UI_FAILS: ({ url, httpStatus }) => ({
    detail: `${url} answers with status ${String(httpStatus)}`,
    fix: 'docker compose restart kafka-ui',
  }),
  STORE_MISSING: ({ path }) => ({ detail: `none yet at ${path}`, fix: FIRST_CAMPAIGN }),
  STORE_EMPTY: ({ path }) => ({ detail: `${path} is empty`, fix: FIRST_CAMPAIGN }),
  STORE_LOCKED: ({ path }) => ({
    detail: `${path} cannot be written: another process keeps it locked`,
    fix: lockHolders(path),
  }),
  STORE_NOT_WRITABLE: ({ path, obstacle }) => ({
    detail: `${path} cannot be written: ${obstacle}`,
    fix: `ls -ld ${shellWord(dirname(path))} ${shellWord(path)}`,
  }),
  STORE_FAILED: ({ path, failure }) => ({ detail: failure.message, fix: storeFix(path, failure) }),
  STORE_DAMAGED: ({ path, damages }) => ({
    detail: `${path} is damaged: ${damages.join('; ')}`,
    fix: recover(path),
  }),
  STORE_OLD_SCHEMA: ({ path, schemaVersion, latestSchemaVersion, sizeBytes }) => ({
    detail: `${path} has schema ${String(schemaVersion)} of ${String(latestSchemaVersion)}, ${byteSize(sizeBytes)}; the next command that writes to it updates the schema`,
    fix: 'coupons store migrate',
  }),
  STORE_OK: ({ path, schemaVersion, sizeBytes }) =>
    fine(`${path}: integrity ok, schema ${String(schemaVersion)}, ${byteSize(sizeBytes)}`),
  BROKERS_OK: ({ brokers }) => fine(answers(brokers)),
  BROKERS_SLOW: ({ brokers }) => ({
    detail: `${answers(brokers)}: slow`,
    fix: 'coupons lag --timeout 30',
  }),
  BROKERS_MISSING: ({ brokers }) => ({ detail: answers(brokers), fix: 'coupons context show' }),
  BROKERS_UNREACHABLE: ({ brokers }) => unreachable(brokers),
  APIS_OK: ({ used, offered }) =>
    fine(`the broker offers all ${String(used)} APIs that coupons uses (of ${String(offered)})`),
  APIS_MISSING: ({ missing }) => ({
    detail: `the broker lacks ${missing.join(', ')} in a version that coupons supports`,
    fix: 'use a broker of Kafka 2.1 to 4.x',
  }),
  LOGIN_OK: (login) => fine(loggedIn(login)),
  LOGIN_FAILED: ({ failure }) => ({
    detail: withHint(failure.message, failure),
    fix: accessFix(failure, null),
  }),
  PASSWORD_NOT_ENCRYPTED: (login) => ({
    detail: `${loggedIn(login)}: the password is sent in clear text`,
    fix: 'coupons doctor --tls',
  }),
  GROUP_OK: (group) => fine(describeGroup(group)),
  STORE_OF_GROUP: ({ group, path }) => fine(`${path} has all that ${group} has committed`),
  NO_STORE_TO_COMPARE: ({ group, path, used }) =>
    used === null
      ? fine(`no store at ${path} to compare with what ${group} has committed`)
      : {
          detail: `${group} uses the store ${used.path} on ${used.host}; there is none at ${path}`,
          fix: `coupons doctor --store ${shellWord(used.path)}`,
        },
  STORE_NOT_COMPARED: ({ failure }) => ({ detail: failure.message, fix: failure.hint }),
  STORE_OF_ANOTHER_CLUSTER: mismatched,
  OFFSETS_OF_ANOTHER_STORE: mismatched,
  OFFSETS_AHEAD_OF_STORE: mismatched,
  GROUP_FAILED: ({ failure }) => ({ detail: failure.message, fix: failure.hint }),
  GROUP_REBALANCING: (group) => ({
    detail: `${describeGroup(group)}; it is rebalancing`,
    fix: `coupons lag${groupFlag(group)}`,
  }),
  GROUP_NEVER_USED: (group) => ({
    detail: `${group.group}: no member has ever consumed, ${lagText(group)}`,
    fix: startConsumers(group),
  }),
  GROUP_WITHOUT_MEMBERS: (group) => ({
    detail: `${describeGroup(group)}: no member reads these records`,
    fix: startConsumers(group),
  }),
  TRANSACTIONS_OK: () => fine('none is open that records wait behind'),
  TRANSACTION_OPEN: ({ transactions, brokers }) => ({
    detail: `${transactions.map(describeOpenTransaction).join('; ')}: no consumer can read them before it ends`,
    fix: describeProducers(brokers, transactions[0]),
  }),
  CLOCK_OK: ({ topics, nowMs }) =>
    fine(
      `no record is dated in the future; looked at: ${topics
        .map((topic) => datedRecord(topic, nowMs))
        .join(', ')}`,
    ),
  CLOCK_WITHOUT_RECORDS: () => fine('no record to compare it with'),
  CLOCK_UNKNOWN: ({ failure }) => ({
    detail: `no record could be read: ${failure.message}`,
    fix: null,
  }),
  CLOCK_DIFFERS: ({ topic: { topic, clock }, aheadMs }) => ({
    detail:
      clock === 'broker'
        ? `this machine's clock is ${duration(aheadMs)} or more behind the broker's, which dated the newest record of ${topic}`
        : `the producer of the newest record of ${topic} dated it ${duration(aheadMs)} in the future: its clock or that of this machine is wrong`,
    fix: CLOCK_STATUS,
  }),
  CONSUMER_CLOCK_AHEAD: ({ attemptedAtMs, aheadMs }) => ({
    detail: `the clock of the consumer that wrote the newest dead letter is ${duration(aheadMs)} ahead of the broker's: it said ${clockTime(attemptedAtMs)}`,
    fix: CLOCK_STATUS,
  }),
  CONSUMER_CLOCK_REFUSED: ({ attemptedAtMs }) => ({
    detail: `the broker refused the time of the newest dead letter, which therefore has none: the clock of the consumer that wrote it said ${clockTime(attemptedAtMs)}`,
    fix: CLOCK_STATUS,
  }),
  NOT_CHECKED: () => fine("not checked: the broker can't be used"),
  TOPICS_FAILED: ({ failure }) => ({ detail: failure.message, fix: failure.hint }),
  TOPIC_MISSING: ({ profile }) => ({
    detail: 'does not exist',
    fix: `coupons topics create --profile ${profile}`,
  }),
  TOPIC_OFFLINE: ({ topic, partitions }) => ({
    detail: `${numbered(partitions)} without a leader`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_LEADER_SILENT: ({ topic, partitions }) => ({
    detail: `${numbered(partitions)}: the leader does not answer`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_REFUSES_WRITES: ({ topic, partitions }) => ({
    detail: `${numbered(partitions)} with fewer in-sync replicas than min.insync.replicas: writes are refused`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_UNDER_REPLICATED: ({ topic, partitions }) => ({
    detail: `${numbered(partitions)} under-replicated`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_DIFFERS: ({ profile, differences }) => ({
    detail: `differs from the ${profile} profile: ${differences
      .map(
        ({ property, expected, actual }) =>
          `${property} is ${actual ?? 'the default'}, not ${expected}`,
      )
      .join(', ')}`,
    fix: differences[0]?.fix ?? null,
  }),
  TOPIC_OK: ({ partitions }) => fine(`${counted(partitions, 'partition')}, all in sync`),
};

/** On the machine whose clock it is. */
const CLOCK_STATUS = 'timedatectl status';

function datedRecord({ topic, newestMs, clock }: DatedTopic, nowMs: number): string {
  const usableMs = usableInstantMs(newestMs);
  const age =
    usableMs === null ? 'without a usable time' : `${duration(Math.max(0, nowMs - usableMs))} old`;
  return `the newest record of ${topic} (${age}, dated by its ${clock})`;
}

function clockTime(ms: number): string {
  return new Date(ms).toISOString();
}

function fine(detail: string): CheckText {
  return { detail, fix: null };
}

function versions({ ownVersion, sqliteVersion, packages }: InstalledVersions): string {
  const others = packages.map(({ name, version }) => `${name} ${version ?? ''}`);
  return [`coupons ${ownVersion}`, `SQLite ${sqliteVersion}`, ...others].join(', ');
}

function free(directory: string, freeBytes: number): string {
  return `${byteSize(freeBytes)} free at ${directory}`;
}

function diskUsage(directory: string): string {
  return `df -h ${shellWord(directory)}`;
}

/** Shows which processes have the file open. */
function lockHolders(path: string): string {
  return `lsof ${shellWord(path)}`;
}

function storeFix(path: string, { code }: Failure): string {
  switch (code) {
    case 'STORE_CORRUPT':
      return recover(path);
    case 'STORE_BUSY':
      return lockHolders(path);
    case 'STORE_NEWER_VERSION':
      return 'npm install --global coupons@latest';
    case 'STORE_NOT_A_DATABASE':
    case 'STORE_FOREIGN_DATABASE':
      return 'coupons doctor --store <path>';
    default:
      return `ls -l ${shellWord(path)}`;
  }
}

/** SQLite's own way (https://sqlite.org/recovery.html); it does not change the old file. */
function recover(path: string): string {
  return `sqlite3 ${shellWord(path)} .recover | sqlite3 ${shellWord(`${path}.recovered`)}`;
}

function answers(brokers: readonly ProbedBroker[]): string {
  return brokers
    .map(({ address, answer }) =>
      'message' in answer
        ? answer.message
        : `${address} answers in ${ms(answer.answerMs)}, ${ms(answer.connectMs)} to connect`,
    )
    .join('; ');
}

function unreachable(brokers: readonly ProbedBroker[]): CheckText {
  const [first] = brokers;
  const detail = answers(brokers);
  if (first === undefined || !('message' in first.answer)) return fine(detail);
  return { detail: withHint(detail, first.answer), fix: accessFix(first.answer, first.address) };
}

function withHint(detail: string, { hint }: Failure): string {
  return hint === null ? detail : `${withFullStop(detail)} ${hint}`;
}

/** The command to try next. `silent`: the address that does not answer. */
function accessFix({ code }: Failure, silent: string | null): string {
  switch (code) {
    case 'TLS_FAILED':
      return 'coupons doctor --tls-ca <file>';
    case 'TLS_NOT_OFFERED':
      return 'coupons doctor --no-tls';
    case 'CONNECTION_CLOSED':
      return 'coupons doctor --tls';
    case 'BROKER_TIMEOUT': // A process listens there, so a second broker can't be started.
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

function loggedIn({ brokers, mechanism, tls }: Login): string {
  const how = `${mechanism ?? 'no login'}, ${tls ? 'TLS' : 'no TLS'}`;
  return `${how}; the cluster has ${counted(brokers, 'broker')}`;
}

function mismatched(seen: StoreMismatch & { readonly group: string; readonly host: string }) {
  return { detail: mismatchText(seen, seen.group), fix: mismatchFix(seen, seen) };
}

function describeGroup(seen: GroupObservation): string {
  const { group, state, members } = seen;
  return `${group}: ${state}, ${counted(members, 'member')}, ${lagText(seen)}`;
}

function lagText({ lag }: GroupObservation): string {
  return lag === null ? 'lag unknown' : `lag ${count(Number(lag))}`;
}

function startConsumers(seen: GroupObservation): string {
  return `coupons consume --concurrency 3${groupFlag(seen)}`;
}

function groupFlag({ group }: GroupObservation): string {
  return group === CONSUMER_GROUP ? '' : ` --group ${shellWord(group)}`;
}

/** Kafka's own tool shows which producer has the transaction. */
function describeProducers(
  brokers: readonly string[],
  transaction: OpenTransaction | undefined,
): string | null {
  if (transaction === undefined) return null;
  const { topic, partition } = transaction;
  return `kafka-transactions --bootstrap-server ${brokers.join(',')} describe-producers --topic ${topic} --partition ${String(partition)}`;
}

function numbered(partitions: readonly number[]): string {
  return `${partitions.length === 1 ? 'partition' : 'partitions'} ${partitions.join(', ')}`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : String(Math.round(value))} ms`;
}
