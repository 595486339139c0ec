import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../src/broker/limits.js';
import { Reader } from '../../../src/broker/wire/codec.js';
import { testBroker } from './test-broker.js';
import { framed, offeredApis, request, WireClient } from './wire-client.js';

const METADATA = 3;
const API_VERSIONS = 18;

const JOIN_GROUP = 11;
const DESCRIBE_GROUPS = 15;
const CREATE_TOPICS = 19;
const DESCRIBE_CONFIGS = 32;

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

test('a client that does not read holds up no other, and gets its answers in order', async () => {
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

/** A string as the protocol has it. */
const text = (bytes: Buffer | string) => {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(2);
  length.writeInt16BE(content.length);
  return Buffer.concat([length, content]);
};

const longest = Buffer.alloc(32_767, 'x');
/** No UTF-8: as text, each byte takes three. */
const broken = Buffer.alloc(32_767, 0xff);

/** JoinGroup v0 by a client of this id. */
function joinRequest(groupId: string, clientId: Buffer, protocols: Buffer): Buffer {
  const body = [text(groupId), int32(10_000), text(''), text('consumer'), protocols];
  const [header, rest] = [request(JOIN_GROUP, 0).subarray(0, 8), Buffer.concat(body)];
  return Buffer.concat([header, text(clientId), rest]);
}

const oneProtocol = Buffer.concat([int32(1), text('range'), int32(0)]);

test.each([
  ['as long as it may be', longest],
  ['no UTF-8', broken],
])('a member whose client id is %s joins, and its group can be described', async (_, clientId) => {
  const { port, logLines } = await testBroker();
  const member = await WireClient.connect(port);
  const joined = new Reader(await member.ask(joinRequest('group', clientId, oneProtocol)));
  expect([joined.int32(), joined.int16()]).toEqual([7, 0]);
  const admin = await WireClient.connect(port);
  const body = Buffer.concat([int32(1), text('group')]);
  const described = await admin.ask(request(DESCRIBE_GROUPS, 0, body));
  expect(new Reader(described.subarray(8)).int16()).toBe(0);
  expect(logLines.filter((line) => line.includes('failed in the broker'))).toEqual([]);
  for (const { socket } of [member, admin]) socket.destroy();
});

test.each([
  ['a topic', METADATA, 4, Buffer.concat([int32(1), text(broken), Buffer.of(0)])],
  [
    'a topic to create',
    CREATE_TOPICS,
    1,
    Buffer.concat([
      ...[int32(1), text(broken), int32(1), Buffer.from('0001', 'hex'), int32(0), int32(0)],
      ...[int32(1000), Buffer.of(0)],
    ]),
  ],
  [
    'a resource with configs',
    DESCRIBE_CONFIGS,
    1,
    Buffer.concat([...[int32(1), Buffer.of(2), text(longest), int32(-1), Buffer.of(0)]]),
  ],
])(
  'the name of %s that leaves no room in the answer is answered',
  async (_, key, version, body) => {
    const { port, logLines } = await testBroker();
    const client = await WireClient.connect(port);
    expect((await client.ask(request(key, version, body))).readInt32BE(0)).toBe(7);
    expect(logLines.filter((line) => line.includes('failed in the broker'))).toEqual([]);
    client.socket.destroy();
  },
);

test('a member with more protocols than any client has is refused, and the group is unharmed', async () => {
  const { port } = await testBroker();
  const client = await WireClient.connect(port);
  const many = Array.from({ length: 50_000 }, (_, i) => Buffer.concat([text(`p${i}`), int32(0)]));
  const protocols = Buffer.concat([int32(many.length), ...many]);
  const refused = await client.ask(joinRequest('group', Buffer.from('c'), protocols));
  expect(refused.readInt16BE(4)).toBe(42);
  const joined = await client.ask(joinRequest('group', Buffer.from('c'), oneProtocol));
  expect(joined.readInt16BE(4)).toBe(0);
  client.socket.destroy();
});
