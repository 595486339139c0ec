import { membersFor } from '../../../advice/steps.js';
import { CONSUMER_GROUP } from '../../../coupon/topics.js';
import type {
  ClusterFinding,
  GroupObservation,
  Login,
  ProbedBroker,
} from '../../../doctor/check.js';
import { isLocal } from '../../../doctor/cluster-checks.js';
import type { Failure } from '../../../errors.js';
import { describePlace, type StoreMismatch } from '../../../ports/group-store.js';
import type { OpenTransaction } from '../../../ports/log.js';
import { describeOpenTransaction } from '../../../records/open-transaction.js';
import { count, counted } from '../../../text/figures.js';
import { shellWord } from '../../../text/shell-word.js';
import { mismatchFix, mismatchText } from '../store-mismatch.js';
import type { Words } from '../../in-words.js';
import { fine, withHint, type CheckText } from './text.js';

export const CLUSTER: Words<ClusterFinding, CheckText> = {
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
  LOGIN_FAILED: ({ failure }) => noAccess(failure.message, failure, null),
  PASSWORD_NOT_ENCRYPTED: (login) => ({
    detail: `${loggedIn(login)}: the password is sent in clear text`,
    fix: 'coupons doctor --tls',
  }),
  GROUP_OK: (group) => fine(describeGroup(group)),
  STORE_OF_GROUP: ({ group, path }) => fine(`${path} has all that ${group} has committed`),
  NO_OFFSETS_TO_COMPARE: ({ group, path }) =>
    fine(`${group} has committed nothing to compare with ${path}`),
  // The check of the store has the fix.
  NO_STORE_TO_COMPARE: ({ group, path, used }) =>
    fine(
      used === null
        ? `no store at ${path} to compare with what ${group} has committed`
        : `${group} has committed offsets with the store ${describePlace(used)}; there is none at ${path}`,
    ),
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
  TRANSACTIONS_UNKNOWN: ({ failure }) => ({
    detail: `not known whether one is open. ${failure.message}`,
    fix: failure.hint,
  }),
  TRANSACTION_OPEN: ({ transactions, brokers }) => ({
    detail: `${transactions.map(describeOpenTransaction).join('; ')}: no consumer can read them before it ends`,
    fix: describeProducers(brokers, transactions[0]),
  }),
  NOT_CHECKED: () => fine("not checked: the broker can't be used"),
};

function answers(brokers: readonly ProbedBroker[]): string {
  return brokers
    .map(({ address, answer }) =>
      'message' in answer
        ? answer.message
        : `${address} answers in ${ms(answer.answerMs)}, ${ms(answer.connectMs)} to connect`,
    )
    .join('; ')
    .replaceAll('.; ', '; ');
}

function unreachable(brokers: readonly ProbedBroker[]): CheckText {
  const [first] = brokers;
  const detail = answers(brokers);
  if (first === undefined || !('message' in first.answer)) return fine(detail);
  return noAccess(detail, first.answer, first.address);
}

/** `silent`: the address that does not answer. */
function noAccess(detail: string, failure: Failure, silent: string | null): CheckText {
  // Which certificate or name is wrong, only the hint knows.
  if (failure.code === 'TLS_FAILED') return { detail, fix: failure.hint };
  return { detail: withHint(detail, failure), fix: accessFix(failure, silent) };
}

/** The command to try next. */
function accessFix({ code }: Failure, silent: string | null): string {
  switch (code) {
    case 'TLS_NOT_OFFERED':
      return 'coupons doctor --no-tls';
    case 'CONNECTION_CLOSED':
      return 'coupons doctor --tls';
    case 'BROKER_TIMEOUT': // A process listens there, so a second broker can't be started.
    case 'AUTHENTICATION_FAILED':
    case 'USAGE':
      return 'coupons context show';
    default:
      return silent !== null && isLocal(silent) ? startBroker(silent) : 'coupons context show';
  }
}

/** The embedded broker is for this machine only. */
function startBroker(address: string): string {
  const port = address.split(':').at(-1) ?? DEFAULT_PORT;
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
  const { partitions } = seen;
  const members = partitions === null ? '' : ` --concurrency ${String(membersFor(partitions))}`;
  return `coupons consume${members}${groupFlag(seen)}`;
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

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : String(Math.round(value))} ms`;
}
