import Database from 'better-sqlite3';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startEmbeddedBroker } from '../../support/broker/embedded-broker.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { testBroker } from './test-broker.js';

test('a port in use is named', async () => {
  const { port } = await testBroker();
  const starting = startEmbeddedBroker({ port });
  await expect(starting).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    exitCode: 4,
    message: `Port ${String(port)} of 127.0.0.1 is in use by another program.`,
  });
});

test('after a start that failed, the data directory is free again', async () => {
  const { port } = await testBroker();
  const dataDir = temporaryDir();
  await startEmbeddedBroker({ dataDir, port }).catch(() => undefined);
  const broker = await startEmbeddedBroker({ dataDir });
  await broker.stop();
});

test('a data directory that cannot be made is named', async () => {
  const file = join(temporaryDir(), 'file');
  await writeFile(file, '');
  const starting = startEmbeddedBroker({ dataDir: join(file, 'broker') });
  await expect(starting).rejects.toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE', exitCode: 4 });
});

test('data of a newer version is refused, and left as it is', async () => {
  const dataDir = temporaryDir();
  await (await startEmbeddedBroker({ dataDir })).stop();
  const db = new Database(join(dataDir, 'broker.db'));
  db.pragma('user_version = 99');
  db.close();
  await expect(startEmbeddedBroker({ dataDir })).rejects.toMatchObject({
    code: 'BROKER_DATA_NEWER',
  });
});

test('it is the same cluster after a restart', async () => {
  const dataDir = temporaryDir();
  const first = await startEmbeddedBroker({ dataDir });
  await first.stop();
  const second = await startEmbeddedBroker({ dataDir });
  await second.stop();
  expect(second.clusterId).toBe(first.clusterId);
});

test('stopping twice is stopping once', async () => {
  const broker = await startEmbeddedBroker();
  await Promise.all([broker.stop(), broker.stop()]);
});
