import { once } from 'node:events';
import { createServer } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import { startApacheKafka } from './support/brokers.js';
import { createTopics } from './support/cluster.js';
import { ConsumeRuns, drain, MODES } from './support/consume.js';
import { decimals, each, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { endedChildrenTimeMs, isTold } from './support/processor-time.js';
import { inTurns, report, tell } from './support/report.js';
import { loadRequests } from './support/requests.js';

const usage = `
node bench/metrics.js [--count 300000] [--runs 5] [--modes single,batch100,batch500]

What \`consume --metrics-port\` costs: runs without it and with it take turns, and it is scraped once a second. The
processor time is that of the whole process, its start included. On an Apache Kafka that is started for it.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const options = readOptions({
  usage,
  defaults: { count: 300_000, runs: 5, modes: Object.keys(MODES) },
  choices: { modes: Object.keys(MODES) },
});

const SCRAPE_MS = 1000;

await report('What metrics cost', async (workspace) => {
  const { count, runs, modes } = options;
  const { name, brokers, stop } = await startApacheKafka();
  const at = { brokers, workspace };
  await createTopics(at);
  await loadRequests({ ...at, count });
  const consuming = new ConsumeRuns(at);
  const rates = [];
  const times = [];
  for (const mode of modes) {
    const measured = await inTurns(runs, {
      without: () => consume(consuming, mode, []),
      with: () => scrapedWhile((further) => consume(consuming, mode, further)),
    });
    const { label } = MODES[mode];
    rates.push([label, ...compared(measured, 'perSecond', whole)]);
    times.push([label, ...compared(measured, 'processorUs', decimals(1))]);
    tell([rates, times].map((rows) => rows.at(-1).join('  ')).join('  '));
  }
  await stop();
  const requests = `${whole(count)} requests`;
  const tables = [table([`${requests}, a second`, 'without', 'with metrics', 'ratio'], rates)];
  if (isTold) {
    tables.push(table(['processor time, µs a request', 'without', 'with metrics', 'ratio'], times));
  }
  return {
    settings: `${name}; all issued; ${runs} runs, median (lowest–highest).`,
    tables,
  };
});

/** The cells of a row: each contestant, and the ratio of the pairs. */
function compared(measured, figure, format) {
  const [bare, measuring] = [measured.without, measured.with].map((runs) => each(runs, figure));
  const ratios = shown(ratio(measuring, bare), decimals(3));
  return [...[bare, measuring].map((figures) => shown(spread(figures), format)), ratios];
}

async function consume(consuming, mode, further) {
  const { count } = options;
  const place = await consuming.prepare(count);
  const beforeMs = isTold ? endedChildrenTimeMs() : 0;
  const { perSecond } = await drain(place, { mode, count, issued: count, further });
  const processorMs = isTold ? endedChildrenTimeMs() - beforeMs : 0;
  place.remove();
  return { perSecond, processorUs: (processorMs * 1000) / count };
}

/** Scrapes what `measure` starts, which gets the arguments for it. */
async function scrapedWhile(measure) {
  const port = await freePort();
  const timer = setInterval(() => {
    // It does not listen yet, or not any more.
    fetch(`http://127.0.0.1:${port}/metrics`).then(
      (response) => response.text(),
      () => undefined,
    );
  }, SCRAPE_MS);
  try {
    return await measure(['--metrics-port', String(port)]);
  } finally {
    clearInterval(timer);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
