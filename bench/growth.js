import { cpSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startApacheKafka } from './support/brokers.js';
import { REQUEST_TOPIC, clusterIdOf, createTopics, emptyTopics } from './support/cluster.js';
import { ConsumeRuns, createCampaigns, drain, MODES } from './support/consume.js';
import { Coupons } from './support/coupons.js';
import { decimals, each, ratio, shown, spread, whole } from './support/figures.js';
import { campaignOf, FilledStore, userOf } from './support/filled-store.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { inTurns, report, tell } from './support/report.js';
import { CAMPAIGNS, loadRequests } from './support/requests.js';

const usage = `
node bench/growth.js [--levels 10000,100000,1000000,10000000] [--count 50000] [--runs 5] [--mode batch500] [--letters 1000]

Whether the store slows down as it fills: \`coupons consume\` of new campaigns with so many outcomes of other
campaigns in the store, and how long whole commands take on it. The stores are filled through the store's
port, and take turns on one Apache Kafka that is started for it; each run has a copy.
10,000,000 outcomes need 4 GB of free disk and some minutes.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const options = readOptions({
  usage,
  defaults: {
    levels: [10_000, 100_000, 1_000_000, 10_000_000],
    count: 50_000,
    runs: 5,
    mode: 'batch500',
    letters: 1000,
  },
});

/** Beyond those that the stores are filled with. */
const NEW_CAMPAIGN = 1_000_001;

/** Each is timed so often a run; its middle time counts. */
const REPEATS = 3;

const COMMANDS = {
  lag: ({ group }) => ['lag', '--group', group],
  'dlq count': () => ['dlq', 'count'],
  'dlq peek --newest': () => ['dlq', 'peek', '--newest'],
  'issued list': () => ['issued', 'list'],
  'issued show': ({ level }) => {
    const coupon = String(campaignOf(level / 2));
    return ['issued', 'show', '--coupon', coupon, '--user', String(userOf(level / 2))];
  },
};

await report('Growth', async (workspace) => {
  const kafka = await startApacheKafka();
  const at = { brokers: kafka.brokers, workspace };
  await createTopics(at);
  await writeDeadLetters(at);
  await loadRequests({ ...at, count: options.count, firstCampaign: NEW_CAMPAIGN });
  const levels = await fillStores(at);
  const runs = new ConsumeRuns(at);
  const contestants = levels.map(({ level, dataDir }) => [level, () => turn(runs, level, dataDir)]);
  const measured = await inTurns(options.runs, Object.fromEntries(contestants));
  await kafka.stop();
  const { count, mode, letters } = options;
  return {
    settings:
      `${kafka.name}; ${whole(count)} requests in ${MODES[mode].label} each run, ` +
      `${whole(letters)} dead letters; ${options.runs} runs, median (lowest–highest).`,
    tables: [
      throughputTable(levels, measured),
      `Whole commands, milliseconds:\n\n${commandTable(levels, measured)}`,
    ],
  };
});

/** So many in the DLQ, and none among the requests. */
async function writeDeadLetters(at) {
  const dataDir = join(at.workspace, 'letters');
  mkdirSync(dataDir);
  const coupons = new Coupons({ brokers: at.brokers, dataDir });
  const count = String(options.letters);
  await coupons.json(['produce', '--coupon', '1', '--count', count, '--poison', '100']);
  await coupons.json(['consume', '--mode', 'batch', '--until-drained', '--group', 'letters']);
  await emptyTopics({ ...at, topics: [REQUEST_TOPIC] });
}

/** A data directory for each level, whose store also has the new campaigns. */
async function fillStores({ brokers, workspace }) {
  const filling = join(workspace, 'filling');
  mkdirSync(filling);
  const file = join(filling, 'coupons.db');
  const clusterId = await clusterIdOf(brokers);
  const levels = [];
  let outcomes = 0;
  for (const level of options.levels) {
    const store = await FilledStore.open(file, clusterId, outcomes);
    const startedMs = performance.now();
    await store.fillUpTo(level);
    await store.close();
    const seconds = (performance.now() - startedMs) / 1000;
    tell(`filled up to ${whole(level)} outcomes in ${seconds.toFixed(1)} s`);
    outcomes = level;
    const dataDir = join(workspace, `level-${level}`);
    cpSync(filling, dataDir, { recursive: true });
    const bytes = statSync(file).size / level;
    const coupons = new Coupons({ dataDir });
    await createCampaigns(coupons, Math.ceil(options.count / CAMPAIGNS), NEW_CAMPAIGN);
    levels.push({ level, dataDir, bytes });
  }
  return levels;
}

async function turn(runs, level, dataDir) {
  const place = runs.copyOf(dataDir);
  const { count, mode } = options;
  const { perSecond } = await drain(place, { mode, count, issued: count });
  const commandMs = {};
  for (const [name, args] of Object.entries(COMMANDS)) {
    const times = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      times.push(await timed(place.coupons, args({ group: place.group, level })));
    }
    commandMs[name] = spread(times).median;
  }
  place.remove();
  tell(`${whole(level)} outcomes: ${whole(perSecond)}/s`);
  return { perSecond, ...commandMs };
}

async function timed(coupons, args) {
  const startedMs = performance.now();
  await coupons.run(args);
  return performance.now() - startedMs;
}

function throughputTable(levels, measured) {
  const first = each(measured[levels[0].level], 'perSecond');
  const rows = levels.map(({ level, bytes }) => {
    const rates = each(measured[level], 'perSecond');
    const toFirst = shown(ratio(rates, first), decimals(2));
    return [whole(level), shown(spread(rates)), toFirst, whole(bytes)];
  });
  return table(
    ['outcomes in the store', 'consume/s', 'to the smallest', 'bytes an outcome in the file'],
    rows,
  );
}

function commandTable(levels, measured) {
  const names = Object.keys(COMMANDS);
  const rows = levels.map(({ level }) => [
    whole(level),
    ...names.map((name) => shown(spread(each(measured[level], name)))),
  ]);
  return table(['outcomes in the store', ...names], rows);
}
