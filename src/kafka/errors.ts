import kafkajs from 'kafkajs';
import { CliError, UnreachableError, messageOf } from '../errors.js';

/** What the user was trying to do and with which cluster: the beginning of every message. */
export interface Attempt {
  /** In the -ing form: "listing topics". */
  readonly doing: string;
  readonly brokers: readonly string[];
}

const START_ONE = 'start one with `coupons broker start` or `docker compose up -d`';

/** Turns whatever kafkajs threw into one clear error; a CliError passes as it is. */
export function brokerError(error: unknown, attempt: Attempt): CliError {
  if (error instanceof CliError) return error;
  const cause = rootCause(error);
  const where = attempt.brokers.join(', ');
  const message = messageOf(cause);
  if (cause instanceof kafkajs.KafkaJSSASLAuthenticationError) {
    return new UnreachableError(
      'AUTHENTICATION_FAILED',
      `The broker at ${where} refused the login while ${attempt.doing}: ${message}`,
      'Check --sasl-mechanism, COUPONS_SASL_USERNAME and COUPONS_SASL_PASSWORD.',
      { cause: error },
    );
  }
  if (isTlsFailure(message, cause)) {
    return new UnreachableError(
      'TLS_FAILED',
      `No TLS connection to ${where} while ${attempt.doing}: ${message}`,
      'Check --tls-ca (the CA that signed the broker), --tls-cert and --tls-key.',
      { cause: error },
    );
  }
  if (isConnectionFailure(cause)) {
    return new UnreachableError(
      'BROKER_UNREACHABLE',
      `No broker answers at ${where} while ${attempt.doing}: ${message}`,
      `If none runs there, ${START_ONE}; else check --brokers (and --tls, --sasl-mechanism).`,
      { cause: error },
    );
  }
  if (cause instanceof kafkajs.KafkaJSProtocolError) return protocolError(cause, attempt);
  return new CliError('BROKER_ERROR', `${sentence(attempt.doing)} failed: ${message}`, null, {
    cause: error,
  });
}

/** The command's own wait is over. */
export function timedOut(attempt: Attempt, timeoutMs: number): UnreachableError {
  return new UnreachableError(
    'BROKER_TIMEOUT',
    `No answer from ${attempt.brokers.join(', ')} within ${String(timeoutMs / 1000)} s while ${attempt.doing}.`,
    `Is that a Kafka broker and is it well? Give it longer with --timeout, or ${START_ONE}.`,
  );
}

/** Kafka's own name of an error (UNKNOWN_TOPIC_OR_PARTITION, ...), or null where it is none. */
export function protocolErrorType(error: unknown): string | null {
  const cause = rootCause(error);
  return cause instanceof kafkajs.KafkaJSProtocolError ? cause.type : null;
}

export function topicNotFound(topic: string): CliError {
  return new CliError(
    'TOPIC_NOT_FOUND',
    `Topic ${topic} does not exist on this cluster.`,
    'Create the topics with `coupons topics create`; see what is there with `coupons topics list`.',
  );
}

export function partitionOffline(topic: string, partition: number): CliError {
  return new CliError(
    'PARTITION_OFFLINE',
    `Partition ${String(partition)} of ${topic} has no leader: none of its in-sync replicas is up.`,
    `See which with \`coupons topics describe ${topic}\`, and bring their brokers back.`,
  );
}

function protocolError(error: kafkajs.KafkaJSProtocolError, attempt: Attempt): CliError {
  if (error.type.endsWith('_AUTHORIZATION_FAILED')) {
    return new CliError(
      error.type,
      `This user may not do that: ${attempt.doing}: ${error.message}`,
      'Ask for the ACL, or log in as another user.',
      { cause: error },
    );
  }
  return new CliError(error.type, `${sentence(attempt.doing)} failed: ${error.message}`, null, {
    cause: error,
  });
}

/** kafkajs wraps: "retries exceeded", aggregates of one error a topic, errors with a cause. */
function rootCause(error: unknown): unknown {
  if (error instanceof kafkajs.KafkaJSAggregateError) return rootCause(error.errors[0]);
  if (error instanceof kafkajs.KafkaJSError) {
    return error.cause === undefined ? error : rootCause(error.cause);
  }
  return error;
}

const CONNECTION_ERRORS = [
  kafkajs.KafkaJSConnectionError,
  kafkajs.KafkaJSRequestTimeoutError,
  kafkajs.KafkaJSBrokerNotFound,
  kafkajs.KafkaJSLockTimeout,
  kafkajs.KafkaJSTimeout,
];

/** A peer that does not speak Kafka (or speaks TLS) closes, or sends what cannot be decoded. */
function isConnectionFailure(error: unknown): boolean {
  return (
    CONNECTION_ERRORS.some((type) => error instanceof type) ||
    (error instanceof Error && /^(KafkaJSNoBrokerAvailableError|RangeError)/.test(error.name)) ||
    (error instanceof Error && 'code' in error && /^(E[A-Z]+|ERR_)/.test(String(error.code)))
  );
}

function isTlsFailure(message: string, error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    /certificate|altname|SSL routines|wrong version number|tlsv1|handshake/i.test(message) ||
    /^(ERR_SSL|ERR_TLS|DEPTH_ZERO|UNABLE_TO_|CERT_)/.test(code)
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
