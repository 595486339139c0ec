import { expect, onTestFinished, test } from 'vitest';
import { AppendWatch } from '../../../src/broker/storage/append-watch.js';
import { Writer } from '../../../src/broker/wire/codec.js';
import { batchOf } from '../../support/broker/record-batches.js';
import { ManualClock } from '../../support/clock/manual.js';
import { testBroker } from './test-broker.js';
import { request, WireClient } from './wire-client.js';

/** More than any test may take. */
const LONG_MS = 200_000;

function bodyOf(write: (writer: Writer) => void): Buffer {
  const writer = new Writer();
  write(writer);
  return Buffer.concat(writer.chunks());
}

function text(writer: Writer, value: string): void {
  writer.int16(value.length);
  writer.bytes(Buffer.from(value));
}

const createTopic = request(
  19,
  2,
  bodyOf((writer) => {
    writer.int32(1);
    text(writer, 't');
    writer.int32(1);
    writer.int16(1);
    writer.int32(0);
    writer.int32(0);
    writer.int32(1000);
    writer.int8(0);
  }),
);

const produce = (batch: Buffer) =>
  request(
    0,
    3,
    bodyOf((writer) => {
      writer.int16(-1);
      writer.int16(-1);
      writer.int32(1000);
      writer.int32(1);
      text(writer, 't');
      writer.int32(1);
      writer.int32(0);
      writer.int32(batch.length);
      writer.bytes(batch);
    }),
  );

const fetch = (minBytes: number, offset = 0n) =>
  request(
    1,
    4,
    bodyOf((writer) => {
      for (const value of [-1, LONG_MS, minBytes, 1_000_000]) writer.int32(value);
      writer.int8(0);
      writer.int32(1);
      text(writer, 't');
      writer.int32(1);
      writer.int32(0);
      writer.int64(offset);
      writer.int32(1_000_000);
    }),
  );

async function twoClients() {
  const { port } = await testBroker();
  const clients = [await WireClient.connect(port), await WireClient.connect(port)] as const;
  onTestFinished(() => {
    for (const { socket } of clients) socket.destroy();
  });
  await clients[0].ask(createTopic);
  return clients;
}

test('a fetch that waits is answered as soon as its bytes are there', async () => {
  const [consumer, producer] = await twoClients();
  const batch = batchOf();
  const answer = consumer.ask(fetch(2 * batch.length));
  await producer.ask(produce(batchOf()));
  await producer.ask(produce(batchOf()));
  expect((await answer).subarray(-2 * batch.length).includes(batch.subarray(16))).toBe(true);
});

test('a fetch beyond the end of the log does not wait', async () => {
  const [consumer] = await twoClients();
  const answer = await consumer.ask(fetch(1, 99n));
  // Correlation id, throttle time, one topic named "t", one partition: its number and error.
  expect(answer.readInt16BE(4 + 4 + 4 + 3 + 4 + 4)).toBe(1);
});

test('waiting ends when time is up, and counts the bytes of its own partitions only', async () => {
  const clock = new ManualClock();
  const watch = new AppendWatch(clock);
  const ended: string[] = [];
  void watch.wait([1n], 100, 500).then(() => ended.push('too little'));
  const enough = watch.wait([1n, 2n], 100, 500).then(() => ended.push('enough'));
  watch.appended(1n, 60);
  watch.appended(3n, 60);
  expect(ended).toEqual([]);
  watch.appended(2n, 40);
  await enough;
  expect(ended).toEqual(['enough']);
  clock.advance(500);
  await Promise.resolve();
  expect(ended).toEqual(['enough', 'too little']);
});
