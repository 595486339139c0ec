import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sendRaw, type RawRequestBroker } from '../../../src/kafka/client/raw-request.js';
import { describeLogDirs } from '../../../src/kafka/admin/log-dirs.js';

const fixture = new URL('fixtures/describe-log-dirs.json', import.meta.url);
const captured = JSON.parse(readFileSync(fixture, 'utf8')) as Readonly<Record<string, string>>;
const bytes = (name: string) => Buffer.from(captured[name] ?? '', 'hex');

const REQUESTS = { topic: 'coupon-issue-requests', partitions: [0, 2] };
const DLQ = { topic: 'coupon-issue-dlq', partitions: [0] };
const { parse } = describeLogDirs([]);

describe('asking a broker for the sizes of its replicas', () => {
  it('says the same as the Java client', () => {
    expect(describeLogDirs([REQUESTS, DLQ]).body.buffer.toString('hex')).toBe(captured['request']);
  });

  it('understands what Apache Kafka answers', () => {
    expect(parse(bytes('answer'))).toEqual([
      { topic: 'coupon-issue-requests', partition: 0, sizeBytes: 0 },
      { topic: 'coupon-issue-requests', partition: 3, sizeBytes: 380_941 },
      { topic: 'coupon-issue-dlq', partition: 0, sizeBytes: 0 },
    ]);
  });

  it('learns nothing of replicas that are not there, or where the user may not know', () => {
    expect(parse(bytes('nothingKnown'))).toEqual([]);
    expect(parse(bytes('notAllowed'))).toEqual([]);
  });

  it('does not count a copy on its way to another directory', () => {
    const answer = bytes('answer');
    answer.writeInt8(1, answer.length - 1);
    expect(parse(answer).map(({ topic }) => topic)).toEqual([REQUESTS.topic, REQUESTS.topic]);
  });

  it('does not take half an answer for a whole one', () => {
    const answer = bytes('answer');
    expect(() => parse(answer.subarray(0, answer.length - 1))).toThrow(RangeError);
  });

  it.each([
    ['before it has connected', null],
    ['that does not know the request', { 3: { minVersion: 0, maxVersion: 13 } }],
    ['that knows older versions only', { 35: { minVersion: 0, maxVersion: 0 } }],
    ['that knows newer versions only', { 35: { minVersion: 2, maxVersion: 5 } }],
  ])('asks no broker %s', async (_which, versions) => {
    const broker: RawRequestBroker = {
      versions,
      connectionPool: { send: () => Promise.reject(new Error('it was asked')) },
    };
    expect(await sendRaw(broker, describeLogDirs([DLQ]))).toBeNull();
  });
});
