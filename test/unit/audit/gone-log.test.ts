/** A topic that was deleted and recreated, and a store whose offsets were reset then. */
import { beforeEach, describe, expect, it } from 'vitest';
import { GoneLog, readGoneLog, type GonePartition } from '../../../src/audit/gone-log.js';
import { CONSUMER_GROUP, REQUEST_TOPIC, topicsOf } from '../../../src/coupon/topics.js';
import type { ForgottenPosition } from '../../../src/ports/store-history.js';
import { fingerprintOf } from '../../../src/records/fingerprint.js';
import { MemoryCluster } from '../../support/memory/cluster.js';
import { MemoryStore } from '../../support/memory/store.js';
import { request } from '../../support/requests.js';
import { audit, SimulatedPipeline, T0, type Evidence } from './simulated-pipeline.js';

describe('an audit after a reset to a recreated topic', () => {
  let pipeline: SimulatedPipeline;
  let gone: readonly GonePartition[];

  /** Of the new log: a repeat of an old request, one that gets a coupon, a dead letter, one that gets none. */
  beforeEach(() => {
    pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1, { totalQuantity: 3 });
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.append('1', 'poison');
    pipeline.ask({ couponId: 1, userId: 2 });
    for (let times = 0; times < 3; times += 1) pipeline.ask({ couponId: 1, userId: 1 });
    const eventId = pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.consume();
    gone = pipeline.recreate();
    pipeline.forgetPositions();
    pipeline.ask({ couponId: 1, userId: 1, eventId });
    pipeline.ask({ couponId: 1, userId: 3 });
    pipeline.append('1', 'poison');
    pipeline.ask({ couponId: 1, userId: 4 });
    pipeline.consume();
  });

  const evidence = (): Evidence => ({ ...pipeline.evidence(), gone });
  const codes = async (tampered: Evidence) =>
    new Set((await audit(tampered)).findings.map(({ code }) => code));
  const newest = ({ tables }: Evidence) => {
    const row = tables.outcomes.at(-1);
    if (row === undefined) throw new Error('there is no outcome');
    return row;
  };

  it('passes, and says that the outcomes of the old log were not compared', async () => {
    const report = await audit(evidence());
    expect(report).toMatchObject({ verdict: 'PASS', findings: [], records: 4, unprocessed: 0 });
    expect(report.outcomes).toMatchObject({ ISSUED: 1, SOLD_OUT: 1, DEAD_LETTERED: 1 });
    expect(report.scope.omissions).toEqual([{ code: 'GONE_LOG', outcomes: 7 }]);
  });

  it('passes before the group has read the new log', async () => {
    pipeline.forgetPositions();
    expect(await audit(evidence())).toMatchObject({ verdict: 'PASS', unprocessed: 4 });
  });

  it('fails where the history does not have the reset', async () => {
    expect(await audit({ ...evidence(), gone: [] })).toMatchObject({ verdict: 'FAIL' });
  });

  it('fails where an outcome of the new log is not that of its record', async () => {
    const [user, time] = [evidence(), evidence()];
    newest(user).userId = 77;
    newest(time).timestampMs += 1;
    expect(await codes(user)).toContain('ROW_DOES_NOT_MATCH_RECORD');
    expect(await codes(time)).toContain('ROW_DOES_NOT_MATCH_RECORD');
  });

  it('fails where an outcome of the new log is lost, or lies beyond it', async () => {
    const [lost, beyond] = [evidence(), evidence()];
    lost.tables.outcomes.pop();
    newest(beyond).position = { ...newest(beyond).position, offset: 4n };
    expect(await codes(lost)).toEqual(new Set(['REQUEST_LOST']));
    expect(await codes(beyond)).toContain('ROW_BEYOND_LOG');
  });

  it('fails where an outcome of the old log breaks a rule', async () => {
    const tampered = evidence();
    const [first] = tampered.tables.outcomes;
    if (first !== undefined) Object.assign(first, { outcome: 'SOLD_OUT', sequence: null });
    expect(await codes(tampered)).toContain('WRONG_WINNER');
  });

  it('fails where new requests were decided out of order', async () => {
    const tampered = evidence();
    const [at1, at3] = [1n, 3n].map((offset) =>
      tampered.tables.outcomes.find((row) => row.position.offset === offset && row.id > 7),
    );
    if (at1 === undefined || at3 === undefined) throw new Error('there are no such outcomes');
    [at1.id, at3.id] = [at3.id, at1.id];
    tampered.tables.outcomes.sort((a, b) => a.id - b.id);
    expect(await codes(tampered)).toContain('ROWS_OUT_OF_ORDER');
  });
});

