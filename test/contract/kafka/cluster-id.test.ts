import { expect, onTestFinished, test } from 'vitest';
import { KafkaCluster } from '../../../src/kafka/client/cluster.js';
import { KafkaLogReader } from '../../../src/kafka/log/log-reader.js';
import { startEmbeddedBroker } from '../../support/broker/embedded-broker.js';

test.each([0, 1])(
  'a broker that closes the connection after %i requests is asked again for the id of its cluster',
  async (after) => {
    const broker = await startEmbeddedBroker();
    const options = { brokers: [broker.address], tls: null, sasl: null, timeoutMs: 10_000 };
    const client = new KafkaCluster({ ...options, log: () => undefined });
    const reader = new KafkaLogReader(client);
    onTestFinished(async () => {
      await reader.close();
      await client.close();
      await broker.stop();
    });
    const id = await reader.clusterId();

    const fault = broker.faults.add({ api: 'Metadata', error: 'close', count: 1, after });

    expect(await reader.clusterId()).toBe(id);
    expect(await reader.clusterId()).toBe(id);
    expect(fault.hits).toBe(1);
  },
);
