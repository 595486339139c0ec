import { startApacheKafka } from './support/brokers.js';
import { createTopics } from './support/cluster.js';
import { ConsumeRuns, MODES } from './support/consume.js';
import { decimals, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { inTurns, report, tell } from './support/report.js';
import { CAMPAIGNS, loadRequests } from './support/requests.js';

const usage = `
node bench/hot-campaign.js [--count 50000] [--runs 3] [--modes single,batch100,batch500]

What one campaign alone can reach beside ten: it is one key, so one partition, one member and one transaction
after another. Each has an Apache Kafka of its own, which is started for it; they take turns.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const options = readOptions({
  usage,
  defaults: { count: 50_000, runs: 3, modes: Object.keys(MODES) },
  choices: { modes: Object.keys(MODES) },
});

await report('A hot campaign', async (workspace) => {
  const { count, runs, modes } = options;
  const one = await loaded(workspace, 1);
  const ten = await loaded(workspace, CAMPAIGNS);
  const rows = [];
  for (const mode of modes) {
    const measured = await inTurns(runs, {
      one: () => one.drain(mode),
      ten: () => ten.drain(mode),
    });
    const rates = [measured.one, measured.ten];
    const toTen = shown(ratio(measured.one, measured.ten), decimals(2));
    rows.push([MODES[mode].label, ...rates.map((rate) => shown(spread(rate))), toTen]);
    tell(rows.at(-1).join('  '));
  }
  for (const { stop } of [one, ten]) await stop();
  const titles = [`${whole(count)} requests`, 'one campaign, a second', 'ten campaigns, a second'];
  return {
    settings: `${one.name}; all issued; ${runs} runs, median (lowest–highest).`,
    tables: [table([...titles, 'ratio'], rows)],
  };
});

/** A broker with requests for so many campaigns. */
async function loaded(workspace, campaigns) {
  const { count } = options;
  const { name, brokers, stop } = await startApacheKafka();
  const at = { brokers, workspace };
  await createTopics(at);
  await loadRequests({ ...at, count, campaigns });
  const consuming = new ConsumeRuns(at);
  const drain = async (mode) => (await consuming.drain({ mode, count, stock: count })).perSecond;
  return { name, stop, drain };
}
