import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import { brokerError, protocolErrorType, timedOut } from '../../../src/kafka/client/errors.js';
import { topicNotFound } from '../../../src/ports/topic-errors.js';

const ATTEMPT = { doing: 'listing topics', brokers: ['a:9092', 'b:9092'] };

function withCode(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

function protocol(type: string): Error {
  return new kafkajs.KafkaJSProtocolError(
    Object.assign(new Error(`the broker said ${type}`), { type, code: 29, retriable: false }),
  );
}

describe('what a user is told', () => {
  it("shows this machine's time where the broker refuses it", () => {
    const before = Date.now();
    const { code, message, hint } = brokerError(protocol('INVALID_TIMESTAMP'), ATTEMPT);
    const shown = /time of this machine: (\S+Z)\./.exec(message)?.[1] ?? '';
    expect(code).toBe('INVALID_TIMESTAMP');
    expect(Date.parse(shown)).toBeGreaterThanOrEqual(before);
    expect(hint).toContain('message.timestamp.type=LogAppendTime');
  });

  it.each<[string, Error, string, number]>([
    ['no connection', new kafkajs.KafkaJSConnectionError('refused'), 'BROKER_UNREACHABLE', 4],
    ['a refused connection', withCode('ECONNREFUSED'), 'BROKER_UNREACHABLE', 4],
    ['an unknown host', withCode('ENOTFOUND'), 'BROKER_UNREACHABLE', 4],
    ['what cannot be decoded', new RangeError('out of range'), 'BROKER_UNREACHABLE', 4],
    [
      'retries that were all in vain',
      new kafkajs.KafkaJSNumberOfRetriesExceeded(new kafkajs.KafkaJSConnectionError('refused'), {
        retryCount: 3,
        retryTime: 100,
      }),
      'BROKER_UNREACHABLE',
      4,
    ],
    [
      'a refused login',
      Reflect.construct(kafkajs.KafkaJSSASLAuthenticationError, ['bad password']) as Error,
      'AUTHENTICATION_FAILED',
      4,
    ],
    ['an unknown certificate', withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'TLS_FAILED', 4],
    ['TLS on a plain port', new Error('wrong version number'), 'TLS_NOT_OFFERED', 4],
    ['a mistake in a program', withCode('ERR_INVALID_ARG_TYPE'), 'BROKER_ERROR', 1],
    ['a name that does not resolve now', withCode('EAI_AGAIN'), 'BROKER_UNREACHABLE', 4],
    ['a missing right', protocol('TOPIC_AUTHORIZATION_FAILED'), 'TOPIC_AUTHORIZATION_FAILED', 1],
    ['an error of Kafka', protocol('INVALID_PARTITIONS'), 'INVALID_PARTITIONS', 1],
    ['anything else', new Error('strange'), 'BROKER_ERROR', 1],
  ])('of %s', (_what, error, code, exitCode) => {
    const told = brokerError(error, ATTEMPT);
    expect(told).toMatchObject({ code, exitCode });
    expect(told.message.toLowerCase()).toContain('listing topics');
    if (exitCode === 4) {
      expect(told.message).toContain('a:9092, b:9092');
      expect(told.hint).not.toBeNull();
    }
  });

  it('of a certificate that has expired: no other CA would help', () => {
    const told = brokerError(withCode('CERT_HAS_EXPIRED', 'certificate has expired'), ATTEMPT);
    expect(told.code).toBe('TLS_FAILED');
    expect(told.hint).toContain('Renew the certificate');
  });

  it('of a broker that only the cluster names', () => {
    const error = new kafkajs.KafkaJSConnectionError('refused', { broker: 'kafka-2:9092' });
    const told = brokerError(error, ATTEMPT);
    expect(told).toMatchObject({ code: 'BROKER_UNREACHABLE', exitCode: 4 });
    expect(told.message).toContain('names kafka-2:9092 as one of its brokers');
    expect(told.hint).toContain('advertised.listeners');
    const asked = new kafkajs.KafkaJSConnectionError('refused', { broker: 'a:9092' });
    expect(brokerError(asked, ATTEMPT).message).toContain('No broker answers at a:9092, b:9092');
  });

  it.each([
    ['localhost:9092', true],
    ['127.0.0.1:9092', true],
    ['[::1]:9092', true],
    ['kafka-1.example.org:9092', false],
    ['localhost.example.org:9092', false],
    ['10.0.0.7:9092', false],
    ['[2001:db8::1]:9092', false],
  ])('of no answer from %s: whether to start one there (%s)', (broker, offersToStart) => {
    const attempt = { doing: 'listing topics', brokers: [broker] };
    for (const told of [brokerError(withCode('ECONNREFUSED'), attempt), timedOut(attempt, 1000)]) {
      expect(told.hint?.includes('coupons broker start')).toBe(offersToStart);
      expect(told.hint?.includes('docker compose')).toBe(offersToStart);
    }
  });

  it('of an error that says it already is that error', () => {
    const known = topicNotFound('x');
    expect(brokerError(known, ATTEMPT)).toBe(known);
    expect(known).toBeInstanceOf(CliError);
    expect(known.hint).toContain('coupons topics create');
  });

  it('of a timeout names the seconds', () => {
    expect(timedOut(ATTEMPT, 2500)).toMatchObject({ code: 'BROKER_TIMEOUT', exitCode: 4 });
    expect(timedOut(ATTEMPT, 2500).message).toContain('within 2.5 s while listing topics');
    const oneHangs = timedOut(ATTEMPT, 2500, ['10.0.0.9:9092']).message;
    expect(oneHangs).toContain("The cluster's broker at 10.0.0.9:9092 does not answer");
    const allHang = timedOut(ATTEMPT, 2500, ATTEMPT.brokers).message;
    expect(allHang).toContain(`No answer from ${ATTEMPT.brokers.join(', ')} within 2.5 s`);
  });
});

it("Kafka's own name of an error is found, or null", () => {
  expect(protocolErrorType(protocol('UNKNOWN_TOPIC_OR_PARTITION'))).toBe(
    'UNKNOWN_TOPIC_OR_PARTITION',
  );
  expect(protocolErrorType(new Error('other'))).toBeNull();
});
