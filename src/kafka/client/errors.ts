import kafkajs from 'kafkajs';
import { CliError, UnreachableError, messageOf } from '../../errors.js';
import { withoutColons } from './ipv6.js';
import { inSeconds } from './seconds.js';
import { isTlsFailure } from '../../tls-failure.js';
import { tlsFailure } from './tls-failure.js';

/** What the user was trying to do and with which cluster: the beginning of every message. */
export interface Attempt {
  /** In the -ing form: "listing topics". */
  readonly doing: string;
  readonly brokers: readonly string[];
}

const START_ONE = 'start one with `coupons broker start` or `docker compose up -d`';

/** Only a cluster that is expected on this machine can be started from here. */
function isOnThisMachine(brokers: readonly string[]): boolean {
  return brokers.some((broker) => /^(localhost|127\.[\d.]+|\[::1\]):\d+$/i.test(broker));
}

/** Turns whatever kafkajs threw into one clear error; a CliError passes as it is. */
export function brokerError(error: unknown, attempt: Attempt): CliError {
  if (error instanceof CliError) return error;
  const cause = rootCause(error);
  const where = attempt.brokers.join(', ');
  const message = reasonOf(cause);
  if (cause instanceof kafkajs.KafkaJSSASLAuthenticationError) {
    return new UnreachableError(
      'AUTHENTICATION_FAILED',
      `The broker at ${where} refused the login while ${attempt.doing}: ${message}`,
      'Check --sasl-mechanism, --sasl-username and the password: `coupons context show` shows where each comes from.',
      { cause: error },
    );
  }
  if (isTlsFailure(message, cause)) {
    const { code, reason, hint } = tlsFailure(message);
    return new UnreachableError(
      code,
      `No TLS connection to ${where} while ${attempt.doing}: ${reason}.`,
      hint,
      { cause: error },
    );
  }
  if (message.includes(CLOSED)) {
    return new UnreachableError(
      'CONNECTION_CLOSED',
      `The broker at ${where} closed the connection while ${attempt.doing}.`,
      'The port may need TLS (--tls, --tls-ca) or a login (--sasl-mechanism), or the broker is shutting down.',
      { cause: error },
    );
  }
  const named = brokerNamedByCluster(cause, attempt);
  if (named !== null) {
    return new UnreachableError(
      'BROKER_UNREACHABLE',
      `The cluster at ${where} names ${named} as one of its brokers, but it does not answer while ${attempt.doing}: ${message}`,
      'Start that broker again. If its address is wrong for this machine, fix its advertised.listeners.',
      { cause: error },
    );
  }
  if (isConnectionFailure(cause)) {
    return new UnreachableError(
      'BROKER_UNREACHABLE',
      `No broker answers at ${where} while ${attempt.doing}: ${message}`,
      isOnThisMachine(attempt.brokers)
        ? `If none runs there, ${START_ONE}; otherwise check --brokers (and --tls, --sasl-mechanism).`
        : 'Check --brokers (and --tls, --sasl-mechanism), and that these brokers are up and can be reached from here.',
      { cause: error },
    );
  }
  if (cause instanceof kafkajs.KafkaJSProtocolError) return protocolError(cause, attempt);
  return new CliError('BROKER_ERROR', `${sentence(attempt.doing)} failed: ${message}`, null, {
    cause: error,
  });
}

/** --timeout is over. `hanging`: the brokers that are known not to answer. */
export function timedOut(
  { doing, brokers }: Attempt,
  timeoutMs: number,
  hanging: readonly string[] = [],
): UnreachableError {
  const limit = inSeconds(timeoutMs);
  if (hanging.length > 0 && brokers.some((broker) => !hanging.includes(withoutColons(broker)))) {
    return new UnreachableError(
      'BROKER_TIMEOUT',
      `The cluster's broker at ${hanging.join(', ')} does not answer, and no other broker took over its partitions within ${limit} while ${doing}.`,
      TAKING_OVER,
    );
  }
  return new UnreachableError(
    'BROKER_TIMEOUT',
    `No answer from ${brokers.join(', ')} within ${limit} while ${doing}.`,
    `Check that these are Kafka brokers and that they are up. Wait longer with --timeout${isOnThisMachine(brokers) ? `, or ${START_ONE}` : ''}.`,
  );
}

