import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { GroupCommit } from '../../../src/broker/storage/group-commit.js';
import { Storage } from '../../../src/broker/storage/storage.js';
import { ErrorCode } from '../../../src/broker/wire/error-code.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { batchOf, NOW, type BatchOptions } from '../../support/broker/record-batches.js';
import { ManualClock } from '../../support/clock/manual.js';

const clock = new ManualClock();
const noEvents = { undone: () => undefined, refused: () => undefined };

function open(dataDir: string): Storage {
  const storage = new Storage(dataDir, clock, () => undefined);
  onTestFinished(() => storage.close());
  return storage;
}

async function withTopic(configs: Readonly<Record<string, string>> = {}) {
  const dataDir = temporaryDir();
  const storage = open(dataDir);
  await storage.commits.submit(
    () => storage.catalog.create('t', 1, new Map(Object.entries(configs))),
    () => undefined,
  );
  const partition = () => {
    const found = storage.catalog.partition('t', 0);
    if (found === undefined) throw new Error('no partition');
    return found;
  };
  const append = (options?: BatchOptions, nowMs = Number(NOW)) => {
    const overrides = storage.catalog.topic('t')?.overrides ?? new Map<string, string>();
    return storage.commits.submit(
      () => storage.log.append(partition(), overrides, batchOf(options), nowMs),
      () => ({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, errorMessage: '' }),
    );
  };
  const offsets = () => [partition().startOffset, partition().endOffset];
  return { storage, dataDir, partition, append, offsets };
}

test('what was appended is there after opening again, byte by byte but for its offset', async () => {
  const { storage, dataDir, append } = await withTopic();
  await append();
  await append({ timestamps: [NOW, NOW] });
  storage.close();
  const again = open(dataDir);
  const partition = again.catalog.partition('t', 0);
  if (partition === undefined) throw new Error('no partition');
  const batches = again.log.read(partition, 0n, 1e6, true);
  expect(batches.map((batch) => batch.readBigInt64BE(0))).toEqual([0n, 1n]);
  expect(batches[0]?.subarray(16)).toEqual(batchOf().subarray(16));
  expect(partition.endOffset).toBe(3n);
  expect(again.clusterId).toHaveLength(22);
});

test('a read starts with the batch that holds the offset, and gives at least one', async () => {
  const { storage, append, partition } = await withTopic();
  for (let i = 0; i < 3; i++) await append({ timestamps: [NOW, NOW] });
  const bases = (offset: bigint, maxBytes: number, atLeastOne: boolean) =>
    storage.log
      .read(partition(), offset, maxBytes, atLeastOne)
      .map((batch) => batch.readBigInt64BE(0));
  expect(bases(1n, 1e6, true)).toEqual([0n, 2n, 4n]);
  expect(bases(3n, 1, true)).toEqual([2n]);
  expect(bases(3n, 1, false)).toEqual([]);
  expect(bases(6n, 1e6, true)).toEqual([]);
});

const sequenced = { producerId: 7n, producerEpoch: 0 };

test('a batch that an idempotent producer sends again keeps its first offset', async () => {
  const { append, offsets } = await withTopic();
  await append({ ...sequenced, baseSequence: 0 });
  await append({ ...sequenced, baseSequence: 1 });
  expect(await append({ ...sequenced, baseSequence: 0 })).toMatchObject({ baseOffset: 0n });
  expect(offsets()).toEqual([0n, 2n]);
});

test('that holds after opening again, too', async () => {
  const { storage, dataDir, append } = await withTopic();
  await append({ ...sequenced, baseSequence: 0 });
  storage.close();
  const again = open(dataDir);
  const partition = again.catalog.partition('t', 0);
  if (partition === undefined) throw new Error('no partition');
  const repeat = batchOf({ ...sequenced, baseSequence: 0 });
  const result = await again.commits.submit(
    () => again.log.append(partition, new Map(), repeat, Number(NOW)),
    () => null,
  );
  expect(result).toMatchObject({ baseOffset: 0n, appendedBytes: 0 });
  expect(partition.endOffset).toBe(1n);
});

test('a gap in the sequence and an old epoch are refused', async () => {
  const { append, offsets } = await withTopic();
  await append({ producerId: 7n, producerEpoch: 1, baseSequence: 0 });
  expect(await append({ producerId: 7n, producerEpoch: 1, baseSequence: 2 })).toMatchObject({
    errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
  });
  expect(await append({ producerId: 7n, producerEpoch: 0, baseSequence: 1 })).toMatchObject({
    errorCode: ErrorCode.INVALID_PRODUCER_EPOCH,
  });
  expect(offsets()).toEqual([0n, 1n]);
});

test('a sequence goes from its highest number back to 0', async () => {
  const { append, offsets } = await withTopic();
  await append({ ...sequenced, baseSequence: 2 ** 31 - 1 });
  await append({ ...sequenced, baseSequence: 0 });
  expect(offsets()).toEqual([0n, 2n]);
});

