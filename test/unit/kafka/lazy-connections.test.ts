import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { NoBrokerAnswers } from '../../../src/kafka/client/call.js';
import type { SharedConnections } from '../../../src/kafka/client/inside/shared-connections.js';
import { LazyConnections } from '../../../src/kafka/client/lazy-connections.js';

const refused = () => new kafkajs.KafkaJSConnectionError('refused', { broker: 'b:9092' });
const noSuchTopic = () => {
  const type = 'UNKNOWN_TOPIC_OR_PARTITION';
  return new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 3 }));
};
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve };
}

const { signal } = new AbortController();

/** Connections that are numbered in the order in which they were opened. */
function numbered(changes: Partial<SharedConnections<number>> = {}) {
  const closed: number[] = [];
  let opened = 0;
  const connections = new LazyConnections<number>(() => {
    opened += 1;
    const id = opened;
    return {
      connect: () => Promise.resolve(),
      disconnect: () => {
        closed.push(id);
        return Promise.resolve();
      },
      refreshMetadata: () => Promise.resolve(),
      forCall: () => id,
      ...changes,
    };
  });
  const use = (work: (id: number) => Promise<unknown> = (id) => Promise.resolve(id)) =>
    connections.use(signal, work);
  return { connections, use, closed };
}

it('calls share the connections', async () => {
  const { use } = numbered();
  expect(await Promise.all([use(), use()])).toEqual([1, 1]);
  expect(await use()).toBe(1);
});

it('the failure of one call closes nothing under another', async () => {
  const { use, closed, connections } = numbered();
  const reading = deferred<string>();
  const other = use(() => reading.promise);
  await expect(use(() => Promise.reject(noSuchTopic()))).rejects.toThrow();
  expect(await use()).toBe(2);
  expect(closed).toEqual([]);
  reading.resolve('records');
  expect(await other).toBe('records');
  expect(closed).toEqual([1]);
  await connections.close();
  expect(closed).toEqual([1, 2]);
});

it('a broken connection is left to kafkajs, which connects again', async () => {
  const { use, closed } = numbered();
  await expect(use(() => Promise.reject(refused()))).rejects.toThrow('refused');
  expect(await use()).toBe(1);
  expect(closed).toEqual([]);
});

it('new ones are opened where no broker answered', async () => {
  const { use, closed } = numbered({ connect: () => Promise.reject(refused()) });
  await expect(Promise.all([use(), use()])).rejects.toThrow(NoBrokerAnswers);
  const second = await use().catch((error: unknown) => error);
  expect(second).toBeInstanceOf(NoBrokerAnswers);
  expect(closed).toEqual([]);
  const silent = numbered({ refreshMetadata: () => Promise.reject(refused()) });
  await silent.use();
  await expect(silent.connections.refresh(signal)).rejects.toThrow(NoBrokerAnswers);
  expect(await silent.use()).toBe(2);
});

it('a call that is over does not wait for a connection, which later calls use', async () => {
  const connecting = deferred<undefined>();
  const { connections, use } = numbered({ connect: () => connecting.promise });
  const stop = new AbortController();
  const over = connections.use(stop.signal, () => Promise.resolve('done'));
  stop.abort(new Error('over'));
  await expect(over).rejects.toThrow('over');
  connecting.resolve(undefined);
  expect(await use()).toBe(1);
});
