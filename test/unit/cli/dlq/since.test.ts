import { beforeEach, describe, expect, it } from 'vitest';
import { run as stats } from '../../../../src/cli/dlq/stats.js';
import { DLQ_TOPIC, topicsOf } from '../../../../src/coupon/topics.js';
import { CommandServices } from '../../../support/command-line/command-services.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';
import { MemoryStore } from '../../../support/memory/store.js';

const LETTERS = 9;

describe('dlq stats --since', () => {
  let cluster: MemoryCluster;
  let services: CommandServices;
  let readFrom: bigint[];

  /** Letters at 0, 10, 20, ... ms. */
  beforeEach(async () => {
    cluster = new MemoryCluster([1]);
    await cluster.createTopics(topicsOf('local'));
    for (let index = 0; index < LETTERS; index += 1) {
      cluster.log(DLQ_TOPIC).append(0, { timestampMs: 10 * index, value: Buffer.from('garbage') });
    }
    readFrom = [];
    const read = cluster.read.bind(cluster);
    cluster.read = (topic, partition, from, to) => {
      readFrom.push(from);
      return read(topic, partition, from, to);
    };
    services = new CommandServices(cluster, { format: 'json' });
    services.readableStore = () => Promise.resolve(new MemoryStore());
  });

  const run = (options: Parameters<typeof stats>[1]) => services.time.run(stats(services, options));

  it('reads from the first letter of that time on', async () => {
    await run({ by: 'hour', since: 35 });
    expect(readFrom).toEqual([4n]);
  });

  it('reads all where there is --reason, of which a wrong one is an error', async () => {
    const unknown = run({ by: 'hour', since: 35, reason: 'TYPO' });
    await expect(unknown).rejects.toMatchObject({ exitCode: 2 });
    expect(readFrom).toEqual([0n]);
  });
});
