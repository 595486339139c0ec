import { startApacheKafka, startEmbedded } from './support/brokers.js';
import { emptyTopics } from './support/cluster.js';
import { ConsumeRuns, MODES } from './support/consume.js';
import { decimals, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { inTurns, report, tell } from './support/report.js';
import { loadRequests } from './support/requests.js';

const usage = `
node bench/throughput.js [--count 10000] [--runs 3] [--brokers embedded,kafka] [--modes single,batch100,batch500]

Requests a second of \`coupons produce\` and \`coupons consume\`, by their own JSON, on an embedded broker
and on Apache Kafka, which are started for it and take turns. Ten campaigns, distinct users, all of them
issued, durable. Each run has a new store and a new group.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const BROKERS = { embedded: startEmbedded, kafka: startApacheKafka };

const options = readOptions({
  usage,
  defaults: {
    count: 10_000,
    runs: 3,
    brokers: Object.keys(BROKERS),
    modes: Object.keys(MODES),
  },
  choices: { brokers: Object.keys(BROKERS), modes: Object.keys(MODES) },
});

await report('Throughput by broker', async (workspace) => {
  const { count, runs } = options;
  const brokers = await startAll(workspace);
  const rows = [await measured('produce', brokers, ({ produce }) => produce())];
  for (const mode of options.modes) {
    const label = `consume, ${MODES[mode].label}`;
    rows.push(await measured(label, brokers, ({ consume }) => consume(mode)));
  }
  for (const { stop } of brokers) await stop();
  const titles = [`${whole(count)} requests`, ...brokers.map(({ name }) => `${name}, a second`)];
  return {
    settings: `Acks all, three members, all issued; ${runs} runs each, median (lowest–highest).`,
    tables: [table(brokers.length === 2 ? [...titles, 'ratio'] : titles, rows)],
  };
});

async function startAll(workspace) {
  const { count } = options;
  const started = [];
  for (const name of options.brokers) {
    const broker = await BROKERS[name](workspace);
    const at = { brokers: broker.brokers, workspace };
    const runs = new ConsumeRuns(at);
    started.push({
      ...broker,
      produce: async () => {
        await emptyTopics(at);
        return loadRequests({ ...at, count });
      },
      consume: async (mode) => (await runs.drain({ mode, count, stock: count })).perSecond,
    });
  }
  return started;
}

/** A row of the table: the rate of each broker, and of two brokers the ratio. */
async function measured(label, brokers, measure) {
  const contestants = brokers.map((broker) => [broker.name, () => measure(broker)]);
  const rates = Object.values(await inTurns(options.runs, Object.fromEntries(contestants)));
  const cells = rates.map((figures) => shown(spread(figures)));
  if (rates.length === 2) cells.push(shown(ratio(rates[0], rates[1]), decimals(2)));
  tell(`${label}: ${cells.join('  ')}`);
  return [label, ...cells];
}