test('a batch over max.message.bytes, or from the future, is refused', async () => {
  const { append } = await withTopic({
    'max.message.bytes': '100',
    'message.timestamp.after.max.ms': '3600000',
  });
  expect(await append({ value: Buffer.alloc(100) })).toMatchObject({
    errorCode: ErrorCode.MESSAGE_TOO_LARGE,
  });
  expect(await append({ timestamps: [NOW + 3_600_001n] })).toMatchObject({
    errorCode: ErrorCode.INVALID_TIMESTAMP,
  });
});

test('retention.ms forgets old batches, but no offset', async () => {
  const { storage, append, offsets } = await withTopic({ 'retention.ms': '1000' });
  await append({ timestamps: [NOW - 2000n] });
  await append();
  await storage.enforceRetention(Number(NOW));
  expect(offsets()).toEqual([1n, 2n]);
  await storage.enforceRetention(Number(NOW) + 5000);
  expect(offsets()).toEqual([2n, 2n]);
  storage.catalog.forget();
  expect(offsets()).toEqual([2n, 2n]);
});

const DAY = 86_400_000n;

test.each([
  ['is -1', [-1n]],
  ['is 0', [0n]],
  ['is in seconds', [NOW / 1000n]],
  ['is as low as it gets', [-(2n ** 63n)]],
  ['is in seconds, but for one of 9 days back', [NOW / 1000n, NOW - 9n * DAY]],
])('a record whose timestamp %s is kept as long as if it had none', async (_, timestamps) => {
  const { storage, append, offsets, partition } = await withTopic({
    'message.timestamp.after.max.ms': String(2n ** 63n - 1n),
  });
  await append({ timestamps });
  const endOffset = BigInt(timestamps.length);
  await storage.enforceRetention(Number(NOW + 7n * DAY));
  expect(offsets()).toEqual([0n, endOffset]);
  const found = storage.log.findByTime(partition(), NOW);
  expect(found).toEqual({ offset: 0n, timestamp: NOW });
  expect(storage.log.findByTime(partition(), NOW + 1n)).toBeNull();
  await storage.enforceRetention(Number(NOW + 7n * DAY) + 1);
  expect(offsets()).toEqual([endOffset, endOffset]);
});

test('a batch counts as its newest record does, whatever its header says', async () => {
  const { storage, append, offsets, partition } = await withTopic();
  const timestamps = [NOW - 9n * DAY, NOW];
  await append({ timestamps, maxTimestamp: NOW - 9n * DAY });
  await storage.enforceRetention(Number(NOW));
  expect(offsets()).toEqual([0n, 2n]);
  expect(storage.log.findByTime(partition(), NOW)).toEqual({ offset: 1n, timestamp: NOW });
});

test('a record that is 9 days old has reached its retention, as in Kafka', async () => {
  const { storage, append, offsets } = await withTopic();
  await append({ timestamps: [NOW - 9n * DAY] });
  await storage.enforceRetention(Number(NOW));
  expect(offsets()).toEqual([1n, 1n]);
});

test('a batch that cannot be unpacked counts from its append, for a record may have no time', async () => {
  const { storage, append, offsets, partition } = await withTopic();
  await append({ timestamps: [NOW - 9n * DAY], attributes: 2 });
  await storage.enforceRetention(Number(NOW));
  expect(offsets()).toEqual([0n, 1n]);
  expect(storage.log.findByTime(partition(), NOW)).toMatchObject({ offset: 0n });
});

test('a record far ahead does not keep older records beyond their retention', async () => {
  const ahead = String(2n ** 63n - 1n);
  const { storage, append, offsets, partition } = await withTopic({
    'message.timestamp.after.max.ms': ahead,
  });
  await append({ timestamps: [2n ** 63n - 1n] });
  expect(storage.log.findByTime(partition(), NOW + DAY)).toBeNull();
  await storage.enforceRetention(Number(NOW + 8n * DAY));
  expect(offsets()).toEqual([1n, 1n]);
});

test.each([
  ['one of them is ahead', [NOW, NOW + 3_600_001n, NOW], NOW],
  ['one of them is too old', [NOW, NOW - 1001n, NOW], NOW],
])('timestamps are checked one by one: %s', async (_, timestamps, maxTimestamp) => {
  const { append, offsets } = await withTopic({
    'message.timestamp.before.max.ms': '1000',
    'message.timestamp.after.max.ms': '3600000',
  });
  expect(await append({ timestamps, maxTimestamp })).toMatchObject({
    errorCode: ErrorCode.INVALID_TIMESTAMP,
  });
  expect(await append({ timestamps: [NOW, -1n] })).toMatchObject({ baseOffset: 0n });
  expect(offsets()).toEqual([0n, 2n]);
});

test('with LogAppendTime no timestamp is refused, and all records are of that time', async () => {
  const { append, storage, partition } = await withTopic({
    'message.timestamp.type': 'LogAppendTime',
  });
  await append({ timestamps: [NOW + 9n * DAY, -1n, 0n] });
  const found = storage.log.findByTime(partition(), NOW - 5n);
  expect(found).toEqual({ offset: 0n, timestamp: NOW });
  expect(storage.log.findByTime(partition(), NOW + 1n)).toBeNull();
});

