import { startApacheKafka } from './support/brokers.js';
import { emptyTopics, groupIsReady } from './support/cluster.js';
import { ConsumeRuns, MODES } from './support/consume.js';
import { decimals, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { SpringPeer } from './support/peer.js';
import { inTurns, report, tell } from './support/report.js';
import { CAMPAIGNS, loadRequests } from './support/requests.js';

const usage = `
node bench/peer.js [options]

\`coupons consume\` beside a listener in Spring Boot (bench/spring-peer), in turns, on one Apache Kafka that
is started for it: the same requests, three members each, SQLite synced at each commit. A cold JVM's
start is not counted: the time runs from the first record received to the last commit.

  --count <n>             requests (100000)
  --short <n>             requests of the short run (10000)
  --pairs <n>             how often each takes its turn (5)
  --modes <list>          single,batch100,batch500
  --scenarios <list>      latency,short,issued,sold-out
  --latency-seconds <n>   how long each latency run sends 100 requests a second (10)

KAFKA_VERSION chooses the version of Apache Kafka. Needs a JDK (17 or newer) and Maven.`;

const options = readOptions({
  usage,
  defaults: {
    count: 100_000,
    short: 10_000,
    pairs: 5,
    modes: Object.keys(MODES),
    scenarios: ['latency', 'short', 'issued', 'sold-out'],
    'latency-seconds': 10,
  },
  choices: { modes: Object.keys(MODES), scenarios: ['latency', 'short', 'issued', 'sold-out'] },
});
const MEMBERS = 3;
const REQUESTS_A_SECOND = 100;

class PeerBench {
  #brokers;
  #workspace;
  #peer;
  #runs;

  constructor({ brokers, workspace, peer }) {
    this.#brokers = brokers;
    this.#workspace = workspace;
    this.#peer = peer;
    this.#runs = new ConsumeRuns({ brokers, workspace });
  }

  async run() {
    const { count, short, scenarios } = options;
    const tables = [];
    const at = { brokers: this.#brokers, workspace: this.#workspace };
    if (scenarios.includes('latency')) tables.push(await this.#latency());
    await emptyTopics(at);
    const first = scenarios.includes('short') ? Math.min(short, count) : 0;
    if (first > 0) {
      await loadRequests({ ...at, count: first });
      tables.push(await this.#throughput('all issued', { count: first, stock: first }));
    }
    if (first < count) await loadRequests({ ...at, from: first + 1, count: count - first });
    if (scenarios.includes('issued')) {
      tables.push(await this.#throughput('all issued', { count, stock: count }));
    }
    if (scenarios.includes('sold-out')) {
      const stock = Math.ceil(count / 100 / CAMPAIGNS);
      tables.push(await this.#throughput('stock for 1 %', { count, stock }));
    }
    return tables;
  }

  async #throughput(what, { count, stock }) {
    const rows = [];
    for (const mode of options.modes) {
      const run = { mode, count, stock };
      const { coupons, peer } = await inTurns(options.pairs, {
        coupons: () => this.#runs.drain(run),
        peer: () => this.#peer.drain(run),
      });
      const rate = (runs) => runs.map(({ perSecond }) => perSecond);
      const times = ratio(rate(coupons), rate(peer));
      rows.push([
        MODES[mode].label,
        ...[coupons, peer].map((runs) => shown(spread(rate(runs)))),
        shown(times, decimals(2)),
        ...[coupons, peer].map((runs) => whole(spread(runs.map((it) => it.elapsedMs)).median)),
      ]);
      tell(`${whole(count)} ${what}, ${rows.at(-1).join('  ')}`);
    }
    return table(
      [
        `${whole(count)} requests, ${what}`,
        ...['coupons/s', 'peer/s', 'ratio', 'coupons, ms', 'peer, ms'],
      ],
      rows,
    );
  }

  async #latency() {
    const { coupons, peer } = await inTurns(options.pairs, {
      coupons: () => this.#couponsLatency(),
      peer: () => this.#peerLatency(),
    });
    const row = (name, runs) => [
      name,
      ...['p50', 'p99'].map((share) => shown(spread(runs.map((latency) => latency[share])))),
    ];
    const rows = [
      row('coupons', coupons),
      row(
        'peer',
        peer.map(({ all }) => all),
      ),
      row(
        'peer, without its first tenth',
        peer.map(({ warm }) => warm),
      ),
    ];
    for (const cells of rows) tell(`latency: ${cells.join('  ')}`);
    const title = `${REQUESTS_A_SECOND} requests/s for ${options['latency-seconds']} s, single`;
    return table([title, 'p50, ms', 'p99, ms'], rows);
  }

  async #couponsLatency() {
    const count = await this.#latencyTopic();
    const { coupons, group, remove } = await this.#runs.prepare(count);
    const limit = ['--max-records', String(count)];
    const { ended } = coupons.start(['consume', '--mode', 'single', '--group', group, ...limit]);
    await this.#sendSlowly(group, count, ended);
    const { latencyMs } = JSON.parse(await ended);
    remove();
    return latencyMs;
  }

  async #peerLatency() {
    const count = await this.#latencyTopic();
    const { group, measured } = this.#peer.start({ mode: 'single', count, stock: count });
    await this.#sendSlowly(group, count, measured);
    const { latencyMs, warmLatencyMs } = await measured;
    return { all: latencyMs, warm: warmLatencyMs };
  }

  async #latencyTopic() {
    await emptyTopics({ brokers: this.#brokers, workspace: this.#workspace });
    return REQUESTS_A_SECOND * options['latency-seconds'];
  }

  /** Sends when the group is ready, unless what runs fails before. */
  async #sendSlowly(group, count, running) {
    const send = async () => {
      await groupIsReady(this.#brokers, group, MEMBERS);
      const at = { brokers: this.#brokers, workspace: this.#workspace };
      await loadRequests({ ...at, count, perSecond: REQUESTS_A_SECOND });
    };
    await Promise.race([send(), running]);
  }
}

await report('Beside a Spring listener', async (workspace) => {
  const kafka = await startApacheKafka();
  const bench = new PeerBench({
    brokers: kafka.brokers,
    workspace,
    peer: await SpringPeer.build({ brokers: kafka.brokers, workspace }),
  });
  const tables = await bench.run();
  await kafka.stop();
  const settings = `${kafka.name}, ${SpringPeer.name}; ${options.pairs} pairs, median (lowest–highest).`;
  return { settings, tables };
});
