import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startApacheKafka } from './support/brokers.js';
import { createTopics } from './support/cluster.js';
import { ConsumeRuns, modeArguments, MODES } from './support/consume.js';
import { Coupons } from './support/coupons.js';
import { decimals, each, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { Postgres } from './support/postgres.js';
import { endedChildrenTimeMs, isTold, processorTimeMs } from './support/processor-time.js';
import { inTurns, report, tell } from './support/report.js';
import { loadRequests } from './support/requests.js';

const usage = `
node bench/several-hosts.js [--count 100000] [--runs 5] [--modes single,batch100,batch500]

\`coupons consume\` on PostgreSQL as one, two and three processes of a group, each with a data directory of its
own as on a host of its own, beside one process on SQLite. They take turns on one Apache Kafka and one
PostgreSQL server, which are started for it. Each run has a new store and a new group, and is audited.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const options = readOptions({
  usage,
  defaults: { count: 100_000, runs: 5, modes: Object.keys(MODES) },
  choices: { modes: Object.keys(MODES) },
});

/** A member has one partition, however many processes share them. */
const PARTITIONS = 6;
const CAMPAIGNS = 60;
/** As Kafka has it by default: all processes are there when the first records are read. */
const KAFKA_SETTINGS = { 'group.initial.rebalance.delay.ms': 3000 };

const SQLITE = 'SQLite, 1 process';
const postgresWith = (processes) =>
  `PostgreSQL, ${processes} ${processes === 1 ? 'process' : 'processes'}`;
const PROCESSES = [1, 2, 3];

class SeveralHosts {
  #workspace;
  #kafka;
  #postgres;
  #sqliteStores;
  #runs = 0;

  constructor({ workspace, kafka, postgres }) {
    this.#workspace = workspace;
    this.#kafka = kafka;
    this.#postgres = postgres;
    this.#sqliteStores = new ConsumeRuns({
      brokers: kafka.brokers,
      workspace,
      campaigns: CAMPAIGNS,
    });
  }

  contestants(mode) {
    const onPostgres = PROCESSES.map((processes) => [
      postgresWith(processes),
      () => this.#onPostgres(mode, processes),
    ]);
    return { [SQLITE]: () => this.#onSqlite(mode), ...Object.fromEntries(onPostgres) };
  }

  async #onSqlite(mode) {
    const { coupons, group, remove } = await this.#sqliteStores.prepare(stock());
    const measured = await this.#drain([coupons], { group, mode });
    remove();
    return measured;
  }

  async #onPostgres(mode, processes) {
    this.#runs += 1;
    const schema = `several_hosts_${this.#runs}`;
    const place = { database: 'postgres', schema };
    const stores = { firstCampaign: 1, campaigns: CAMPAIGNS, stock: stock() };
    await this.#postgres.newStore(place, stores);
    const env = this.#postgres.envOf(place);
    const hosts = Array.from({ length: processes }, () => this.#newHost(env));
    const measured = await this.#drain(
      hosts.map(({ coupons }) => coupons),
      { group: schema, mode },
    );
    for (const { remove } of hosts) remove();
    await this.#postgres.admin.query(`DROP SCHEMA ${schema} CASCADE`);
    return measured;
  }

  #newHost(env) {
    const dataDir = mkdtempSync(join(this.#workspace, 'host-'));
    const coupons = new Coupons({ brokers: this.#kafka.brokers, dataDir, env });
    return { coupons, remove: () => rmSync(dataDir, { recursive: true }) };
  }

  /** One process each reads its share: `{perSecond, processorMs}`. Throws where not all are issued. */
  async #drain(hosts, { group, mode }) {
    const members = ['--concurrency', String(PARTITIONS / hosts.length)];
    const args = ['consume', ...modeArguments(mode), ...members, '--group', group];
    const before = this.#processorTimes();
    const summaries = await Promise.all(
      hosts.map((host) => host.json([...args, '--until-drained'])),
    );
    const after = this.#processorTimes();
    const issued = summaries.reduce((sum, { outcomes }) => sum + outcomes.ISSUED, 0);
    if (issued !== options.count) throw new Error(`issued: ${JSON.stringify(summaries)}`);
    await hosts[0].json(['audit', '--group', group]); // Ends with an error unless it passes.
    const processorMs = Object.fromEntries(
      Object.entries(after).map(([who, ms]) => [who, ms - before[who]]),
    );
    return { perSecond: (issued / elapsedMs(summaries)) * 1000, processorMs };
  }

  #processorTimes() {
    if (!isTold) return {};
    return {
      consumers: endedChildrenTimeMs(),
      PostgreSQL: processorTimeMs(this.#postgres.pid),
      Kafka: processorTimeMs(this.#kafka.pid),
    };
  }
}

await report('Several hosts', async (workspace) => {
  const kafka = await startApacheKafka(KAFKA_SETTINGS);
  const postgres = await Postgres.start();
  const at = { brokers: kafka.brokers, workspace };
  await createTopics({ ...at, partitions: PARTITIONS });
  await loadRequests({ ...at, count: options.count, campaigns: CAMPAIGNS });
  const bench = new SeveralHosts({ workspace, kafka, postgres });
  const measured = {};
  for (const mode of options.modes) {
    measured[mode] = await inTurns(options.runs, bench.contestants(mode));
    tell(rateCells(mode, measured[mode]).join('  '));
  }
  await postgres.stop();
  await kafka.stop();
  return {
    settings:
      `${kafka.name}, ${postgres.name}; fsync and synchronous_commit on, 128 MB of shared buffers, all else as it comes. ` +
      `${CAMPAIGNS} campaigns, all issued, ${PARTITIONS} partitions with a member each; ` +
      `${options.runs} runs, median (lowest–highest).`,
    tables: [rateTable(measured), ...(isTold ? [processorTable(measured)] : [])],
  };
});

/** Enough for all requests of a campaign. */
function stock() {
  return Math.ceil(options.count / CAMPAIGNS);
}

/** From the first record that any of them received to the last commit. */
function elapsedMs(summaries) {
  const read = summaries.filter(({ records }) => records > 0);
  const [starts, ends] = ['firstRecordAt', 'lastCommitAt'].map((name) =>
    read.map((summary) => Date.parse(summary[name])),
  );
  return Math.max(...ends) - Math.min(...starts);
}

function rateTable(measured) {
  const contestants = [SQLITE, ...PROCESSES.map(postgresWith)];
  const ratios = ['PostgreSQL 1 to SQLite', 'PostgreSQL 3 to 1'];
  return table(
    [`${whole(options.count)} requests, a second`, ...contestants, ...ratios],
    options.modes.map((mode) => rateCells(mode, measured[mode])),
  );
}

function rateCells(mode, runs) {
  const rates = (contestant) => each(runs[contestant], 'perSecond');
  const one = rates(postgresWith(1));
  return [
    MODES[mode].label,
    ...[SQLITE, ...PROCESSES.map(postgresWith)].map((name) => shown(spread(rates(name)))),
    shown(ratio(one, rates(SQLITE)), decimals(2)),
    shown(ratio(rates(postgresWith(3)), one), decimals(2)),
  ];
}

/** What the processes do beside reading, their start above all, is in it. */
function processorTable(measured) {
  const rows = options.modes.flatMap((mode) =>
    Object.entries(measured[mode]).map(([name, runs]) => {
      const micros = (who) =>
        spread(runs.map(({ processorMs }) => (processorMs[who] * 1000) / options.count)).median;
      const [consumers, postgres, kafka] = ['consumers', 'PostgreSQL', 'Kafka'].map(micros);
      const cells = [consumers, postgres, kafka, consumers + postgres + kafka];
      return [`${MODES[mode].label}, ${name}`, ...cells.map(decimals(1))];
    }),
  );
  return table(['processor time, µs a request', 'consumers', 'PostgreSQL', 'Kafka', 'all'], rows);
}
