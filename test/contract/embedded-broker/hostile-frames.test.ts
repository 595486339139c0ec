import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../src/broker/limits.js';
import { testBroker } from './test-broker.js';
import { framed, offeredApis, request, WireClient } from './wire-client.js';

const METADATA = 3;
const API_VERSIONS = 18;

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** Frames whose length is right and whose content is not, and bytes that are no frames. */
const hostile: readonly (readonly [string, Buffer])[] = [
  ['a frame of a negative length', int32(-1)],
  ['a frame of a huge length', int32(MAX_REQUEST_BYTES + 1)],
  ['a frame of no length', int32(0)],
  ['a frame too short for a header', framed(Buffer.alloc(6))],
  ['another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ['a request that ends too soon', framed(request(METADATA, 8, int32(1)))],
  ['a request with bytes left over', framed(request(API_VERSIONS, 0, randomBytes(3)))],
  ['an array of a billion elements', framed(request(METADATA, 4, int32(1_000_000_000)))],
  ['an array of a negative length', framed(request(METADATA, 4, int32(-7)))],
  [
    'a string of a negative length',
    framed(request(METADATA, 4, Buffer.from('00000001fff0', 'hex'))),
  ],
];

test.each(hostile)(
  '%s: its connection is closed, with one line, and no other',
  async (_, bytes) => {
    const { port, logLines } = await testBroker();
    const bystander = await WireClient.connect(port);
    const attacker = await WireClient.connect(port);
    attacker.socket.write(bytes);
    await attacker.closed();
    expect(logLines.filter((line) => line.startsWith('Closed the connection'))).toHaveLength(1);
    const { errorCode } = offeredApis(await bystander.ask(request(API_VERSIONS, 0)));
    expect(errorCode).toBe(0);
    bystander.socket.destroy();
  },
);

test('random bytes in sound frames never bring the broker down', async () => {
  const { port } = await testBroker();
  for (let key = 0; key < 50; key++) {
    const client = await WireClient.connect(port);
    // Half a frame stays behind where a request happens to make sense, so the socket is ended.
    client.socket.end(framed(request(key, key % 9, randomBytes(40))));
    await client.closed();
  }
  const client = await WireClient.connect(port);
  expect(offeredApis(await client.ask(request(API_VERSIONS, 0))).errorCode).toBe(0);
  client.socket.destroy();
});

test('a frame that comes byte by byte is answered like any other', async () => {
  const { port } = await testBroker();
  const client = await WireClient.connect(port);
  client.socket.setNoDelay(true);
  for (const byte of framed(request(API_VERSIONS, 0))) {
    await new Promise((resolve) => client.socket.write(Buffer.of(byte), resolve));
  }
  expect(offeredApis(await client.answer()).errorCode).toBe(0);
  client.socket.destroy();
});

test('several requests in one packet are answered in order', async () => {
  const { port } = await testBroker();
  const client = await WireClient.connect(port);
  const frames = [1, 2, 3].map((correlationId) => {
    const frame = request(API_VERSIONS, 0);
    frame.writeInt32BE(correlationId, 4);
    return framed(frame);
  });
  client.socket.write(Buffer.concat(frames));
  const answers = [await client.answer(), await client.answer(), await client.answer()];
  expect(answers.map((answer) => answer.readInt32BE(0))).toEqual([1, 2, 3]);
  client.socket.destroy();
});

test('a client that does not read holds up nobody, and finds its answers in order', async () => {
  const { port } = await testBroker();
  const slow = await WireClient.connect(port);
  slow.socket.pause();
  const name = Buffer.alloc(30_000, 'x');
  const length = Buffer.alloc(2);
  length.writeInt16BE(name.length);
  const body = Buffer.concat([int32(1), length, name, Buffer.of(0)]);
  const count = 1000;
  for (let i = 0; i < count; i++) {
    const frame = request(METADATA, 4, body);
    frame.writeInt32BE(i, 4);
    slow.socket.write(framed(frame));
  }
  const other = await WireClient.connect(port);
  expect(offeredApis(await other.ask(request(API_VERSIONS, 0))).errorCode).toBe(0);
  slow.socket.resume();
  for (let i = 0; i < count; i++) expect((await slow.answer()).readInt32BE(0)).toBe(i);
  slow.socket.destroy();
  other.socket.destroy();
});
