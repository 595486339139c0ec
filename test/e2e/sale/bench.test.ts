import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { testCluster, type TestCluster } from '../../support/broker/cluster.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { kafkaAt } from '../../support/broker/kafkajs-client.js';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const SHORT = ['--count', '300', '--runs', '1', '--latency-seconds', '1'];
const timeoutMs = 150_000;

/** A benchmark keeps everything below the directory for temporary files. */
function operator(env: Readonly<Record<string, string>> = {}) {
  const tmp = temporaryDir();
  return { user: new Operator(() => ({ TMPDIR: tmp, ...env })), tmp };
}

describe('a benchmark on an embedded broker', () => {
  it('measures the modes, audits what they did, and leaves nothing behind', async () => {
    // The settings of somebody who has a cluster: only --brokers itself counts.
    const { user, tmp } = operator({ COUPONS_BROKERS: '127.0.0.1:1' });
    const file = join(temporaryDir(), 'report.md');
    const args = ['bench', ...SHORT, '--report', file];
    const { environment, rows } = await user.json(contract.bench, args, { timeoutMs });
    expect(environment.broker).toBe('embedded');
    expect(rows).toMatchObject(
      ['scheduler', 'single', 'batch'].map((mode) => ({
        ...{ mode, requests: 300, issued: 300, audit: 'PASS', runs: 1, extrapolated: true },
      })),
    );
    expect(await readFile(file, 'utf8')).toMatch(/^\| scheduler \| 300 \| 300 \| PASS \|/m);
    expect(await readdir(tmp)).toEqual([]);
  });

  it('ends at ctrl-C with 130, and leaves nothing behind', async () => {
    const { user, tmp } = operator();
    const bench = user.start(['bench', '--modes', 'scheduler', '--count', '300']);
    await expect.poll(() => readdir(tmp), { timeout: 30_000 }).toHaveLength(1);
    const [directory = ''] = await readdir(tmp);
    const stores = async () => (await readdir(join(tmp, directory))).join();
    await expect.poll(stores, { timeout: 60_000 }).toContain('coupons-bench-');
    bench.kill('SIGINT');
    expect(await bench.exit).toEqual({ code: 130, signal: null });
    expect(await readdir(tmp)).toEqual([]);
  });

  it('has fewest requests, and modes that there are', async () => {
    const { user } = operator();
    for (const wrong of [
      ['--count', '299'],
      ['--modes', 'fast'],
    ]) {
      expect(await user.failure(['bench', ...wrong])).toMatchObject({ exitCode: 2 });
    }
  });
});

describe('a benchmark on PostgreSQL', () => {
  const postgres = usePostgres();

  it('has its stores in schemas of its own, and drops them', async () => {
    const { user } = operator(postgres.env);
    const url = postgres.storeUrl('somebodys');
    const args = ['bench', ...SHORT, '--modes', 'batch', '--store', url];
    const { environment, rows } = await user.json(contract.bench, args, { timeoutMs });

    const server = new URL(url);
    server.searchParams.delete('schema');
    expect(environment.store).toBe(server.href);
    expect(rows).toMatchObject([{ mode: 'batch', issued: 300, audit: 'PASS' }]);
    const client = await postgres.client();
    const schemas = `SELECT nspname FROM pg_namespace WHERE nspname ~ '^(coupons_bench|somebodys)'`;
    expect((await client.query(schemas)).rows).toEqual([]);
  });
});

describe('a benchmark on a cluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await testCluster();
  });
  afterAll(() => cluster.stop());

  const bench = () => ['bench', '--brokers', cluster.brokers, '--modes', 'batch', ...SHORT];

  async function topicsAndGroups(): Promise<readonly string[]> {
    const admin = kafkaAt([cluster.brokers]).admin();
    await admin.connect();
    const topics = await admin.listTopics();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    const names = [...topics, ...groups.map(({ groupId }) => groupId)];
    return names.filter((name) => /^(coupon|order)/.test(name));
  }

  it('asks before it creates topics', async () => {
    const { user } = operator();
    const { exitCode, message } = await user.failure(bench());
    expect(exitCode).toBe(2);
    expect(message).toContain('Create coupon-issue-requests, coupon-issue-dlq');
    expect(await topicsAndGroups()).toEqual([]);
  });

  it('deletes its topics and groups', async () => {
    const { user } = operator();
    const args = [...bench(), '--yes'];
    const { environment, rows } = await user.json(contract.bench, args, { timeoutMs });
    expect(environment.broker).toBe(cluster.brokers);
    expect(rows).toMatchObject([{ mode: 'batch', issued: 300, audit: 'PASS' }]);
    await expect.poll(topicsAndGroups, { timeout: 30_000 }).toEqual([]);
  });

  it('touches no topic that is there', async () => {
    const { user } = operator({ COUPONS_BROKERS: cluster.brokers });
    await user.json(contract.topicsCreated, ['topics', 'create']);
    const refused = await user.failure([...bench(), '--yes']);
    expect(refused).toMatchObject({ exitCode: 1, code: 'BENCH_TOPICS_EXIST' });
    expect(await topicsAndGroups()).toHaveLength(3);
  });
});
