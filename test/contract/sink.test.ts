import { describe, expect, it, onTestFinished } from 'vitest';
import { KafkaLogReader } from '../../src/kafka/log/log-reader.js';
import { KafkaRecordProducer } from '../../src/kafka/producer/record-producer.js';
import type { FaultOptions } from '../support/broker/broker-faults.js';
import { eventually } from '../support/eventually.js';
import { MemorySink } from '../support/memory/sink.js';
import { embeddedTopics } from './embedded-topics.js';
import { all } from './log.js';
import { keyed, records, sinkContract, type SinkUnderTest } from './sink.js';

const topics = embeddedTopics();

interface KafkaSinkUnderTest extends SinkUnderTest {
  readonly topic: string;
}

async function openKafkaSink(limitMs = 20_000): Promise<KafkaSinkUnderTest> {
  const topic = await topics.create(2);
  const reader = new KafkaLogReader(topics.cluster);
  const open = (name: string) => {
    const sink = new KafkaRecordProducer(topics.cluster, name, {
      ms: limitMs,
      option: '--delivery-timeout',
    });
    onTestFinished(() => sink.close());
    return sink;
  };
  onTestFinished(() => reader.close());
  return {
    sink: open(topic),
    topic,
    async written() {
      const bounds = await reader.bounds(topic);
      const read = bounds.map(({ partition, endOffset }) =>
        all(reader.read(topic, partition, 0n, endOffset)),
      );
      return (await Promise.all(read)).flat().map(({ partition, key, value, headers }) => ({
        ...{ partition, key, value, headers },
      }));
    },
    refuseOnce() {
      topics.broker.faults.add({ api: 'Produce', topic, error: 'MESSAGE_TOO_LARGE', count: 1 });
    },
    withoutTopic: () => open('no-such-topic'),
  };
}

sinkContract('the sink of a Kafka cluster', () => openKafkaSink());

sinkContract('the in-memory sink of tests', () => {
  let refusals = 0;
  const sink = new MemorySink(() => (refusals-- > 0 ? new Error('refused') : null));
  return {
    sink,
    written: () =>
      Promise.resolve(
        sink.records.map(({ key, value, headers }) => ({ partition: 0, key, value, headers })),
      ),
    refuseOnce: () => (refusals = 1),
    withoutTopic: () => new MemorySink(() => null, { topicExists: false }),
  };
});

/** What a cluster can do in the middle of a send that no sink in memory does. */
describe('the sink of a Kafka cluster while brokers fail', () => {
  const COUNT = 50;
  const sent = Array.from({ length: COUNT }, (_, index) => keyed(`key ${index}`, `${index}`));
  const numbers = async (under: SinkUnderTest) =>
    (await under.written()).map(({ value }) => Number(value)).sort((a, b) => a - b);
  const each = sent.map((_, index) => index);

  it.each<[string, Omit<FaultOptions, 'topic'>]>([
    ['leaders move', { api: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', count: 3 }],
    ['replicas are missing', { api: 'Produce', error: 'NOT_ENOUGH_REPLICAS', count: 2 }],
    [
      'replicas are missing once the records are written',
      {
        ...{ api: 'Produce', error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', count: 2 },
        carriedOut: true,
      },
    ],
    [
      'the answer is a timeout, though the records are written',
      { api: 'Produce', error: 'REQUEST_TIMED_OUT', count: 1, carriedOut: true },
    ],
    ['a connection is closed before', { api: 'Produce', error: 'close', count: 1 }],
    [
      'a connection is closed before the acknowledgement',
      { api: 'Produce', error: 'close', count: 1, carriedOut: true },
    ],
  ])('%s: nothing is lost and nothing is doubled', async (_, fault) => {
    const under = await openKafkaSink();
    await under.sink.open();
    const injected = topics.broker.faults.add({ ...fault, topic: under.topic });
    const { acknowledged, error } = await under.sink.send(sent);
    expect(error).toBeNull();
    expect(injected.hits).toBe(fault.count);
    expect(records(acknowledged)).toBe(COUNT);
    expect(await numbers(under)).toEqual(each);
  });

  it('one partition refuses: the other is acknowledged, and the next send works', async () => {
    const under = await openKafkaSink();
    await under.sink.open();
    const error = 'MESSAGE_TOO_LARGE';
    topics.broker.faults.add({ api: 'Produce', topic: under.topic, partition: 1, error, count: 1 });
    const refused = await under.sink.send(sent);
    expect(refused.error).toMatchObject({ code: error });
    expect(refused.acknowledged.map(({ partition }) => partition)).toEqual([0]);
    expect(await numbers(under)).toHaveLength(records(refused.acknowledged));
    const { error: none } = await under.sink.send([keyed('a', '99'), keyed('b', '99')]);
    expect(none).toBeNull();
    expect((await numbers(under)).filter((number) => number === 99)).toHaveLength(2);
  });

  it('a leader never comes back: after the limit the send has failed, with nothing written', async () => {
    const under = await openKafkaSink(1000);
    await under.sink.open();
    const error = 'NOT_LEADER_OR_FOLLOWER';
    topics.broker.faults.add({ api: 'Produce', topic: under.topic, error });
    const refused = await under.sink.send(sent);
    expect(refused.acknowledged).toEqual([]);
    expect(refused.error).toMatchObject({ code: 'NOT_LEADER_FOR_PARTITION' });
    topics.broker.faults.clear();
    expect(await numbers(under)).toEqual([]);
  });

  it('no acknowledgement comes: a send that is given up has failed', async () => {
    const under = await openKafkaSink();
    await under.sink.open();
    const silence = topics.broker.faults.add({
      api: 'Produce',
      topic: under.topic,
      error: 'silence',
    });
    const stop = new AbortController();
    const sending = under.sink.send([keyed('a', '1')], { signal: stop.signal });
    await eventually(() => silence.hits > 0);
    stop.abort();
    const { acknowledged, error } = await sending;
    expect(acknowledged).toEqual([]);
    expect(error).toMatchObject({ code: 'INTERRUPTED' });
  });
});