test('what an older version kept counts from its append, whatever its batch headers said', async () => {
  const { storage, dataDir, append } = await withTopic();
  await append();
  await append({ timestamps: [NOW + 1000n] });
  await append();
  storage.close();
  const old = new Database(join(dataDir, 'broker.db'));
  old.exec(`UPDATE batch SET max_timestamp = 0 WHERE base_offset = 0;
    UPDATE batch SET max_timestamp = ${String(2n ** 63n - 1n)} WHERE base_offset = 2;
    PRAGMA user_version = 1`);
  old.close();
  open(dataDir);
  const now = new Database(join(dataDir, 'broker.db'));
  now.defaultSafeIntegers();
  const kept = now.prepare('SELECT max_timestamp FROM batch ORDER BY base_offset').pluck().all();
  now.close();
  expect(kept).toEqual([NOW, NOW + 1000n, NOW]);
});

test('retention.bytes keeps at least that many bytes', async () => {
  const size = BigInt(batchOf().length);
  const configs = { 'retention.bytes': String(size + 1n) };
  const { storage, append, offsets, partition } = await withTopic(configs);
  for (let i = 0; i < 4; i++) await append();
  expect(storage.log.sizeOf(partition())).toBe(4n * size);
  await storage.enforceRetention(Number(NOW));
  expect(offsets()).toEqual([2n, 4n]);
  expect(storage.log.sizeOf(partition())).toBe(2n * size);
});

test('a file that another process has locked: nothing is acknowledged, then all goes on', async () => {
  const { append, dataDir, offsets } = await withTopic();
  const other = new Database(join(dataDir, 'broker.db'));
  other.exec('BEGIN IMMEDIATE');
  expect(await append()).toMatchObject({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR });
  other.close();
  expect(await append()).toMatchObject({ baseOffset: 0n });
  expect(offsets()).toEqual([0n, 1n]);
});

test('a full disk: all of that turn fail, none of it is kept, and smaller changes go on', async () => {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE kept (bytes BLOB)');
  const commits = new GroupCommit(db, noEvents);
  const insert = db.prepare('INSERT INTO kept VALUES (zeroblob(?))');
  const save = (bytes: number) =>
    commits.submit(
      () => {
        insert.run(bytes);
        return 'kept';
      },
      () => 'failed',
    );
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${String(pages + 4)}`);
  expect(await Promise.all([save(10), save(1_000_000)])).toEqual(['failed', 'failed']);
  expect(await save(10)).toBe('kept');
  expect(db.prepare('SELECT count(*) FROM kept').pluck().get()).toBe(1);
});

test('changes of one turn share one transaction', async () => {
  const statements: unknown[] = [];
  const db = new Database(':memory:', { verbose: (sql) => statements.push(sql) });
  const commits = new GroupCommit(db, noEvents);
  const works = [1, 2, 3].map((i) =>
    commits.submit(
      () => i,
      () => 0,
    ),
  );
  expect(await Promise.all(works)).toEqual([1, 2, 3]);
  const ofTransactions = /^(BEGIN|COMMIT|ROLLBACK$)/;
  expect(statements.filter((sql) => ofTransactions.test(String(sql)))).toEqual([
    'BEGIN IMMEDIATE',
    'COMMIT',
  ]);
});

test('a change that throws is undone alone: what else came in its turn is kept', async () => {
  const { storage, append, offsets } = await withTopic();
  const first = append();
  const failing = storage.commits.submit(
    () => {
      storage.catalog.create('half', 2, new Map());
      throw new Error('broken');
    },
    () => undefined,
  );
  const last = append();
  await expect(failing).rejects.toThrow('broken');
  expect(await first).toMatchObject({ baseOffset: 0n });
  expect(await last).toMatchObject({ baseOffset: 1n });
  expect(storage.catalog.topic('half')).toBeUndefined();
  expect(offsets()).toEqual([0n, 2n]);
});

test('a change that breaks a rule of the database is undone alone, too', async () => {
  const { storage, append, offsets } = await withTopic();
  const twice = storage.commits.submit(
    () => storage.catalog.create('t', 1, new Map()),
    () => undefined,
  );
  const after = append();
  await expect(twice).rejects.toThrow('UNIQUE');
  expect(await after).toMatchObject({ baseOffset: 0n });
  expect(offsets()).toEqual([0n, 1n]);
});

test('a new epoch of a producer starts its sequence at 0', async () => {
  const { append, offsets } = await withTopic();
  await append({ ...sequenced, baseSequence: 0 });
  await append({ ...sequenced, baseSequence: 1 });
  expect(await append({ producerId: 7n, producerEpoch: 1, baseSequence: 2 })).toMatchObject({
    errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
  });
  await append({ producerId: 7n, producerEpoch: 1, baseSequence: 0 });
  expect(offsets()).toEqual([0n, 3n]);
});
