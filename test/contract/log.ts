import { beforeEach, describe, expect, it } from 'vitest';
import type { LogReader, LogRecord, PartitionBounds } from '../../src/ports/log.js';

export type NewRecord = Partial<Pick<LogRecord, 'timestamp' | 'key' | 'value' | 'headers'>>;

/** A log as the contract's tests get it: one topic, empty, of two partitions. */
export interface LogUnderTest {
  readonly reader: LogReader;
  readonly topic: string;
  append(partition: number, records: readonly NewRecord[]): Promise<void>;
  deleteBefore(partition: number, offset: bigint): Promise<void>;
  /** From now on this partition has no leader. */
  loseLeader(partition: number): void;
}

export type OpenLog = () => LogUnderTest | Promise<LogUnderTest>;

const MISSING_TOPIC = 'no-such-topic';
/** More than one fetch brings. */
const LARGE = { records: 150, bytes: 2000 };

/** Holds a reader to the laws of the port LogReader (src/ports/log.ts). */
export function logContract(name: string, open: OpenLog): void {
  describe(name, () => {
    let log: LogUnderTest;
    beforeEach(async () => {
      log = await open();
    });
    const numbered = (count: number): readonly NewRecord[] =>
      Array.from({ length: count }, (_, index) => ({ value: Buffer.from(String(index)) }));

    boundsContract(() => log, numbered);
    positionContract(() => log, numbered);
    contentContract(() => log);

    it('gives all that a long read asks for, once and in order, in chunks', async () => {
      const padding = 'x'.repeat(LARGE.bytes);
      const values = Array.from({ length: LARGE.records }, (_, index) => `${index} ${padding}`);
      await log.append(
        1,
        values.map((value) => ({ value: Buffer.from(value) })),
      );
      const records = await all(log.reader.read(log.topic, 1, 0n, BigInt(LARGE.records)));
      expect(records.map(({ value }) => value?.toString())).toEqual(values);
      expect(records.map(({ offset }) => offset)).toEqual(values.map((_, index) => BigInt(index)));
    });

    it('reads several partitions at once, each to its own end', async () => {
      await log.append(0, numbered(3));
      await log.append(1, numbered(5));
      const [first, second] = await Promise.all(
        [0, 1].map((partition) => all(log.reader.read(log.topic, partition, 0n, 5n))),
      );
      expect([first?.length, second?.length]).toEqual([3, 5]);
    });

    it('goes on after a read that was left early', async () => {
      await log.append(0, numbered(3));
      for await (const chunk of log.reader.read(log.topic, 0, 0n, 3n)) {
        expect(chunk[0]?.offset).toBe(0n);
        break;
      }
      expect(await all(log.reader.read(log.topic, 0, 0n, 3n))).toHaveLength(3);
    });
  });
}

type Numbered = (count: number) => readonly NewRecord[];

function boundsContract(log: () => LogUnderTest, numbered: Numbered): void {
  it('names its cluster, the same each time', async () => {
    const id = await log().reader.clusterId();
    expect(id).not.toBe('');
    expect(await log().reader.clusterId()).toBe(id);
  });

  it('knows where each partition begins and ends, empty or not', async () => {
    const { reader, topic } = log();
    expect(await reader.bounds(topic)).toEqual([bounds(0, 0n, 0n), bounds(1, 0n, 0n)]);
    await log().append(1, numbered(4));
    await log().deleteBefore(1, 3n);
    expect(await reader.bounds(topic)).toEqual([bounds(0, 0n, 0n), bounds(1, 3n, 4n)]);
    expect(await reader.ledBounds(topic, [1])).toEqual([bounds(1, 3n, 4n)]);
    expect(await reader.ledBounds(topic, [])).toEqual([]);
  });

  it('says that a topic does not exist', async () => {
    const { reader } = log();
    const missing = { code: 'TOPIC_NOT_FOUND' };
    const at = { topic: MISSING_TOPIC, partition: 0, offset: 0n };
    await expect(reader.bounds(MISSING_TOPIC)).rejects.toMatchObject(missing);
    await expect(reader.ledBounds(MISSING_TOPIC, [0])).rejects.toMatchObject(missing);
    await expect(reader.recordAt(at)).rejects.toMatchObject(missing);
    await expect(all(reader.read(MISSING_TOPIC, 0, 0n, 1n))).rejects.toMatchObject(missing);
  });

  it('says that a partition does not exist', async () => {
    const { reader, topic } = log();
    const missing = { code: 'TOPIC_NOT_FOUND' };
    await expect(reader.recordAt({ topic, partition: 9, offset: 0n })).rejects.toMatchObject(
      missing,
    );
    await expect(all(reader.read(topic, 9, 0n, 1n))).rejects.toMatchObject(missing);
    expect(await reader.ledBounds(topic, [1, 9])).toEqual([bounds(1, 0n, 0n)]);
  });

  it('asks the partitions that have a leader, and names the one that has none', async () => {
    const { reader, topic } = log();
    await log().append(0, numbered(2));
    log().loseLeader(1);
    expect(await reader.ledBounds(topic, [0, 1])).toEqual([bounds(0, 0n, 2n)]);
    const offline = { code: 'PARTITION_OFFLINE' };
    await expect(reader.bounds(topic)).rejects.toMatchObject(offline);
    await expect(all(reader.read(topic, 1, 0n, 1n))).rejects.toMatchObject(offline);
    expect(await all(reader.read(topic, 0, 0n, 2n))).toHaveLength(2);
  });
}

