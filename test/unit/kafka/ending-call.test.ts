/** What is on the way for a call that is over: with a cluster object in the shape of kafkajs's. */
import type { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { innerCluster } from '../../../src/kafka/client/inside/shared-connections.js';

/** Its broker never answers; what was sent to it is listed. */
function silentCluster() {
  const sent: string[] = [];
  const broker = {
    connectionPool: {
      send: (request: string) => {
        sent.push(request);
        return new Promise(() => undefined);
      },
    },
    heartbeat() {
      return this.connectionPool.send('heartbeat');
    },
  };
  const cluster = {
    brokerPool: { metadata: {}, createBroker: () => broker },
    findBroker: () => Promise.resolve(broker),
    findControllerBroker: () => Promise.resolve(broker),
    findGroupCoordinator: () => Promise.resolve(broker),
    refreshMetadata: () => {
      sent.push('metadata');
      return Promise.resolve();
    },
  };
  const kafka = { [Symbol('private:Kafka:createCluster')]: () => cluster } as unknown as Kafka;
  return { sent, connections: innerCluster(kafka) };
}

type Found = Promise<{ readonly heartbeat: () => Promise<unknown> }>;

describe('what a call has on the way when it is over', () => {
  it.each([
    ['findBroker', { nodeId: '1' }],
    ['findControllerBroker', {}],
    ['findGroupCoordinator', { groupId: 'g' }],
  ] as const)('rejects, and nothing more is sent to what %s found', async (find, query) => {
    const { sent, connections } = silentCluster();
    const stop = new AbortController();
    const inner = connections.forCall(stop.signal) as unknown as Record<
      string,
      (query: object) => Found
    >;
    const broker = await inner[find]?.(query);
    const answer = broker?.heartbeat();
    stop.abort(new Error('over'));
    await expect(answer).rejects.toThrow('over');
    await expect(broker?.heartbeat()).rejects.toThrow('over');
    await expect(inner[find]?.(query)).rejects.toThrow('over');
    expect(sent).toEqual(['heartbeat']);
  });

  it('is nothing to another call on the same connections', async () => {
    const { sent, connections } = silentCluster();
    const over = connections.forCall(AbortSignal.abort(new Error('over')));
    await expect(over.refreshMetadata()).rejects.toThrow('over');
    await connections.forCall(new AbortController().signal).refreshMetadata();
    expect(sent).toEqual(['metadata']);
  });
});
