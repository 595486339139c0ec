import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startApacheKafka } from './support/brokers.js';
import { createTopics } from './support/cluster.js';
import { drain, MODES } from './support/consume.js';
import { Coupons } from './support/coupons.js';
import { decimals, ratio, shown, spread, whole } from './support/figures.js';
import { fillPostgres } from './support/filled-postgres.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { Postgres } from './support/postgres.js';
import { inTurns, report, tell } from './support/report.js';
import { CAMPAIGNS, loadRequests } from './support/requests.js';

const usage = `
node bench/growth-postgres.js [--levels 10000,100000,1000000,10000000] [--count 50000] [--runs 5] [--mode batch500]

Whether a store on PostgreSQL slows down as it fills: \`coupons consume\` of new campaigns with so many outcomes of other
campaigns in the store. The stores are filled by SQL, and take turns on one Apache Kafka and one server, which
are started for it; each run has new campaigns.
10,000,000 outcomes need 4 GB of free disk and some minutes.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const options = readOptions({
  usage,
  defaults: {
    levels: [10_000, 100_000, 1_000_000, 10_000_000],
    count: 50_000,
    runs: 5,
    mode: 'batch500',
  },
});

/** Beyond those that the stores are filled with. */
const NEW_CAMPAIGN = 1_000_001;
const SCHEMA = 'coupons';

let runs = 0;

await report('Growth on PostgreSQL', async (workspace) => {
  const kafka = await startApacheKafka();
  const postgres = await Postgres.start();
  const at = { brokers: kafka.brokers, workspace, postgres };
  await createTopics(at);
  await loadRequests({ ...at, count: options.count, firstCampaign: NEW_CAMPAIGN });
  const levels = [];
  for (const level of options.levels) levels.push(await filledStore(postgres, level));
  const contestants = levels.map((filled) => [filled.level, () => turn(at, filled)]);
  const rates = await inTurns(options.runs, Object.fromEntries(contestants));
  await postgres.stop();
  await kafka.stop();
  const { count, mode } = options;
  return {
    settings:
      `${kafka.name}, ${postgres.name}; ${whole(count)} requests in ${MODES[mode].label} each run; ` +
      `${options.runs} runs, median (lowest–highest).`,
    tables: [growthTable(levels, rates)],
  };
});

/** A database for each level. */
async function filledStore(postgres, level) {
  const startedMs = performance.now();
  const place = { database: `level_${level}`, schema: SCHEMA };
  await postgres.admin.query(`CREATE DATABASE ${place.database}`);
  const stock = Math.ceil(options.count / CAMPAIGNS);
  await postgres.newStore(place, { firstCampaign: NEW_CAMPAIGN, campaigns: CAMPAIGNS, stock });
  const client = await postgres.connect(place);
  await fillPostgres(client, 0, level);
  const { rows } = await client.query(
    "SELECT pg_total_relation_size('applied_record')::float8 AS bytes",
  );
  await client.end();
  const seconds = (performance.now() - startedMs) / 1000;
  tell(`filled with ${whole(level)} outcomes in ${seconds.toFixed(1)} s`);
  return { level, template: place.database, bytes: rows[0].bytes / level };
}

/** Requests a second, of a copy. */
async function turn({ brokers, workspace, postgres }, { level, template }) {
  runs += 1;
  const place = { database: `run_${runs}`, schema: SCHEMA };
  await postgres.admin.query(
    `CREATE DATABASE ${place.database} TEMPLATE ${template} STRATEGY FILE_COPY`,
  );
  await postgres.settle();
  const dataDir = mkdtempSync(join(workspace, 'host-'));
  const coupons = new Coupons({ brokers, dataDir, env: postgres.envOf(place) });
  const { count, mode } = options;
  const { perSecond } = await drain(
    { coupons, group: place.database },
    { mode, count, issued: count },
  );
  await postgres.admin.query(`DROP DATABASE ${place.database} WITH (FORCE)`);
  tell(`${whole(level)} outcomes: ${whole(perSecond)}/s`);
  return perSecond;
}

function growthTable(levels, measured) {
  const first = measured[levels[0].level];
  const rows = levels.map(({ level, bytes }) => {
    const rates = measured[level];
    const toFirst = shown(ratio(rates, first), decimals(2));
    return [whole(level), shown(spread(rates)), toFirst, whole(bytes)];
  });
  return table(
    ['outcomes in the store', 'consume/s', 'to the smallest', 'bytes an outcome with its indexes'],
    rows,
  );
}
