/**
 * How other programs name in headers what they tell of a dead letter: this program, spring-kafka's
 * DeadLetterPublishingRecoverer (`kafka_dlt-*`) and its retry topics (`@RetryableTopic`), Spring Cloud Stream's
 * Kafka binder, Kafka Connect (`__connect.errors.*`, KIP-298) and share groups (`__dlq.errors.*`, KIP-1191).
 * docs/foreign-dead-letters.md has them side by side.
 */
import { DLQ_HEADER } from './dead-letter.js';

export type LetterWriter =
  'coupons' | 'spring-kafka' | 'spring-cloud-stream' | 'connect' | 'share-group';

/** The names of one writer's headers; null, or none, where it has none for it. */
export interface Dialect {
  readonly writer: LetterWriter;
  /** A letter of this writer has a header that starts with one of these. */
  readonly marks: readonly string[];
  /** All its headers start with one of these, and the original record's own with none. */
  readonly prefixes: readonly string[];
  readonly topic: string;
  readonly partition: string;
  readonly offset: string;
  readonly timestamp: string | null;
  /** A machine code as it is. */
  readonly code: string | null;
  /** Full names of Java classes, the one that says most first. */
  readonly exceptions: readonly string[];
  /** The first that is there counts; of `stackTraces` as well. */
  readonly messages: readonly string[];
  readonly stackTraces: readonly string[];
  readonly retries: string | null;
  /** Counts attempts: so many more than there were retries. */
  readonly attempts: { readonly header: string; readonly beforeRetries: number } | null;
}

/** Of both ways of spring-kafka: a record may come by its retry topics to a recoverer of its own. */
const SPRING_KAFKA = [
  'kafka_dlt-',
  'kafka_original-',
  'kafka_exception-',
  'kafka_key-exception-',
  'retry_topic-',
];

/** Not all that begins with `x-original-`: gateways have such names for a request's URL. */
const SPRING_CLOUD_STREAM = [
  'x-original-topic',
  'x-original-partition',
  'x-original-offset',
  'x-original-timestamp',
  'x-exception-fqcn',
  'x-exception-message',
  'x-exception-stacktrace',
];

/**
 * In this order: the record of our dead letter may have been another program's dead letter before,
 * and then has that program's headers among its own.
 */
export const DIALECTS: readonly Dialect[] = [
  {
    writer: 'coupons',
    marks: ['coupon-dlq-'],
    prefixes: ['coupon-dlq-'],
    topic: DLQ_HEADER.topic,
    partition: DLQ_HEADER.partition,
    offset: DLQ_HEADER.offset,
    timestamp: DLQ_HEADER.timestamp,
    code: DLQ_HEADER.reason,
    exceptions: [],
    messages: [],
    stackTraces: [],
    retries: DLQ_HEADER.retryCount,
    attempts: null,
  },
  {
    writer: 'spring-kafka',
    ...springHeaders('kafka_dlt-'),
    marks: ['kafka_dlt-'],
    prefixes: SPRING_KAFKA,
    attempts: null,
  },
  {
    writer: 'spring-kafka',
    ...springHeaders('kafka_'),
    marks: SPRING_KAFKA,
    prefixes: SPRING_KAFKA,
    // What it writes is the number of the next attempt.
    attempts: { header: 'retry_topic-attempts', beforeRetries: 2 },
  },
  {
    writer: 'spring-cloud-stream',
    ...springHeaders('x-'),
    marks: SPRING_CLOUD_STREAM,
    prefixes: SPRING_CLOUD_STREAM,
    attempts: null,
  },
  {
    writer: 'connect',
    marks: ['__connect.errors.'],
    prefixes: ['__connect.errors.'],
    topic: '__connect.errors.topic',
    partition: '__connect.errors.partition',
    offset: '__connect.errors.offset',
    timestamp: null,
    code: null,
    exceptions: ['__connect.errors.exception.class.name'],
    messages: ['__connect.errors.exception.message'],
    stackTraces: ['__connect.errors.exception.stacktrace'],
    retries: null,
    attempts: null,
  },
  {
    writer: 'share-group',
    marks: ['__dlq.errors.'],
    prefixes: ['__dlq.errors.'],
    topic: '__dlq.errors.topic',
    partition: '__dlq.errors.partition',
    offset: '__dlq.errors.offset',
    timestamp: null,
    code: null,
    exceptions: [],
    messages: ['__dlq.errors.message'],
    stackTraces: [],
    retries: null,
    attempts: { header: '__dlq.errors.delivery.count', beforeRetries: 1 },
  },
];

/** Spring's names, which differ in how they begin. */
function springHeaders(prefix: string) {
  const either = (name: string) => [`${prefix}${name}`, `${prefix}key-${name}`];
  return {
    topic: `${prefix}original-topic`,
    partition: `${prefix}original-partition`,
    offset: `${prefix}original-offset`,
    timestamp: `${prefix}original-timestamp`,
    code: null,
    // The second is mostly the container's own wrapper, whose cause says what happened.
    exceptions: [`${prefix}exception-cause-fqcn`, ...either('exception-fqcn')],
    messages: either('exception-message'),
    stackTraces: either('exception-stacktrace'),
    retries: null,
  };
}