describe('which log is gone', () => {
  let cluster: MemoryCluster;
  let store: MemoryStore;

  beforeEach(async () => {
    cluster = new MemoryCluster([1]);
    store = new MemoryStore();
    await cluster.createTopics(topicsOf('local'));
    for (const user of [1, 2, 3]) ask(user);
  });

  const ask = (user: number) => {
    cluster.append(REQUEST_TOPIC, 0, { ...request(1, user), timestampMs: T0 + user });
  };

  /** The store stood behind the record at this offset of the log as it is now. */
  const reset = async (
    offset: bigint,
    change: Partial<ForgottenPosition> = {},
    group = CONSUMER_GROUP,
  ) => {
    const record = await cluster.recordAt({ topic: REQUEST_TOPIC, partition: 0, offset });
    if (record === null) throw new Error('there is no such record');
    const { timestampMs, checksum } = fingerprintOf(record);
    const forgotten = {
      ...{ clusterId: await cluster.clusterId(), partition: 0, nextOffset: String(offset + 1n) },
      ...{ lastAppliedOffset: String(offset), lastAppliedMs: timestampMs },
      ...{ lastAppliedChecksum: checksum, lastOutcomeId: 5, ...change },
    };
    const what = { group, topic: REQUEST_TOPIC, partitions: [0], forgotten: [forgotten] };
    const actor = { user: 'ops', host: 'web-1', pid: 1 };
    await store.recordEvents([{ kind: 'OFFSETS_RESET', atMs: T0, actor, ...what }]);
  };

  const recreate = async (users: readonly number[]) => {
    await cluster.deleteTopics([REQUEST_TOPIC]);
    await cluster.createTopics(topicsOf('local').filter(({ name }) => name === REQUEST_TOPIC));
    users.forEach(ask);
  };

  /** Of ids 5 and 6 of partition 0, and id 5 of partition 1. */
  const read = async (): Promise<readonly boolean[]> => {
    const bounds = await cluster.bounds(REQUEST_TOPIC);
    const clusterId = await cluster.clusterId();
    const log = { bounds, clusterId, group: CONSUMER_GROUP, topic: REQUEST_TOPIC };
    const gone = await readGoneLog(store, cluster, log);
    return [[5, 0] as const, [6, 0] as const, [5, 1] as const].map(([id, partition]) =>
      gone.has({ id, position: { topic: REQUEST_TOPIC, partition, offset: 0n } }),
    );
  };

  it.each([
    ['is shorter', [1]],
    ['has another record where the store stood', [4, 5, 6, 7]],
  ])('the one that the store had read, where the topic was recreated and %s', async (_, users) => {
    await reset(2n);
    await recreate(users);
    expect(await read()).toEqual([true, false, false]);
  });

  it('none where the same log is read again, or nothing was reset', async () => {
    expect(await read()).toEqual([false, false, false]);
    await reset(2n);
    expect(await read()).toEqual([false, false, false]);
  });

  it('that of another cluster; but not that of another group', async () => {
    await reset(2n, { lastAppliedChecksum: 1 }, 'another');
    expect(await read()).toEqual([false, false, false]);
    await reset(2n, { clusterId: 'another' });
    expect(await read()).toEqual([true, false, false]);
  });

  it('the one of the first reset, where the new one was reset, too', async () => {
    await reset(2n);
    await recreate([4, 5, 6]);
    await reset(1n, { lastOutcomeId: 6 });
    expect(await read()).toEqual([true, false, false]);
    await recreate([7, 8, 9]);
    expect(await read()).toEqual([true, true, false]);
  });

  it('any one whose records retention has deleted', async () => {
    await reset(1n);
    await cluster.deleteRecords(REQUEST_TOPIC, [{ partition: 0, beforeOffset: 2n }]);
    expect(await read()).toEqual([true, false, false]);
  });

  it('outcomes of another topic are none of it', () => {
    const gone = new GoneLog(REQUEST_TOPIC, [{ partition: 0, lastOutcomeId: 5 }]);
    expect(gone.has({ id: 1, position: { topic: 'other', partition: 0, offset: 0n } })).toBe(false);
  });
});
