import { describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../../src/coupon/topics.js';
import { deadLetterOf } from '../../../../src/dead-letters/dead-letter.js';
import { ReplayRun } from '../../../../src/dead-letters/replay/run.js';
import { Targets } from '../../../../src/dead-letters/replay/targets.js';
import type { EventDetails } from '../../../../src/ports/store-history.js';
import { topicNotFound } from '../../../../src/ports/topic-errors.js';
import { fingerprintOf } from '../../../../src/records/fingerprint.js';
import { traceparentOf } from '../../../../src/records/traceparent.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';
import { MemorySink } from '../../../support/memory/sink.js';
import { MemoryStore } from '../../../support/memory/store.js';
import { request } from '../../../support/requests.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

class Pipeline {
  readonly kafka = new MemoryCluster();
  readonly store = new MemoryStore();
  readonly sink = new MemorySink();
  readonly clock = new VirtualClock();
  readonly events: EventDetails[] = [];
  readonly targets = new Targets({
    listTopics: () => this.kafka.listTopics(),
    maxMessageBytes: (topic) => this.kafka.maxMessageBytes(topic),
    sinkOf: () => Promise.resolve(this.sink),
  });

  async create(): Promise<this> {
    const topic = { partitions: 1, replicationFactor: 1, config: {} };
    await this.kafka.createTopics([
      { name: REQUEST_TOPIC, ...topic },
      { name: DLQ_TOPIC, ...topic },
    ]);
    await this.setStock(100);
    return this;
  }

  async recreate(): Promise<void> {
    await this.kafka.deleteTopics([DLQ_TOPIC]);
    await this.create();
  }

  async setStock(totalQuantity: number): Promise<void> {
    const terms = { name: null, totalQuantity, status: 'ACTIVE' } as const;
    const made = await this.store.createCampaign(1, {
      ...{ ...terms, validFromMs: null, validUntilMs: null },
    });
    if (made.kind === 'exists') await this.store.updateCampaign(1, { totalQuantity });
  }

  /** The group has read the requests so far, and dead-lettered them. */
  async consume(): Promise<void> {
    const records = this.kafka.log(REQUEST_TOPIC).all();
    const last = records.at(-1);
    if (last === undefined) return;
    const clusterId = await this.kafka.clusterId();
    const place = { clusterId, group: 'g', topic: REQUEST_TOPIC, partition: 0 };
    await this.store.applyBatch({
      source: place,
      expectedOffset: null,
      entries: [
        {
          ...{ kind: 'dead-letter', reasonCode: 'X', request: null },
          ...{ offset: last.offset, timestampMs: 0 },
        },
      ],
      nextOffset: last.offset + 1n,
      lastApplied: fingerprintOf(last),
    });
  }

  die(...users: readonly number[]): void {
    for (const user of users) {
      const record = this.kafka.append(REQUEST_TOPIC, 0, {
        key: Buffer.from('1'),
        value: request(1, user, { eventId: `e-${user}` }).value,
        headers: { traceparent: Buffer.from(TRACEPARENT) },
      });
      const failure = { reasonCode: 'X', reason: 'it failed', retryCount: 3, stackTrace: '' };
      const letter = deadLetterOf(record, failure, { nowMs: 0, maxBytes: 1_000_000 });
      this.kafka.append(DLQ_TOPIC, 0, letter);
    }
  }

  /** A replay of what is there now. */
  async replay(): Promise<ReplayRun> {
    const { kafka: reader, targets, clock } = this;
    const bounds = await reader.bounds(DLQ_TOPIC);
    const query = { topic: DLQ_TOPIC, bounds, filter: {}, newestFirst: false };
    const choices = { again: false, includesRejected: false, allowedTopics: [] };
    const selection = { query, maxRecords: Infinity, group: 'g', ...choices };
    return new ReplayRun({ reader, targets, clock }, selection);
  }

  send(replay: ReplayRun) {
    const { signal } = new AbortController();
    return replay.send(this.store, {
      ...{ ratePerSecond: null, signal, listener: {}, keepsRequests: true },
      happened: (event) => {
        this.events.push(event);
        return Promise.resolve();
      },
    });
  }
}

const usersOf = (requests: readonly { readonly userId: number }[]) =>
  requests.map(({ userId }) => userId);

describe('a replay', () => {
  it('sends what was looked at, and none of what died since', async () => {
    const pipeline = await new Pipeline().create();
    pipeline.die(1, 2);
    const replay = await pipeline.replay();
    const { tally } = await replay.survey(pipeline.store);
    expect(tally).toMatchObject({ selected: 2, replayable: 2 });
    pipeline.die(3);

    const sent = await pipeline.send(replay);

    expect(usersOf(sent.requests)).toEqual([1, 2]);
    expect(sent).toMatchObject({
      produced: { acknowledged: 2, error: null },
      topics: [REQUEST_TOPIC],
    });
    expect(pipeline.sink.records).toHaveLength(2);
  });

  it('keeps the trace that a record belongs to', async () => {
    const pipeline = await new Pipeline().create();
    pipeline.die(1);
    const replay = await pipeline.replay();
    await replay.survey(pipeline.store);
    await pipeline.send(replay);
    const [record] = pipeline.sink.records;
    expect(traceparentOf(record?.headers ?? {})).toMatchObject({ text: TRACEPARENT });
  });

  it('sends what a purge has left of it', async () => {
    const pipeline = await new Pipeline().create();
    pipeline.die(1, 2, 3);
    const replay = await pipeline.replay();
    await replay.survey(pipeline.store);
    pipeline.kafka.log(DLQ_TOPIC).deleteBefore(0, 2n);
    expect(usersOf((await pipeline.send(replay)).requests)).toEqual([3]);
  });

  it('sends nothing after a purge of all of it', async () => {
    const pipeline = await new Pipeline().create();
    pipeline.die(1, 2, 3);
    const replay = await pipeline.replay();
    await replay.survey(pipeline.store);
    pipeline.die(4);
    pipeline.kafka.log(DLQ_TOPIC).deleteBefore(0, 4n);
    expect((await pipeline.send(replay)).requests).toEqual([]);
  });

  it.each([[[]], [[7]], [[7, 8]], [[7, 8, 9]]])(
    'sends nothing of a DLQ that was recreated since it was looked at, with users %j',
    async (users) => {
      const pipeline = await new Pipeline().create();
      pipeline.die(1, 2);
      const replay = await pipeline.replay();
      await replay.survey(pipeline.store);
      await pipeline.recreate();
      pipeline.die(...users);
      await expect(pipeline.send(replay)).rejects.toMatchObject({ code: 'LETTERS_REPLACED' });
      expect(pipeline.sink.records).toEqual([]);
    },
  );

  it('leaves out what another replay has sent meanwhile', async () => {
    const pipeline = await new Pipeline().create();
    pipeline.die(1, 2);
    const [first, second] = [await pipeline.replay(), await pipeline.replay()];
    await first.survey(pipeline.store);
    await second.survey(pipeline.store);
    await pipeline.send(first);
    const { tally } = await pipeline.send(second);
    expect([...tally.skipped]).toEqual([['ALREADY_REPLAYED', 2]]);
    expect(pipeline.sink.records).toHaveLength(2);
  });
});

describe('the outcomes that a replay foresees', () => {
  it('are foreseen again when it sends: what the stock has lost meanwhile is not sent', async () => {
    const pipeline = await new Pipeline().create();
    await pipeline.setStock(3);
    pipeline.die(1, 2, 3);
    await pipeline.consume();
    const replay = await pipeline.replay();
    expect((await replay.survey(pipeline.store)).tally.replayable).toBe(3);
    await pipeline.setStock(2);

    const { requests, tally } = await pipeline.send(replay);

    expect(usersOf(requests)).toEqual([1, 2]);
    expect([...tally.skipped]).toEqual([['WOULD_BE_REJECTED', 1]]);
  });

  it('are those of the plan where the stock was raised meanwhile: nothing more is sent', async () => {
    const pipeline = await new Pipeline().create();
    await pipeline.setStock(2);
    pipeline.die(1, 2, 3);
    await pipeline.consume();
    const replay = await pipeline.replay();
    expect((await replay.survey(pipeline.store)).tally.replayable).toBe(2);
    await pipeline.setStock(3);

    expect(usersOf((await pipeline.send(replay)).requests)).toEqual([1, 2]);
    expect((await (await pipeline.replay()).survey(pipeline.store)).tally.replayable).toBe(1);
  });
});

describe('the topics that a replay sends to', () => {
  it('are those that exist, and the cluster is asked once', async () => {
    const asked: string[] = [];
    const targets = new Targets({
      listTopics: () => {
        asked.push('all');
        return Promise.resolve(['long', 'short']);
      },
      maxMessageBytes: (topic) => {
        asked.push(topic);
        return Promise.resolve(topic.length);
      },
      sinkOf: () => Promise.resolve(new MemorySink()),
    });
    for (const topic of ['long', 'none', 'short', 'none', 'long']) {
      if (await targets.exists(topic)) await targets.maxMessageBytes(topic);
    }
    expect(asked).toEqual(['all', 'long', 'short']);
    expect(targets.found()).toEqual(['long', 'short']);
    expect(targets.smallestMaxMessageBytes()).toBe(4);
  });

  it('are closed, those that were opened', async () => {
    const sink = new MemorySink();
    const targets = new Targets({
      listTopics: () => Promise.resolve(['there', 'away']),
      maxMessageBytes: () => Promise.resolve(1),
      sinkOf: (topic) =>
        topic === 'away' ? Promise.reject(topicNotFound(topic)) : Promise.resolve(sink),
    });
    await (await targets.sink('there')).open();
    await expect(targets.sink('away')).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' });
    expect(sink.isOpen).toBe(true);
    await targets.close();
    expect(sink.isOpen).toBe(false);
  });
});
