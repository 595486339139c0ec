import { beforeEach, describe, expect, it } from 'vitest';
import { openReplayMemory } from '../../../../src/cli/dlq/replay-memory.js';
import { topicsOf } from '../../../../src/coupon/topics.js';
import { CommandServices } from '../../../support/command-line/command-services.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';
import { MemoryStore } from '../../../support/memory/store.js';

const never = () => new Promise<never>(() => undefined);

describe('which letters were replayed', () => {
  let cluster: MemoryCluster;
  let services: CommandServices;
  const store = new MemoryStore();

  beforeEach(async () => {
    cluster = new MemoryCluster([1]);
    await cluster.createTopics(topicsOf('local'));
    services = new CommandServices(cluster);
    services.readableStore = () => Promise.resolve(store);
  });

  const opened = () => services.time.run(openReplayMemory(services));

  it('is asked of a store that may take 2 s, and is told as late', async () => {
    services.readableStore = never;
    expect((await opened()).failure?.message).toBe('The store did not answer within 2 s.');
  });

  it('does not blame the store where Kafka is what did not answer', async () => {
    cluster.committedOffsets = never;
    expect(await opened()).toMatchObject({ memory: null, failure: { code: 'BROKER_TIMEOUT' } });
  });

  it('is known though connecting to the cluster takes longer', async () => {
    const clusterId = cluster.clusterId.bind(cluster);
    cluster.clusterId = async () => {
      await services.time.wait(3500);
      cluster.clusterId = clusterId;
      return clusterId();
    };
    expect(await opened()).toEqual({ memory: store, failure: null });
  });
});
