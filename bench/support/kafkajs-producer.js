// node bench/support/kafkajs-producer.js <brokers> <count>
// What `coupons produce` is measured beside: kafkajs alone sends such requests, and prints how many
// were acknowledged a second.
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

const TOPIC = 'coupon-issue-requests';
const RECORDS_A_SEND = 1000;
const [brokers = '', total = ''] = process.argv.slice(2);
const count = Number(total);

const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
await producer.connect();
const startedMs = performance.now();
for (let first = 1; first <= count; first += RECORDS_A_SEND) {
  const users = Math.min(RECORDS_A_SEND, count - first + 1);
  const messages = Array.from({ length: users }, (_, index) => request(first + index));
  await producer.send({ topic: TOPIC, acks: -1, messages });
}
console.log(Math.round((count / (performance.now() - startedMs)) * 1000));
await producer.disconnect();

function request(userId) {
  const now = Date.now();
  const value = {
    eventId: randomUUID(),
    eventType: 'COUPON_ISSUE_REQUESTED',
    occurredAt: new Date(now).toISOString(),
    couponId: 1,
    userId,
    timestamp: now,
  };
  return { key: '1', value: JSON.stringify(value), timestamp: String(now) };
}