const TAKING_OVER =
  'Kafka takes about 9 s to notice that a broker is down. Retry, or wait longer with --timeout. If it lasts, `coupons status` shows which brokers answer.';

/** Kafka's own name of an error (UNKNOWN_TOPIC_OR_PARTITION, ...), or null where it is none. */
export function protocolErrorType(error: unknown): string | null {
  const cause = rootCause(error);
  return cause instanceof kafkajs.KafkaJSProtocolError ? cause.type : null;
}

/** The second of a name that no topic can have: the headers of a dead letter may say anything. */
const NO_SUCH_TOPIC = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

export function isNoSuchTopic(error: unknown): boolean {
  return NO_SUCH_TOPIC.includes(protocolErrorType(error) ?? '');
}

/** The first topic that the broker would not make, and why; null where it is another failure. */
export function refusedTopic(error: unknown): {
  readonly topic: string;
  readonly type: string;
  readonly message: string;
} | null {
  const failures = error instanceof kafkajs.KafkaJSAggregateError ? error.errors : [];
  for (const failure of failures) {
    if (!(failure instanceof kafkajs.KafkaJSProtocolError)) continue;
    // Another process created it first; the next plan compares it.
    if (failure.type === 'TOPIC_ALREADY_EXISTS' || !('topic' in failure)) continue;
    return { topic: String(failure.topic), type: failure.type, message: failure.message };
  }
  return null;
}

/** Other brokers answer, but not the one that is needed. */
export function brokerDown(error: unknown): UnreachableError {
  return new UnreachableError(
    'BROKER_UNREACHABLE',
    `One broker of the cluster does not answer, and no other broker has taken over its partitions yet: ${reasonOf(rootCause(error))}`,
    TAKING_OVER,
    { cause: error },
  );
}

/** The errors of a leader whose replicas are missing: they end when a dead one has left the ISR. */
export const REPLICAS_MISSING = [
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
];

function protocolError(error: kafkajs.KafkaJSProtocolError, attempt: Attempt): CliError {
  if (error.type === 'ILLEGAL_SASL_STATE') {
    return new UnreachableError(
      'AUTHENTICATION_FAILED',
      `The broker at ${attempt.brokers.join(', ')} does not accept a SASL login on that port (while ${attempt.doing}).`,
      'Remove --sasl-mechanism, or give the port of its SASL listener with --brokers.',
      { cause: error },
    );
  }
  if (error.type.endsWith('_AUTHORIZATION_FAILED')) {
    return new CliError(
      error.type,
      `This user is not authorized (while ${attempt.doing}): ${error.message}`,
      'Ask for the ACL, or log in as another user.',
      { cause: error },
    );
  }
  if (error.type === 'INVALID_TIMESTAMP') return timeRefused(error, attempt);
  const hint = REPLICAS_MISSING.includes(error.type)
    ? 'Too few replicas are in sync. `coupons topics describe` shows their brokers: start them again.'
    : null;
  return new CliError(error.type, `${sentence(attempt.doing)} failed: ${error.message}`, hint, {
    cause: error,
  });
}

/** kafkajs gives each record the time of this machine. */
function timeRefused(error: kafkajs.KafkaJSProtocolError, { doing }: Attempt): CliError {
  return new CliError(
    'INVALID_TIMESTAMP',
    `${sentence(doing)} failed: the broker refused the time of the records, which is the time of this machine: ${new Date().toISOString()}. Its own clock is behind that by more than message.timestamp.after.max.ms of the topic (1 h by default), or ahead by more than message.timestamp.before.max.ms.`,
    'Compare the clocks of this machine and of the brokers (`date -u`, `timedatectl status`) and set the wrong one; or let the broker set the time of records: message.timestamp.type=LogAppendTime on the topic.',
    { cause: error },
  );
}

/** Whether it failed for want of a connection, whatever else may be well. */
export function isUnreachable(error: unknown): boolean {
  return isConnectionFailure(rootCause(error));
}

