/**
 * Three hosts consume for one group into one PostgreSQL, from three brokers, while consumers are killed at
 * random, the PostgreSQL server is restarted twice and a broker is killed: every campaign comes out exactly.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { REQUEST_TOPIC } from '../../src/coupon/topics.js';
import { mulberry32 } from '../../src/produce/request-generator.js';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { Operator } from '../support/command-line/operator.js';
import { PostgresRows } from '../support/postgres/rows.js';
import { useOwnPostgres } from '../support/postgres/postgres.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { Host } from './hosts/host.js';
import { drawMisfortunes, type Misfortune } from './hosts/misfortunes.js';
import { drawSale, issuedOf, type Sale } from './hosts/sale.js';
import { startCluster, type RunningCluster } from './running-cluster.js';

interface Size {
  readonly requests: number;
  readonly campaigns: number;
  readonly kills: number;
  /** Of produce, in records a second: the hosts work while requests still come. */
  readonly rate: number;
}

const SIZES: Readonly<Record<string, Size>> = {
  small: { requests: 12_000, campaigns: 12, kills: 3, rate: 1500 },
  full: { requests: 300_000, campaigns: 60, kills: 30, rate: 3000 },
};
const HOSTS = 3;
const PARTITIONS = 12;
const MINUTE_MS = 60_000;
/** A group waits 10 s for a member that was killed, at each kill. */
const DEADLINE_MS = 30 * MINUTE_MS;
const LONG = { timeoutMs: 10 * MINUTE_MS };

const sizeName = process.env['COUPONS_TEST_SIZE'] ?? 'small';
const seed = Number(process.env['COUPONS_TEST_SEED'] ?? Date.now() % 1_000_000);

const postgres = useOwnPostgres({ fsync: true });
let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

it(
  'three hosts on one PostgreSQL issue each campaign exactly, whatever is killed meanwhile',
  { timeout: DEADLINE_MS },
  async () => {
    const size = SIZES[sizeName];
    if (size === undefined) throw new Error(`COUPONS_TEST_SIZE is small or full: ${sizeName}`);
    say(`size ${sizeName}, COUPONS_TEST_SEED=${String(seed)}`);
    const random = mulberry32(seed);
    const sale = drawSale(size, random);
    const records = sale.lines.length;

    const schema = postgres.newSchema();
    const environment = {
      ...postgres.env,
      COUPONS_BROKERS: cluster.brokers,
      COUPONS_STORE: postgres.storeUrl(schema),
    };
    const operator = new Operator(() => ({ ...environment, COUPONS_DATA_DIR: operatorDir }));
    const operatorDir = temporaryDir();
    await prepare(operator, sale);
    const stored = new PostgresRows(() => postgres.client(schema));

    const hosts = Array.from({ length: HOSTS }, () => new Host(environment));
    for (const host of hosts) host.startConsumer();
    const producer = operator.start([
      ...['produce', '--file', fileOf(sale), '--rate', String(size.rate)],
    ]);
    const befall = misfortunes(hosts);
    for (const due of drawMisfortunes({ hosts: HOSTS, kills: size.kills, records }, random)) {
      const isDue = async () => {
        const now = await stored.records();
        return now >= due.records && now;
      };
      const applied = await Promise.race([
        eventually(isDue, { deadlineMs: 5 * MINUTE_MS }),
        ...hosts.map(({ failed }) => failed),
      ]);
      say(`${String(applied)} of ${String(records)} applied: ${JSON.stringify(due)}`);
      await befall(due);
    }
    expect(await producer.exit, producer.stderr).toMatchObject({ code: 0 });
    await Promise.race([
      succeed(operator, 'lag --wait --timeout 300'),
      ...hosts.map(({ failed }) => failed),
    ]);
    for (const host of hosts) await host.stopConsumer();

    const sold = await stored.campaigns();
    const { counted, applied } = await stored.outcomes();
    const audit = await operator.json(contract.audit, ['audit'], LONG);
    const lag = await operator.json(contract.lag, ['lag']);
    const letters = await operator.json(contract.dlqCount, ['dlq', 'count']);
    const assignments = hosts.reduce((sum, host) => sum + host.assignments, 0);
    say(`assignments ${String(assignments)}, audit ${JSON.stringify(audit)}`);
    expect(sold).toEqual(sale.campaigns.map(exactly));
    expect(counted).toEqual(applied);
    expect(audit).toMatchObject({ verdict: 'PASS', records, unprocessed: 0, findings: [] });
    expect(lag.totalLag).toBe(0);
    expect(letters.count).toBe(0);
  },
);

/** The topics, and a campaign each. */
async function prepare(operator: Operator, { campaigns }: Sale): Promise<void> {
  await succeed(operator, `topics create --profile production --partitions ${String(PARTITIONS)}`);
  for (const { couponId, stock } of campaigns) {
    await succeed(operator, `campaigns create ${String(couponId)} --stock ${String(stock)}`);
  }
}

function fileOf({ lines }: Sale): string {
  const path = join(temporaryDir(), 'requests.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

/** Resolves when what was hit works again; a broker that was killed is healed later. */
function misfortunes(hosts: readonly Host[]): (misfortune: Misfortune) => Promise<void> {
  return async (misfortune) => {
    switch (misfortune.kind) {
      case 'kill-consumer': {
        const host = hosts[misfortune.host];
        await host?.killConsumer();
        host?.startConsumer();
        return;
      }
      case 'restart-server':
        if (misfortune.how === 'fast') return postgres.restart('fast');
        await postgres.kill();
        return postgres.server.start();
      case 'kill-broker':
        cluster.kill(await cluster.leaderOf(REQUEST_TOPIC, 0));
        return;
      case 'heal-brokers':
        await cluster.heal();
    }
  };
}

function exactly(campaign: Sale['campaigns'][number]): object {
  const { couponId } = campaign;
  const issued = issuedOf(campaign);
  const sequences = { sequences: issued, firstSequence: 1, lastSequence: issued };
  return { couponId, issued, users: issued, ...sequences };
}

async function succeed(operator: Operator, command: string): Promise<void> {
  expect(await operator.run(command.split(' '), LONG), command).toMatchObject({ code: 0 });
}

/** A run at full size takes minutes: what it is at is shown. */
function say(line: string): void {
  process.stderr.write(`several hosts: ${line}\n`);
}
