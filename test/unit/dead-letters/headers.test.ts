import { describe, expect, it } from 'vitest';
import { originalHeaders, readLetterHeaders } from '../../../src/dead-letters/headers.js';
import type { Headers } from '../../../src/ports/log.js';

const text = (headers: Readonly<Record<string, string>>): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
}

const ours = text({
  'coupon-dlq-origin-topic': 'requests',
  'coupon-dlq-origin-partition': '2',
  'coupon-dlq-origin-offset': '9007199254740993',
  'coupon-dlq-origin-timestamp': '1700000000000',
  'coupon-dlq-reason': 'MALFORMED_JSON',
  'coupon-dlq-retry-count': '3',
  'coupon-dlq-replay-count': '1',
});

const spring: Headers = {
  ...text({
    'kafka_dlt-original-topic': 'requests',
    'kafka_dlt-original-consumer-group': 'group',
    'kafka_dlt-exception-fqcn':
      'org.springframework.kafka.listener.ListenerExecutionFailedException',
    'kafka_dlt-exception-message': 'Listener failed',
    'kafka_dlt-exception-stacktrace': 'at a.b.C',
  }),
  'kafka_dlt-original-partition': int32(2),
  'kafka_dlt-original-offset': int64(2n ** 53n + 1n),
  'kafka_dlt-original-timestamp': int64(1_700_000_000_000n),
};

/** As `@RetryableTopic` writes them: retry headers once for each hop, the others of the first topic. */
const retried: Headers = {
  ...text({
    'kafka_original-topic': 'requests',
    'kafka_dlt-original-consumer-group': 'group',
    'kafka_exception-fqcn': 'org.springframework.kafka.listener.ListenerExecutionFailedException',
    'kafka_exception-cause-fqcn': 'java.sql.SQLException',
    'kafka_exception-message': 'Listener failed',
    'kafka_exception-stacktrace': 'at a.b.C',
  }),
  'kafka_original-partition': int32(2),
  'kafka_original-offset': int64(17n),
  'kafka_original-timestamp': int64(1_700_000_000_000n),
  'retry_topic-attempts': [int32(2), int32(3), int32(4)],
  'retry_topic-original-timestamp': [1n, 1n, 1n].map(int64),
  'retry_topic-backoff-timestamp': [2n, 3n, 4n].map(int64),
};

