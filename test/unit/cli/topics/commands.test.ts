/** `topics create`, `list` and `alter` on the cluster in memory. */
import { beforeEach, describe, expect, it } from 'vitest';
import * as alter from '../../../../src/cli/topics/alter.js';
import * as create from '../../../../src/cli/topics/create.js';
import * as list from '../../../../src/cli/topics/list.js';
import { CONSUMER_GROUP, REQUEST_TOPIC, topicsOf } from '../../../../src/coupon/topics.js';
import { partitionOf } from '../../../../src/records/partitioner.js';
import { CommandServices } from '../../../support/command-line/command-services.js';
import * as contract from '../../../support/json-contract/contract.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';

let cluster: MemoryCluster;
beforeEach(() => {
  cluster = new MemoryCluster([1]);
});

const json = () => new CommandServices(cluster, { format: 'json' });
const campaigns = Array.from({ length: 20 }, (_unused, index) => String(index + 1));

/** A request of each campaign, where its key belongs. */
function append(): void {
  const { partitions } = cluster.log(REQUEST_TOPIC);
  for (const key of campaigns) {
    const record = { key: Buffer.from(key), value: Buffer.from('{}') };
    cluster.append(REQUEST_TOPIC, partitionOf(key, partitions), record);
  }
}

describe('topics create', () => {
  it('creates what is missing, and leaves what is there alone', async () => {
    const [requests] = topicsOf('local');
    if (requests === undefined) throw new Error('no profile');
    await cluster.createTopics([{ ...requests, partitions: 2 }]);
    const services = json();
    await create.run(services, { profile: 'local' });
    const { topics } = contract.topicsCreated.parse(services.json());
    expect(topics.map(({ status }) => status)).toEqual(['differs', 'created', 'created']);
    const [difference] = topics[0]?.differences ?? [];
    const fix = 'coupons topics alter coupon-issue-requests --partitions 3 --wait-drained';
    expect(difference).toMatchObject({ property: 'partitions', actual: '2', fix, mend: fix });
    expect(await cluster.countPartitions(REQUEST_TOPIC)).toBe(2);
  });

  it('creates none where there are too few brokers; a dry run shows the plan and says so', async () => {
    const options = { profile: 'local', replicationFactor: 3 } as const;
    const refused = create.run(json(), options);
    await expect(refused).rejects.toMatchObject({ code: 'TOO_FEW_BROKERS', exitCode: 1 });
    const services = json();
    await create.run(services, { ...options, dryRun: true });
    const planned = contract.topicsCreated.parse(services.json());
    expect(planned.topics.map(({ status }) => status)).toEqual(['planned', 'planned', 'planned']);
    expect(planned.refusal).toMatchObject({ code: 'TOO_FEW_BROKERS' });
    expect(await cluster.listTopics()).toEqual([]);
  });
});

describe('topics list', () => {
  it('says which partitions are offline, and that their records are not known', async () => {
    await cluster.createTopics(topicsOf('local'));
    append();
    const services = new CommandServices(cluster);
    await list.run(services);
    expect(services.printed).toMatch(/^coupon-issue-requests +3 +1 +20 +2\.0 KiB *$/m);
    cluster.log(REQUEST_TOPIC).offline.add(1);
    const offline = new CommandServices(cluster);
    await list.run(offline);
    expect(offline.printed).toMatch(/^coupon-issue-requests .* - .* 1 offline$/m);
  });
});

describe('topics alter', () => {
  const options = { partitions: 6, group: CONSUMER_GROUP };

  beforeEach(async () => {
    await cluster.createTopics(topicsOf('local'));
  });

  it('plans without changing anything: which campaigns move, and what the group has not read', async () => {
    append();
    const services = json();
    await alter.run(services, { ...options, dryRun: true }, REQUEST_TOPIC);
    const altered = contract.topicAltered.parse(services.json());
    const moved = campaigns.filter((key) => partitionOf(key, 3) !== partitionOf(key, 6));
    expect(altered).toMatchObject({ from: 3, to: 6, applied: false, lag: 20 });
    expect(altered.keys).toEqual({
      ...{ sampled: 20, moved: moved.length, movedKeys: moved },
      movedOnSale: null,
    });
    expect(altered.warnings.join('\n')).toContain(`Group ${CONSUMER_GROUP}`);
    expect(await cluster.countPartitions(REQUEST_TOPIC)).toBe(3);
  });

  it('needs a yes where there is no terminal to ask on', async () => {
    const asked = alter.run(json(), options, REQUEST_TOPIC);
    await expect(asked).rejects.toMatchObject({ code: 'USAGE', exitCode: 2 });
    expect(await cluster.countPartitions(REQUEST_TOPIC)).toBe(3);
    const services = json();
    expect(await alter.run(services, { ...options, yes: true }, REQUEST_TOPIC)).toBeUndefined();
    expect(contract.topicAltered.parse(services.json())).toMatchObject({ applied: true });
    expect(await cluster.countPartitions(REQUEST_TOPIC)).toBe(6);
  });

  it('changes nothing where the group has not read everything by --timeout', async () => {
    append();
    const services = json();
    const waiting = { ...options, yes: true, waitDrained: true };
    const altering = alter.run(services, waiting, REQUEST_TOPIC);
    expect(await services.time.run(altering)).toBe('check-failed');
    expect(contract.topicAltered.parse(services.json())).toMatchObject({ applied: false, lag: 20 });
    expect(await cluster.countPartitions(REQUEST_TOPIC)).toBe(3);
  });

  it('goes on once the group has read everything', async () => {
    append();
    const services = json();
    const waiting = { ...options, yes: true, waitDrained: true };
    const altering = alter.run(services, waiting, REQUEST_TOPIC);
    services.time.after(3000, () => {
      for (const partition of [0, 1, 2]) {
        cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, partition, 20n);
      }
    });
    expect(await services.time.run(altering)).toBeUndefined();
    expect(contract.topicAltered.parse(services.json())).toMatchObject({ applied: true, lag: 0 });
    expect(services.said).toContain(`${CONSUMER_GROUP} had read everything at 12:00:03 UTC.`);
  });

  it('refuses fewer partitions, and the topics of Kafka itself', async () => {
    const fewer = alter.run(json(), { ...options, partitions: 2 }, REQUEST_TOPIC);
    await expect(fewer).rejects.toMatchObject({ code: 'FEWER_PARTITIONS' });
    const internal = alter.run(json(), options, '__consumer_offsets');
    await expect(internal).rejects.toMatchObject({ code: 'INTERNAL_TOPIC' });
  });
});
