import { fileURLToPath } from 'node:url';
import { startApacheKafka } from './support/brokers.js';
import { emptyTopics } from './support/cluster.js';
import { Coupons } from './support/coupons.js';
import { decimals, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { run } from './support/processes.js';
import { inTurns, report, tell } from './support/report.js';

const usage = `
node bench/produce.js [--count 100000] [--pairs 5]

\`coupons produce\` beside kafkajs alone, in turns, on one Apache Kafka that is started for it: the same
requests of one campaign, acks all, an idempotent producer, 1,000 records a send. Each is a process of its
own, and measures from its first record, with the connection open, to the last acknowledgement.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const { count, pairs } = readOptions({ usage, defaults: { count: 100_000, pairs: 5 } });
const alone = fileURLToPath(new URL('support/kafkajs-producer.js', import.meta.url));

await report('Producing', async (workspace) => {
  const kafka = await startApacheKafka();
  const at = { brokers: kafka.brokers, workspace };
  const coupons = new Coupons({ brokers: kafka.brokers, dataDir: workspace });
  const measured = await inTurns(pairs, {
    coupons: async () => {
      await emptyTopics(at);
      const args = ['produce', '--coupon', '1', '--count', String(count)];
      return (await coupons.json(args)).perSecond;
    },
    kafkajs: async () => {
      await emptyTopics(at);
      return Number(await run(process.execPath, [alone, kafka.brokers, String(count)]));
    },
  });
  await kafka.stop();
  const row = [
    `${whole(count)} requests`,
    shown(spread(measured.coupons)),
    shown(spread(measured.kafkajs)),
    shown(ratio(measured.coupons, measured.kafkajs), decimals(2)),
  ];
  tell(row.join('  '));
  return {
    settings: `${kafka.name}, acks all, idempotent; ${pairs} pairs, median (lowest–highest).`,
    tables: [table(['', 'coupons produce, a second', 'kafkajs alone, a second', 'ratio'], [row])],
  };
});
