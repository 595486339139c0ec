/** A whole audit over the ports: how it can be watched, and ended. */
import { expect, it } from 'vitest';
import { runAudit, type AuditProgress } from '../../../src/audit/run.js';
import { CONSUMER_GROUP, REQUEST_TOPIC, topicsOf } from '../../../src/coupon/topics.js';
import { MemoryCluster } from '../../support/memory/cluster.js';
import { MemoryStore } from '../../support/memory/store.js';
import { request } from '../../support/requests.js';

async function sources() {
  const cluster = new MemoryCluster([1]);
  await cluster.createTopics(topicsOf('local'));
  for (const partition of [0, 1, 2]) {
    cluster.append(REQUEST_TOPIC, partition, request(1, partition + 1));
  }
  return { store: new MemoryStore(), storePath: '/coupons.db', admin: cluster, reader: cluster };
}

const OPTIONS = { group: CONSUMER_GROUP, couponId: null };

it('says after each chunk how many records it has read', async () => {
  const heard: AuditProgress[] = [];
  const report = await runAudit(await sources(), {
    ...OPTIONS,
    onProgress: (progress) => heard.push(progress),
  });
  expect(report).toMatchObject({ verdict: 'PASS', records: 3, unprocessed: 3 });
  expect(heard.map(({ records }) => records)).toEqual([1, 2, 3]);
});

it('lets others on its thread have their turn between two chunks', async () => {
  let turns = 0;
  const turn = () => {
    turns += 1;
    timer = setImmediate(turn);
  };
  let timer = setImmediate(turn);
  await runAudit(await sources(), { ...OPTIONS, onProgress: () => undefined });
  clearImmediate(timer);
  expect(turns).toBeGreaterThanOrEqual(3);
});

it('ends at the next chunk when it is to end', async () => {
  const over = new AbortController();
  const heard: AuditProgress[] = [];
  const audit = runAudit(await sources(), {
    ...OPTIONS,
    signal: over.signal,
    onProgress: (progress) => {
      heard.push(progress);
      over.abort();
    },
  });
  await expect(audit).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(heard).toHaveLength(1);
});
