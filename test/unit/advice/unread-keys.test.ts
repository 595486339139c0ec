/** Whose the unread records are, by a sample of their keys. */
import { expect, it } from 'vitest';
import { unreadKeys } from '../../../src/advice/unread-keys.js';
import { REQUEST_TOPIC, topicsOf } from '../../../src/coupon/topics.js';
import { MemoryCluster } from '../../support/memory/cluster.js';
import { sample } from '../lag/recorded-lag.js';

/** So many unread records of partition 0: with the key of campaign 2, and without a key. */
async function lookAt(ofCampaign: number, keyless: number) {
  const cluster = new MemoryCluster([1]);
  await cluster.createTopics(topicsOf('local'));
  for (let left = ofCampaign; left > 0; left -= 1) {
    cluster.append(REQUEST_TOPIC, 0, { key: Buffer.from('2') });
  }
  for (let left = keyless; left > 0; left -= 1) cluster.append(REQUEST_TOPIC, 0, {});
  const partitions = [{ committed: 0, end: ofCampaign + keyless }];
  return unreadKeys(cluster, sample({ atSeconds: 0, partitions }));
}

it('a campaign has its share of all unread records, those without a key among them', async () => {
  const { unreadKeys: shares } = await lookAt(2, 8);
  expect(shares).toEqual([{ key: '2', partition: 0, share: 0.2 }]);
});

it('records without a key are of no campaign', async () => {
  expect((await lookAt(0, 8)).unreadKeys).toEqual([]);
});
