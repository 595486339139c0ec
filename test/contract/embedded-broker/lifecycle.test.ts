import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { brokerStatus, startDetached, stopBroker } from '../../../src/broker/lifecycle.js';
import { buildBroker } from './built-broker.js';
import { startEmbeddedBroker } from '../../support/broker/embedded-broker.js';
import { eventually } from '../../support/eventually.js';
import { kafkaAt } from '../../support/broker/kafkajs-client.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const folder = temporaryDir();
let script: string;

beforeAll(async () => {
  script = await buildBroker(folder);
});

function newDataDir(): string {
  const dataDir = temporaryDir();
  onTestFinished(async () => {
    await stopBroker(dataDir);
  });
  return dataDir;
}

const start = (dataDir: string, port = 0) =>
  startDetached({ dataDir, command: [script, dataDir, String(port)] });

const stopped = (dataDir: string) => ({ running: false, pid: null, address: null, dataDir });

test('started, asked about and stopped', async () => {
  const dataDir = newDataDir();
  expect(await brokerStatus(dataDir)).toEqual(stopped(dataDir));
  const status = await start(dataDir);
  expect(await brokerStatus(dataDir)).toEqual(status);
  expect(status).toMatchObject({ running: true, dataDir });
  expect(status.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(await stopBroker(dataDir)).toBe(true);
  expect(await brokerStatus(dataDir)).toEqual(stopped(dataDir));
  expect(await stopBroker(dataDir)).toBe(false);
});

test('of a folder that does not exist, the status is: not running, and nothing is made', async () => {
  const dataDir = join(folder, 'nothing-here');
  expect(await brokerStatus(dataDir)).toEqual(stopped(dataDir));
  expect(await readdir(folder)).not.toContain('nothing-here');
});

test('a second broker on the same data is refused, here and in another process', async () => {
  const dataDir = newDataDir();
  const { address } = await start(dataDir);
  const refusal = { code: 'BROKER_ALREADY_RUNNING', exitCode: 4 };
  await expect(start(dataDir)).rejects.toMatchObject(refusal);
  const here = startEmbeddedBroker({ dataDir });
  await expect(here).rejects.toMatchObject(refusal);
  expect((await brokerStatus(dataDir)).address).toBe(address);
});

test('a port in use is named, with the end of the log', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const starting = start(newDataDir(), port);
  await expect(starting).rejects.toMatchObject({
    code: 'BROKER_NOT_STARTED',
    message: expect.stringContaining(`PORT_IN_USE`) as string,
  });
});

test("data that is not the broker's, or not whole, is refused and left alone", async () => {
  const dataDir = newDataDir();
  await writeFile(join(dataDir, 'broker.db'), 'this is no database, but it is long enough');
  const starting = startEmbeddedBroker({ dataDir });
  await expect(starting).rejects.toMatchObject({ code: 'BROKER_DATA_CORRUPT' });
  expect(await brokerStatus(dataDir)).toEqual(stopped(dataDir));
});

test('killed with -9, it has every acknowledged record and offset when it is back', async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  const topic = 'survivors';
  let kafka = kafkaAt([first.address ?? '']);
  let admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, configEntries: [{ name: 'retention.ms', value: '86400000' }] }],
  });
  await admin.setOffsets({ groupId: 'g', topic, partitions: [{ partition: 0, offset: '0' }] });
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    retry: { retries: 0 },
  });
  await producer.connect();
  const acknowledged: string[] = [];
  const sending = (async () => {
    for (let i = 0; ; i++) {
      await producer.send({ topic, messages: [{ key: 'k', value: String(i) }] });
      acknowledged.push(String(i));
    }
  })().catch(() => undefined);
  await eventually(() => acknowledged.length >= 200);
  process.kill(first.pid ?? 0, 'SIGKILL');
  await sending;
  await Promise.all([producer.disconnect(), admin.disconnect()]);
  await eventually(async () => !(await brokerStatus(dataDir)).running);

  const second = await start(dataDir);
  kafka = kafkaAt([second.address ?? '']);
  admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchOffsets({ groupId: 'g', topics: [topic] });
  expect(offsets[0]?.partitions).toMatchObject([{ partition: 0, offset: '0' }]);
  const consumer = kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 200 });
  const received: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage({ message }) {
      received.push(message.value?.toString() ?? '');
      return Promise.resolve();
    },
  });
  await eventually(() => received.length >= acknowledged.length);
  await Promise.all([consumer.disconnect(), admin.disconnect()]);
  expect(received.slice(0, acknowledged.length)).toEqual(acknowledged);
});