describe('the headers of a dead letter', () => {
  it('of our own are read whole', () => {
    expect(readLetterHeaders(ours)).toEqual({
      writer: 'coupons',
      origin: { topic: 'requests', partition: 2, offset: 9007199254740993n },
      originTimestamp: 1_700_000_000_000n,
      schemaId: null,
      reasonCode: 'MALFORMED_JSON',
      failureReason: null,
      stackTrace: null,
      retryCount: 3,
      replayCount: 1,
    });
  });

  it('of spring-kafka have a binary partition, offset and timestamp', () => {
    expect(readLetterHeaders(spring)).toEqual({
      writer: 'spring-kafka',
      origin: { topic: 'requests', partition: 2, offset: 2n ** 53n + 1n },
      originTimestamp: 1_700_000_000_000n,
      schemaId: null,
      reasonCode: 'LISTENER_EXECUTION_FAILED_EXCEPTION',
      failureReason: 'Listener failed',
      stackTrace: 'at a.b.C',
      retryCount: null,
      replayCount: 0,
    });
  });

  it("of spring-kafka name the wrapped exception rather than the listener's wrapper", () => {
    const cause = text({ 'kafka_dlt-exception-cause-fqcn': 'java.sql.SQLException' });
    expect(readLetterHeaders({ ...spring, ...cause }).reasonCode).toBe('SQL_EXCEPTION');
  });

  it('of spring-kafka may be text, as hand-made ones are', () => {
    const texts = text({
      'kafka_dlt-original-partition': '2',
      'kafka_dlt-original-offset': '12345678',
    });
    expect(readLetterHeaders({ ...spring, ...texts }).origin).toEqual({
      topic: 'requests',
      partition: 2,
      offset: 12_345_678n,
    });
  });

  it('of spring-kafka are of the key where that could not be deserialized', () => {
    const headers = text({
      'kafka_dlt-original-topic': 'requests',
      'kafka_dlt-key-exception-fqcn':
        'org.springframework.kafka.support.serializer.DeserializationException',
      'kafka_dlt-key-exception-message': 'no key',
      'kafka_dlt-key-exception-stacktrace': 'at k.K',
    });
    expect(readLetterHeaders(headers)).toMatchObject({
      reasonCode: 'DESERIALIZATION_EXCEPTION',
      failureReason: 'no key',
      stackTrace: 'at k.K',
    });
  });

  it("of spring-kafka's retry topics name the record that failed first, and the next attempt", () => {
    expect(readLetterHeaders(retried)).toEqual({
      writer: 'spring-kafka',
      origin: { topic: 'requests', partition: 2, offset: 17n },
      originTimestamp: 1_700_000_000_000n,
      schemaId: null,
      reasonCode: 'SQL_EXCEPTION',
      failureReason: 'Listener failed',
      stackTrace: 'at a.b.C',
      retryCount: 2,
      replayCount: 0,
    });
  });

  it("of Spring Cloud Stream are read, and no gateway's", () => {
    const headers = text({
      'x-original-topic': 'requests',
      'x-original-partition': '1',
      'x-original-offset': '5',
      'x-exception-fqcn': 'java.sql.SQLException',
      'x-exception-message': 'refused',
      'x-exception-stacktrace': 'at s.S',
    });
    expect(readLetterHeaders(headers)).toMatchObject({
      writer: 'spring-cloud-stream',
      origin: { topic: 'requests', partition: 1, offset: 5n },
      reasonCode: 'SQL_EXCEPTION',
      failureReason: 'refused',
      stackTrace: 'at s.S',
    });
    const gateway = text({ 'x-original-url': '/coupons' });
    expect(readLetterHeaders(gateway).writer).toBeNull();
    expect(originalHeaders({ ...headers, ...gateway })).toEqual(gateway);
  });

  it('of Kafka Connect are read', () => {
    const headers = text({
      '__connect.errors.topic': 'requests',
      '__connect.errors.partition': '0',
      '__connect.errors.offset': '17',
      '__connect.errors.stage': 'VALUE_CONVERTER',
      '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
      '__connect.errors.exception.message': 'not JSON',
      '__connect.errors.exception.stacktrace': 'at x.Y',
    });
    expect(readLetterHeaders(headers)).toMatchObject({
      writer: 'connect',
      origin: { topic: 'requests', partition: 0, offset: 17n },
      reasonCode: 'DATA_EXCEPTION',
      failureReason: 'not JSON',
      stackTrace: 'at x.Y',
    });
  });

  it('of a share group count deliveries, of which the first is no retry', () => {
    const headers = text({
      '__dlq.errors.topic': 'requests',
      '__dlq.errors.partition': '1',
      '__dlq.errors.offset': '5',
      '__dlq.errors.group': 'share',
      '__dlq.errors.delivery.count': '5',
      '__dlq.errors.message': 'Offset rejected by client.',
    });
    expect(readLetterHeaders(headers)).toMatchObject({
      writer: 'share-group',
      origin: { topic: 'requests', partition: 1, offset: 5n },
      reasonCode: null,
      failureReason: 'Offset rejected by client.',
      retryCount: 4,
    });
  });

  it.each([
    ['com.fasterxml.jackson.core.JsonParseException', 'JSON_PARSE_EXCEPTION'],
    ['a.JDBCConnectionException', 'JDBC_CONNECTION_EXCEPTION'],
    ['Outer$Inner2Error', 'INNER2_ERROR'],
    ['', null],
  ])('turn the exception %s into the code %s', (name, code) => {
    expect(readLetterHeaders(text({ 'kafka_dlt-exception-fqcn': name })).reasonCode).toBe(code);
  });

  it.each([
    ['a partition beyond 32 bits', { 'coupon-dlq-origin-partition': '4294967296' }],
    ['an offset beyond 63 bits', { 'coupon-dlq-origin-offset': '9999999999999999999' }],
    ['an offset that is no number', { 'coupon-dlq-origin-offset': 'latest' }],
    ['a negative partition', { 'coupon-dlq-origin-partition': '-1' }],
    ['no topic', { 'coupon-dlq-origin-topic': '' }],
  ])('name no origin with %s', (_, changed) => {
    expect(readLetterHeaders({ ...ours, ...text(changed) }).origin).toBeNull();
  });

  it('that are missing altogether tell nothing', () => {
    expect(readLetterHeaders({})).toMatchObject({ writer: null, origin: null, replayCount: 0 });
  });

  it('of a replayed record that another program dead-lettered are that program’s', () => {
    const headers = { ...spring, ...text({ 'coupon-dlq-replay-count': '2' }) };
    expect(readLetterHeaders(headers)).toMatchObject({ writer: 'spring-kafka', replayCount: 2 });
  });

  it('leave those of the original record when those of the letter are taken away', () => {
    const own = text({ traceparent: '00-ab' });
    expect(originalHeaders({ ...ours, ...own })).toEqual(own);
    expect(originalHeaders({ ...spring, ...own, ...ours })).toEqual({ ...spring, ...own });
    expect(originalHeaders({ ...retried, ...own })).toEqual(own);
    expect(originalHeaders({ ...spring, ...retried, ...own })).toEqual(own);
    const replayed = text({ 'coupon-dlq-replay-count': '2' });
    expect(originalHeaders({ ...spring, ...own, ...replayed })).toEqual(own);
  });
});
