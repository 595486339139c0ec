import { beforeEach, describe, expect, it } from 'vitest';
import { warnOfMismatchIfQuick } from '../../../src/cli/store-mismatch.js';
import { CONSUMER_GROUP, REQUEST_TOPIC, topicsOf } from '../../../src/coupon/topics.js';
import { CommandServices } from '../../support/command-line/command-services.js';
import { MemoryCluster } from '../../support/memory/cluster.js';
import { MemoryStore } from '../../support/memory/store.js';

const ANOTHER = {
  id: 'another',
  host: 'web-1',
  path: '/data/coupons.db',
  sinceMs: 0,
  pid: null,
  applied: 1n,
};

describe('a store beside what the group has committed', () => {
  let cluster: MemoryCluster;
  const store = new MemoryStore();

  /** The group uses another store. */
  beforeEach(async () => {
    cluster = new MemoryCluster([1]);
    await cluster.createTopics(topicsOf('local'));
    cluster.append(REQUEST_TOPIC, 0, {});
    cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 1n, ANOTHER);
  });

  const saidOn = async (services: CommandServices) => {
    await services.time.run(warnOfMismatchIfQuick(services, store));
    return services.said;
  };

  it('is named in a warning where the group uses another one', async () => {
    expect(await saidOn(new CommandServices(cluster))).toContain('warning: Group coupon-issue');
  });

  it('is not looked at with --quiet', async () => {
    expect(await saidOn(new CommandServices(cluster, { quiet: true }))).toBe('');
  });

  it('is waited for no longer than a second', async () => {
    const services = new HangingServices(cluster);
    const startMs = services.time.now();
    expect(await saidOn(services)).toBe('');
    expect(services.time.now() - startMs).toBe(1000);
  });
});

/** Its cluster never answers. */
class HangingServices extends CommandServices {
  override admin(): Promise<MemoryCluster> {
    return new Promise(() => undefined);
  }
}
