/** What src/ports/cluster-admin.ts promises, on whatever implements it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TopicSpec } from '../../src/coupon/topics.js';
import type { CliError } from '../../src/errors.js';
import { sampleLag } from '../../src/lag/sample.js';
import { totalLagOf } from '../../src/ports/lag-sample.js';
import type { ClusterAdmin } from '../../src/ports/cluster-admin.js';
import type { GroupStore } from '../../src/ports/group-store.js';
import type { ClusterLogReader } from '../../src/ports/log.js';
import { withSizes } from '../../src/topics/sizes.js';
import { eventually } from '../support/eventually.js';

export interface AdministeredCluster {
  readonly admin: ClusterAdmin;
  readonly reader: ClusterLogReader;
  /** "host:port" of one of its brokers. */
  readonly address: string;
  readonly uniqueName: (what: string) => string;
  append(topic: string, partition: number, records: readonly AppendedRecord[]): Promise<void>;
  /** As a member of the group would. */
  commit(group: string, topic: string, partition: number, offset: bigint): Promise<void>;
  /** One member, which has its partitions; returns how it leaves. */
  join(group: string, topic: string, store: GroupStore): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface AppendedRecord {
  readonly value: string;
  readonly timestampMs: number;
}

const record = (timestampMs: number): AppendedRecord => ({ value: 'v'.repeat(500), timestampMs });

/** Not long ago, so that no retention takes the records. */
const START_MS = Date.now() - 60_000;

