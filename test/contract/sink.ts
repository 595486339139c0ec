import { beforeEach, describe, expect, it } from 'vitest';
import type { LogRecord } from '../../src/ports/log.js';
import type { OutgoingRecord, RecordSink } from '../../src/ports/record-sink.js';

/** What the topic got, as far as a sink says it. */
export type WrittenRecord = Pick<LogRecord, 'partition' | 'key' | 'value' | 'headers'>;

/** A sink as the contract's tests get it: its topic is empty. */
export interface SinkUnderTest {
  readonly sink: RecordSink;
  /** By partition, in order. */
  written(): Promise<readonly WrittenRecord[]>;
  /** The next send is refused: what it sends is not in the topic. */
  refuseOnce(): void;
  /** Another one, whose topic does not exist. */
  withoutTopic(): RecordSink;
}

export type OpenSink = () => SinkUnderTest | Promise<SinkUnderTest>;

export const keyed = (key: string | null, value: string): OutgoingRecord => ({
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  headers: {},
});

/** Holds a sink to the laws of the port RecordSink (src/ports/record-sink.ts). */
export function sinkContract(name: string, open: OpenSink): void {
  describe(name, () => {
    let under: SinkUnderTest;
    beforeEach(async () => {
      under = await open();
      await under.sink.open();
    });
    const values = async () => (await under.written()).map(({ value }) => value?.toString());

    it('writes key, value and headers byte by byte, and says in which partition', async () => {
      const bytes = Buffer.from([0, 0xff, 10, 13]);
      const headers = { one: bytes, many: [Buffer.from('a'), Buffer.from('b')] };
      const record = { key: bytes, value: bytes, headers };
      const { acknowledged, error } = await under.sink.send([record]);
      expect(error).toBeNull();
      const [written, ...others] = await under.written();
      expect(others).toEqual([]);
      expect(written).toEqual({ ...record, partition: written?.partition });
      expect(acknowledged).toMatchObject([{ partition: written?.partition, records: 1 }]);
    });

    it('writes records without a key, without a value and without headers', async () => {
      const nothing = { key: null, value: null, headers: {} };
      const { acknowledged } = await under.sink.send([nothing, nothing]);
      expect(records(acknowledged)).toBe(2);
      expect(await under.written()).toMatchObject([nothing, nothing]);
    });

    it('keeps the records of a key in order and in one partition, over several sends', async () => {
      for (const round of [0, 1, 2]) {
        const sent = ['a', 'b', 'c', 'd', 'e'].map((key) => keyed(key, `${key}${round}`));
        expect((await under.sink.send(sent)).error).toBeNull();
      }
      const written = await under.written();
      for (const key of ['a', 'b', 'c', 'd', 'e']) {
        const ofKey = written.filter((record) => record.key?.toString() === key);
        expect(ofKey.map(({ value }) => value?.toString())).toEqual([
          `${key}0`,
          `${key}1`,
          `${key}2`,
        ]);
        expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
      }
    });

    it('counts by partition what is acknowledged', async () => {
      const sent = Array.from({ length: 40 }, (_, index) => keyed(`key ${index}`, 'value'));
      const { acknowledged } = await under.sink.send(sent);
      const written = await under.written();
      expect(written).toHaveLength(sent.length);
      const partitions = acknowledged.map(({ partition }) => partition);
      expect(new Set(partitions).size).toBe(partitions.length);
      for (const { partition, records: count } of acknowledged) {
        expect(written.filter((record) => record.partition === partition)).toHaveLength(count);
      }
    });

    it('keeps the order of sends that do not wait for each other', async () => {
      const sent = Array.from({ length: 10 }, (_, index) => `${index}`);
      const results = await Promise.all(
        sent.map((value) => under.sink.send([keyed('one key', value)])),
      );
      expect(results.map(({ error }) => error)).toEqual(sent.map(() => null));
      expect(await values()).toEqual(sent);
    });

    it('sends nothing where there is nothing to send', async () => {
      expect(await under.sink.send([])).toEqual({ acknowledged: [], error: null });
      expect(await under.written()).toEqual([]);
    });

    it('says that a send was refused, writes nothing of it, and goes on', async () => {
      await under.sink.send([keyed('a', 'before')]);
      under.refuseOnce();
      const { acknowledged, error } = await under.sink.send([keyed('a', 'refused')]);
      expect(acknowledged).toEqual([]);
      expect(error).toBeInstanceOf(Error);
      expect((await under.sink.send([keyed('a', 'after')])).error).toBeNull();
      expect(await values()).toEqual(['before', 'after']);
    });

    it('says that its topic does not exist, when it is opened', async () => {
      const sink = under.withoutTopic();
      await expect(sink.open()).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' });
      await sink.close();
    });

    it('can be closed twice, and opened again', async () => {
      await under.sink.close();
      await under.sink.close();
      await under.sink.open();
      expect((await under.sink.send([keyed('a', 'again')])).error).toBeNull();
      expect(await values()).toEqual(['again']);
    });
  });
}

export function records(acknowledged: readonly { readonly records: number }[]): number {
  return acknowledged.reduce((sum, each) => sum + each.records, 0);
}
