import { get } from 'node:http';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { startApacheKafka, startEmbedded } from './support/brokers.js';
import { emptyTopics } from './support/cluster.js';
import { ConsumeRuns, drain, MODES } from './support/consume.js';
import { decimals, each, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { isTold, processorTimeMs } from './support/processor-time.js';
import { inTurns, report, tell } from './support/report.js';
import { loadRequests } from './support/requests.js';

const usage = `
node bench/console.js [--count 1500000] [--runs 5] [--viewers 20] [--mode batch500] [--brokers embedded,kafka]

What \`coupons serve\` with its viewers takes from a sale at full speed on the same machine: requests a second of
\`coupons consume\`, with a console that is looked at and without one, in turns. Each run has a new store and a new
group.
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const BROKERS = { embedded: startEmbedded, kafka: startApacheKafka };

const options = readOptions({
  usage,
  defaults: {
    count: 1_500_000,
    runs: 5,
    viewers: 20,
    mode: 'batch500',
    brokers: Object.keys(BROKERS),
  },
  choices: { brokers: Object.keys(BROKERS) },
});

await report('The cost of a console', async (workspace) => {
  const { viewers, runs, brokers, mode } = options;
  const rows = [];
  for (const name of brokers) rows.push(await measured(workspace, await BROKERS[name](workspace)));
  const titles = [
    ...[`${whole(options.count)} requests`, 'without, a second', 'with, a second', 'ratio'],
    ...['console, of one core, %', 'events a viewer'],
  ];
  return {
    settings: `Three members, ${MODES[mode].label}, all issued; ${viewers} viewers; ${runs} runs each, median (lowest–highest).`,
    tables: [table(titles, rows)],
  };
});

async function measured(workspace, broker) {
  const { count, runs } = options;
  const at = { brokers: broker.brokers, workspace };
  await emptyTopics(at);
  await loadRequests({ ...at, count });
  const places = new ConsumeRuns(at);
  const { without, watched } = await inTurns(runs, {
    without: () => sale(places, () => undefined),
    watched: () => sale(places, startConsole),
  });
  await broker.stop();
  const rates = [each(without, 'perSecond'), each(watched, 'perSecond')];
  const row = [
    broker.name,
    ...rates.map((rate) => shown(spread(rate))),
    shown(ratio(rates[1], rates[0]), decimals(2)),
    isTold ? shown(spread(each(watched, 'coreShare')), decimals(0)) : '–',
    shown(spread(each(watched, 'events'))),
  ];
  tell(row.join('  '));
  return row;
}

/** One run of `consume` over all requests, beside what `beside` starts. */
async function sale(places, beside) {
  const { count, mode } = options;
  const place = await places.prepare(count);
  const console = await beside(place);
  const startedMs = performance.now();
  const { perSecond } = await drain(place, { mode, count, issued: count });
  const cost = console?.cost(performance.now() - startedMs) ?? {};
  await console?.stop();
  place.remove();
  return { perSecond, ...cost };
}

/** A console that all viewers look at, over the place's store. */
async function startConsole({ coupons, group }) {
  const { child, ended } = coupons.start(['serve', '--port', '0', '--group', group]);
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  const { url } = JSON.parse(line);
  const { origin, searchParams } = new URL(url);
  const headers = { authorization: `Bearer ${searchParams.get('token')}` };
  const viewers = await Promise.all(
    Array.from({ length: options.viewers }, () => look(`${origin}/api/stream`, headers)),
  );
  const before = isTold ? processorTimeMs(child.pid) : 0;
  return {
    cost: (elapsedMs) => ({
      coreShare: isTold ? ((processorTimeMs(child.pid) - before) / elapsedMs) * 100 : 0,
      events: viewers.reduce((sum, { events }) => sum + events(), 0) / viewers.length,
    }),
    stop: async () => {
      for (const { leave } of viewers) leave();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Reads the stream of events, and only counts them. */
async function look(url, headers) {
  const request = get(url, { headers, agent: false });
  const [response] = await once(request, 'response');
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
  let events = 0;
  response.on('data', (chunk) => {
    for (const byte of chunk) if (byte === 10) events += 1;
  });
  // Each event is a line of its name, a line of its data and an empty one.
  return { events: () => Math.round(events / 3), leave: () => request.destroy() };
}