export function clusterAdminContract(name: string, open: () => Promise<AdministeredCluster>): void {
  let cluster: AdministeredCluster;
  let admin: ClusterAdmin;

  async function newTopic(changes: Partial<TopicSpec> = {}): Promise<string> {
    const topic = cluster.uniqueName('administered');
    const spec = { name: topic, partitions: 2, replicationFactor: 1, config: {} };
    await admin.createTopics([{ ...spec, ...changes }]);
    return topic;
  }

  describe(name, () => {
    beforeAll(async () => {
      cluster = await open();
      ({ admin } = cluster);
    });
    afterAll(() => cluster.close());

    describe('topics', () => {
      it('that were created are listed by name and described, with their leaders', async () => {
        const config = { 'retention.ms': '3600000' };
        const [second, first] = [await newTopic({ config }), await newTopic({ partitions: 3 })];
        const listed = await admin.listTopics();
        expect(listed).toEqual(expect.arrayContaining([first, second]));
        expect(listed).toEqual([...listed].sort());
        const described = await admin.describeTopics([first, second]);
        expect(described.map((topic) => topic.name)).toEqual([first, second].sort());
        const found = described.find((topic) => topic.name === second);
        expect(found).toMatchObject({
          replicationFactor: 1,
          config,
          effectiveConfig: { 'retention.ms': '3600000', 'cleanup.policy': 'delete' },
        });
        const brokers = await admin.brokerIds();
        expect(found?.partitions.map(({ partition }) => partition)).toEqual([0, 1]);
        for (const { leader, replicas, isr, ...ends } of found?.partitions ?? []) {
          expect(brokers).toContain(leader);
          expect([replicas, isr]).toEqual([[leader], [leader]]);
          expect(ends).toMatchObject({ startOffset: 0n, endOffset: 0n, stableEndOffset: 0n });
        }
        expect([await admin.countPartitions(first), await admin.countPartitions(second)]).toEqual([
          3, 2,
        ]);
      });

      it('that exist are left as they are, also beside one that is new', async () => {
        const existing = await newTopic();
        const added = cluster.uniqueName('administered');
        const specs = [existing, added].map((topic) => ({
          name: topic,
          partitions: 5,
          replicationFactor: 1,
          config: {},
        }));
        expect(await admin.refusalToCreate(specs)).toBeNull();
        await admin.createTopics(specs);
        expect(await admin.countPartitions(existing)).toBe(2);
        expect(await admin.countPartitions(added)).toBe(5);
      });

      it('that the cluster refuses are not created, and it can be asked before', async () => {
        const spec = { name: 'not a name!', partitions: 1, replicationFactor: 1, config: {} };
        const refusal = await admin.refusalToCreate([spec]);
        expect(refusal).toMatchObject({ code: 'INVALID_TOPIC_EXCEPTION', exitCode: 1 });
        await expect(admin.createTopics([spec])).rejects.toMatchObject({ code: refusal?.code });
        const { length } = await admin.brokerIds();
        const many = { ...spec, name: cluster.uniqueName('many'), replicationFactor: length + 1 };
        expect(await admin.refusalToCreate([many])).toMatchObject({
          code: 'INVALID_REPLICATION_FACTOR',
        });
        expect(await admin.listTopics()).not.toContain(many.name);
      });

      it('get more partitions and never fewer', async () => {
        const topic = await newTopic();
        await admin.createPartitions(topic, 4);
        expect(await admin.countPartitions(topic)).toBe(4);
        const fewer = admin.createPartitions(topic, 3);
        await expect(fewer).rejects.toMatchObject({ code: 'INVALID_PARTITIONS' });
      });

      it('say how large a batch they take, in bytes', async () => {
        expect(await admin.maxMessageBytes(await newTopic())).toBe(1_048_588);
        const config = { 'max.message.bytes': '2000' };
        expect(await admin.maxMessageBytes(await newTopic({ config }))).toBe(2000);
      });

      it('take the bytes of their records, in each replica', async () => {
        const topic = await newTopic();
        await cluster.append(topic, 1, [record(START_MS)]);
        const [sized] = await withSizes(admin, await admin.describeTopics([topic]));
        const sizes = sized?.partitions.map(({ sizeBytes }) => sizeBytes ?? -1) ?? [];
        expect(sizes[0]).toBe(0);
        expect(sizes[1]).toBeGreaterThan(500);
        expect(sized).toMatchObject({ sizeBytes: sizes[1], sizeOnDiskBytes: sizes[1] });
      });

      it('are deleted, and the others stay', async () => {
        const [gone, kept] = [await newTopic(), await newTopic()];
        await admin.deleteTopics([gone]);
        await eventually(async () => !(await admin.listTopics()).includes(gone));
        expect(await admin.listTopics()).toContain(kept);
      });

      it('that are missing are named, whatever is asked of them', async () => {
        const missing = cluster.uniqueName('missing');
        const asking = [
          () => admin.describeTopics([missing]),
          () => admin.countPartitions(missing),
          () => admin.maxMessageBytes(missing),
          () => admin.offsetsAtTime(missing, START_MS),
          () => admin.deleteRecords(missing, [{ partition: 0, beforeOffset: 1n }]),
          () => admin.deleteTopics([missing]),
          () => cluster.reader.logBounds([missing]),
        ];
        for (const ask of asking) {
          const failed = await ask().catch((error: unknown) => error);
          expect(failed).toMatchObject({ code: 'TOPIC_NOT_FOUND', exitCode: 1 });
          expect((failed as CliError).message).toContain(missing);
        }
        expect(await admin.describeTopics([])).toEqual([]);
      });
    });

    describe('records', () => {
      it('are found by time: the first at or after it, or the end', async () => {
        const topic = await newTopic();
        await cluster.append(
          topic,
          0,
          [0, 1000, 2000].map((ms) => record(START_MS + ms)),
        );
        const at = async (ms: number) =>
          [...(await admin.offsetsAtTime(topic, START_MS + ms))].sort();
        expect(await at(-1)).toEqual([
          [0, 0n],
          [1, 0n],
        ]);
        expect(await at(1)).toEqual([
          [0, 1n],
          [1, 0n],
        ]);
        expect(await at(2000)).toEqual([
          [0, 2n],
          [1, 0n],
        ]);
        expect(await at(2001)).toEqual([
          [0, 3n],
          [1, 0n],
        ]);
      });

      it('before an offset are deleted, and none beyond the end', async () => {
        const topic = await newTopic();
        await cluster.append(
          topic,
          0,
          [0, 1, 2].map((ms) => record(START_MS + ms)),
        );
        await admin.deleteRecords(topic, [{ partition: 0, beforeOffset: 2n }]);
        const [described] = await admin.describeTopics([topic]);
        expect(described?.partitions[0]).toMatchObject({ startOffset: 2n, endOffset: 3n });
        const beyond = admin.deleteRecords(topic, [{ partition: 0, beforeOffset: 4n }]);
        await expect(beyond).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
        await admin.deleteRecords(topic, []);
      });
    });

    describe('groups', () => {
      it('that are not known are dead, and have committed nothing', async () => {
        const unknown = cluster.uniqueName('unknown');
        const description = await admin.describeGroup(unknown);
        expect(description).toEqual({ state: 'Dead', sharesPartitions: true, members: [] });
        expect((await admin.committedOffsets(unknown)).size).toBe(0);
        expect(await admin.listGroups()).not.toContain(unknown);
      });

      it('that have committed are listed, with their offsets and their lag', async () => {
        const [topic, group] = [await newTopic(), cluster.uniqueName('group')];
        await cluster.append(
          topic,
          0,
          [0, 1, 2].map((ms) => record(START_MS + ms)),
        );
        await cluster.append(topic, 1, [record(START_MS + 10)]);
        await cluster.commit(group, topic, 0, 1n);
        expect(await admin.listGroups()).toContain(group);
        expect(await admin.describeGroup(group)).toMatchObject({ state: 'Empty', members: [] });
        const committed = await admin.committedOffsets(group);
        expect(committed.get(topic)?.get(0)).toEqual({ offset: 1n, mark: null });
        expect(committed.get(topic)?.get(1) ?? null).toBeNull();
        const sample = await sampleLag(admin, cluster.reader, { group, topic: null }, () => 7);
        expect(totalLagOf(sample)).toBe(3);
        expect(sample).toMatchObject({ takenAtMs: 7, offline: [], missingTopics: [] });
        expect(
          sample.partitions.map(({ oldestUnprocessedTimestampMs }) => oldestUnprocessedTimestampMs),
        ).toEqual([START_MS + 1, START_MS + 10]);
      });
    });

    it('groups are deleted with what they have committed, and those that do not exist left out', async () => {
      const [topic, group] = [await newTopic(), cluster.uniqueName('group')];
      await cluster.commit(group, topic, 0, 1n);
      await admin.deleteGroups([cluster.uniqueName('unknown'), group]);
      expect(await admin.listGroups()).not.toContain(group);
      expect((await admin.committedOffsets(group)).size).toBe(0);
    });

    it('a group that has members is not deleted', async () => {
      const [topic, group] = [await newTopic(), cluster.uniqueName('group')];
      const leave = await cluster.join(group, topic, {
        id: 'one',
        host: 'h',
        path: '/',
        sinceMs: 1,
        pid: 7,
      });
      const refused = admin.deleteGroups([group]);
      await expect(refused).rejects.toMatchObject({ code: 'GROUP_HAS_MEMBERS' });
      expect(await admin.listGroups()).toContain(group);
      await leave();
    });

    describe('offsets of a group without members', () => {
      const mark = {
        id: 'one',
        host: 'host',
        path: '/coupons.db',
        sinceMs: 1,
        pid: 7,
        applied: 1n,
      };

      it('are committed at once, with the store that they follow, also backwards', async () => {
        const [topic, group] = [await newTopic(), cluster.uniqueName('group')];
        await admin.commitOffsets(group, topic, new Map([[0, { offset: 5n, mark: null }]]));
        const offsets = new Map([
          [0, { offset: 2n, mark }],
          [1, { offset: 0n, mark: { ...mark, applied: null } }],
        ]);
        await admin.commitOffsets(group, topic, offsets);
        expect((await admin.committedOffsets(group)).get(topic)).toEqual(offsets);
      });

      it('stay as they are where it has members, who say on which store they work', async () => {
        const [topic, group] = [await newTopic(), cluster.uniqueName('group')];
        const { applied, ...store } = mark;
        const leave = await cluster.join(group, topic, store);
        const offsets = new Map([[0, { offset: 2n, mark: { ...mark, applied } }]]);
        const refused = admin.commitOffsets(group, topic, offsets);
        await expect(refused).rejects.toMatchObject({ code: 'GROUP_HAS_MEMBERS' });
        expect((await admin.committedOffsets(group)).get(topic)?.get(0) ?? null).toBeNull();
        const { members } = await admin.describeGroup(group);
        expect(members.map((member) => member.store)).toEqual([store]);
        await leave();
      });
    });

    it('a broker says which APIs it has, without a login', async () => {
      const { apis } = await admin.probeBroker(cluster.address);
      expect(apis.some(({ apiKey }) => apiKey === 18)).toBe(true);
      const brokers = await admin.brokerIds();
      expect(brokers.length).toBeGreaterThan(0);
      expect(brokers).toEqual(brokers.toSorted((a, b) => a - b));
    });

    it('names itself, and where each of its brokers is reached', async () => {
      const { clusterId, brokers } = await admin.describeCluster();
      expect(clusterId).toBe(await cluster.reader.clusterId());
      expect(brokers.map(({ id }) => id)).toEqual(await admin.brokerIds());
      for (const { address } of brokers) await admin.probeBroker(address);
    });
  });
}
