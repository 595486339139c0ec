import { join } from 'node:path';
import { startApacheKafka } from './support/brokers.js';
import { createTopics } from './support/cluster.js';
import { ConsumeRuns, drain } from './support/consume.js';
import { decimals, each, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { peakMemoryInto, peakMemoryMb } from './support/peak-memory.js';
import { report, tell } from './support/report.js';
import { CAMPAIGNS, loadRequests } from './support/requests.js';

const usage = `
node bench/audit.js [--counts 100000,1000000] [--runs 3]

How long \`coupons audit\` takes for so many records, all issued, and its memory at its highest, on an
Apache Kafka that is started for it.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const { counts, runs } = readOptions({
  usage,
  defaults: { counts: [100_000, 1_000_000], runs: 3 },
});

await report('Audit', async (workspace) => {
  const kafka = await startApacheKafka();
  const at = { brokers: kafka.brokers, workspace };
  await createTopics(at);
  const place = await new ConsumeRuns(at).prepare(Math.ceil(Math.max(...counts) / CAMPAIGNS));
  const rows = [];
  let loaded = 0;
  for (const count of counts) {
    const more = count - loaded;
    await loadRequests({ ...at, from: loaded + 1, count: more });
    await drain(place, { mode: 'batch500', count: more, issued: more });
    loaded = count;
    rows.push(await audited(place.coupons, count, workspace));
  }
  await kafka.stop();
  return {
    settings: `${kafka.name}; ${runs} runs, median (lowest–highest).`,
    tables: [table(['records', 'seconds', 'records/s', 'peak memory, MB'], rows)],
  };
});

async function audited(coupons, count, workspace) {
  const measured = [];
  for (let run = 0; run < runs; run += 1) measured.push(await audit(coupons, count, workspace));
  const seconds = spread(each(measured, 'seconds'));
  const memory = shown(spread(each(measured, 'memoryMb')));
  const row = [whole(count), shown(seconds, decimals(1)), whole(count / seconds.median), memory];
  tell(row.join('  '));
  return row;
}

async function audit(coupons, count, workspace) {
  const file = join(workspace, 'peak-memory');
  const { verdict, records, elapsedMs } = await coupons.json(['audit'], {
    env: peakMemoryInto(file),
  });
  if (verdict !== 'PASS' || records !== count) throw new Error(`audit: ${verdict} of ${records}`);
  return { seconds: elapsedMs / 1000, memoryMb: peakMemoryMb(file) };
}