function positionContract(log: () => LogUnderTest, numbered: Numbered): void {
  const offsets = async (partition: number, from: bigint, to: bigint) =>
    (await all(log().reader.read(log().topic, partition, from, to))).map(({ offset }) => offset);

  it('reads from an offset up to another, without the second', async () => {
    await log().append(0, numbered(5));
    expect(await offsets(0, 1n, 4n)).toEqual([1n, 2n, 3n]);
    expect(await offsets(0, 3n, 99n)).toEqual([3n, 4n]);
    expect(await offsets(0, 2n, 2n)).toEqual([]);
    expect(await offsets(0, 4n, 2n)).toEqual([]);
    expect(await offsets(0, 5n, 9n)).toEqual([]);
    expect(await offsets(1, 0n, 9n)).toEqual([]);
    const { reader, topic } = log();
    expect(await all(reader.readUncommitted(topic, 0, 1n, 4n))).toHaveLength(3);
  });

  it('says that an offset is gone, or was never there', async () => {
    await log().append(0, numbered(3));
    await log().deleteBefore(0, 2n);
    const gone = { code: 'OFFSET_OUT_OF_RANGE' };
    await expect(offsets(0, 0n, 3n)).rejects.toMatchObject(gone);
    await expect(offsets(0, 4n, 9n)).rejects.toMatchObject(gone);
    expect(await offsets(0, 2n, 3n)).toEqual([2n]);
  });

  it('gives the record of one position, or null where there is none', async () => {
    await log().append(0, numbered(3));
    await log().deleteBefore(0, 1n);
    const { reader, topic } = log();
    const at = (offset: bigint) => reader.recordAt({ topic, partition: 0, offset });
    expect(await at(2n)).toMatchObject({ topic, partition: 0, offset: 2n });
    expect((await at(1n))?.value?.toString()).toBe('1');
    expect(await at(0n)).toBeNull();
    expect(await at(3n)).toBeNull();
    expect(await at(99n)).toBeNull();
  });
}

function contentContract(log: () => LogUnderTest): void {
  const written = async (record: NewRecord) => {
    await log().append(0, [record]);
    return log().reader.recordAt({ topic: log().topic, partition: 0, offset: 0n });
  };

  it('gives key, value and headers byte by byte', async () => {
    const bytes = Buffer.from([0, 0xff, 0xfe, 10, 13]);
    const headers = { one: bytes, '': Buffer.from('no name'), 한글: Buffer.from('값') };
    expect(await written({ key: bytes, value: bytes, headers })).toMatchObject({
      key: bytes,
      value: bytes,
      headers,
    });
  });

  it('tells nothing from an empty text', async () => {
    expect(await written({ key: null, value: null })).toMatchObject({
      key: null,
      value: null,
      headers: {},
    });
    await log().append(1, [{ key: Buffer.alloc(0), value: Buffer.alloc(0) }]);
    const empty = await log().reader.recordAt({ topic: log().topic, partition: 1, offset: 0n });
    expect([empty?.key?.length, empty?.value?.length]).toEqual([0, 0]);
  });

  it('gives all values of a header that occurs several times', async () => {
    const values = ['a', 'b', 'a'].map((value) => Buffer.from(value));
    expect((await written({ headers: { many: values } }))?.headers).toEqual({ many: values });
  });

  it.each([
    ['none', -1n],
    ['0', 0n],
    ['in seconds', 1_795_739_916n],
    ['in milliseconds', 1_795_739_916_004n],
    ['the highest', 2n ** 63n - 1n],
    ['negative', -9_000_000_000_000_000_000n],
  ])('gives a timestamp as it is: %s', async (_, timestamp) => {
    expect(await written({ timestamp })).toMatchObject({ timestamp });
  });
}

export async function all(read: AsyncIterable<LogRecord[]>): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const chunk of read) records.push(...chunk);
  return records;
}

function bounds(partition: number, startOffset: bigint, endOffset: bigint): PartitionBounds {
  return { partition, startOffset, endOffset, stableEndOffset: endOffset };
}
