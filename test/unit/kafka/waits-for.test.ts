import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { NoBrokerAnswers } from '../../../src/kafka/client/call.js';
import { waitsFor } from '../../../src/kafka/producer/waits-for.js';

const protocol = (type: string): Error =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 0 }));
const silent = (broker: string) => new kafkajs.KafkaJSConnectionError('no answer', { broker });
/** As kafkajs throws what it has retried. */
const retried = (cause: Error) =>
  new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 1, retryTime: 100 });

const led = {
  of: () => ({ id: 1, address: 'a:9092' }),
  idOf: (address: string) => ({ 'a:9092': 1, 'b:9092': 2 })[address] ?? null,
};
const leaderless = { ...led, of: () => 'none' as const };
const unknown = { of: () => null, idOf: () => null };

it.each([
  [retried(silent('b:9092')), led, 'a leader of partition 2 (broker 2 at b:9092 does not answer)'],
  [silent('c:9092'), led, 'a leader of partition 2 (c:9092 does not answer)'],
  [null, led, 'a leader of partition 2 (broker 1 at a:9092 does not answer)'],
  [null, unknown, 'a leader of partition 2 (its broker does not answer)'],
  [silent('a:9092'), leaderless, 'a leader of partition 2 (none is elected)'],
  [protocol('LEADER_NOT_AVAILABLE'), leaderless, 'a leader of partition 2 (none is elected)'],
  [
    protocol('NOT_LEADER_FOR_PARTITION'),
    led,
    'the leader of partition 2 (NOT_LEADER_FOR_PARTITION)',
  ],
  [protocol('NOT_ENOUGH_REPLICAS'), led, 'in-sync replicas of partition 2 (NOT_ENOUGH_REPLICAS)'],
  [
    new NoBrokerAnswers(silent('a:9092')),
    led,
    'a broker of the cluster: none answers (partition 2)',
  ],
])('after %s records wait for it', (failure, leaders, text) => {
  expect(waitsFor(2, failure, leaders)).toBe(text);
});