/** "host:port" of the broker to which a connection failed, or null. */
export function brokerOf(error: unknown): string | null {
  const cause = rootCause(error);
  const broker: unknown =
    cause instanceof kafkajs.KafkaJSConnectionError && 'broker' in cause ? cause.broker : null;
  return typeof broker === 'string' ? broker : null;
}

/** What kafkajs takes for final though it is over when a broker comes back or another takes over. */
const PASSING_ERRORS = [kafkajs.KafkaJSGroupCoordinatorNotFound, kafkajs.KafkaJSTimeout];

/** Whether it ends when a broker comes back, or a leader or coordinator is elected. */
export function passesByItself(error: unknown): boolean {
  const cause = rootCause(error);
  if (cause instanceof kafkajs.KafkaJSSASLAuthenticationError) return false;
  if (isConnectionFailure(cause)) return true;
  return (
    PASSING_ERRORS.some((type) => cause instanceof type) ||
    (cause instanceof kafkajs.KafkaJSError && cause.retriable)
  );
}

/** An address that did not come from --brokers but from the cluster's own metadata. */
function brokerNamedByCluster(cause: unknown, { brokers }: Attempt): string | null {
  if (!(cause instanceof kafkajs.KafkaJSConnectionError)) return null;
  const broker: unknown = cause.broker;
  const isAsked = typeof broker !== 'string' || brokers.map(withoutColons).includes(broker);
  return isAsked ? null : broker;
}

/** Without the "Connection error: " that kafkajs puts before Node's message. */
function reasonOf(cause: unknown): string {
  return messageOf(cause)
    .replace(/^Connection error: /, '')
    .trim();
}

/** kafkajs wraps: "retries exceeded", aggregates of one error a topic, errors with a cause. */
function rootCause(error: unknown): unknown {
  if (error instanceof kafkajs.KafkaJSAggregateError) return rootCause(error.errors[0]);
  if (error instanceof kafkajs.KafkaJSError && error.cause !== undefined) {
    return rootCause(error.cause);
  }
  const ofPartition = errorOfPartition(error);
  return ofPartition === null ? error : rootCause(ofPartition);
}

/** Deleting records fails with one error a partition, in a class that kafkajs's types do not describe. */
function errorOfPartition(failure: unknown): Error | null {
  if (!(failure instanceof Error) || !('partitions' in failure)) return null;
  const partitions = failure.partitions as readonly { readonly error?: unknown }[];
  for (const { error } of partitions) if (error instanceof Error) return error;
  return null;
}

const CONNECTION_ERRORS = [
  kafkajs.KafkaJSConnectionError,
  kafkajs.KafkaJSRequestTimeoutError,
  kafkajs.KafkaJSBrokerNotFound,
  kafkajs.KafkaJSLockTimeout,
  kafkajs.KafkaJSTimeout,
];

/** ECONNREFUSED, EAI_AGAIN, ...; ERR_INVALID_ARG_TYPE and its like are mistakes in a program. */
const SYSTEM_ERROR = /^E(?!RR_)[A-Z_]+$/;

/** A peer that does not speak Kafka (or speaks TLS) closes, or sends what cannot be decoded. */
function isConnectionFailure(error: unknown): boolean {
  return (
    CONNECTION_ERRORS.some((type) => error instanceof type) ||
    (error instanceof Error && /^(KafkaJSNoBrokerAvailableError|RangeError)/.test(error.name)) ||
    (error instanceof Error && 'code' in error && SYSTEM_ERROR.test(String(error.code)))
  );
}

/** kafkajs's message when the peer closed the connection. */
const CLOSED = 'Closed connection';

/**
 * kafkajs goes on to the next of --brokers only where no connection came about: not where one was
 * closed before the broker had sent anything, as by a load balancer without a backend.
 */
export function closedAsDown(error: unknown): unknown {
  const isClosed = error instanceof Error && error.name === 'KafkaJSConnectionClosedError';
  return isClosed ? new kafkajs.KafkaJSConnectionError(error.message) : error;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
