// node bench/throughput.js [--requests 10000] [--runs 3] [--kafka | --brokers host:port,...]
//
// Requests a second of `coupons consume`, by the tool's own JSON: from the first record received to
// the last commit, every outcome durable (SQLite, synchronous=FULL). The requests are loaded once:
// ten campaigns, distinct users, and stock for all of them, so that every one is issued, which is
// the most work a request can make. Each run has a new store and a new group. The modes take turns.
// --kafka starts Apache Kafka for it; without it, the embedded broker.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const executable = fileURLToPath(new URL('../bin/coupons.js', import.meta.url));
const campaigns = 10;
const modes = [
  { name: 'single', args: ['--mode', 'single'] },
  { name: 'batch of 100', args: ['--mode', 'batch', '--batch-size', '100'] },
  { name: 'batch of 500', args: ['--mode', 'batch', '--batch-size', '500'] },
];

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '3' },
    brokers: { type: 'string' },
    kafka: { type: 'boolean', default: false },
  },
});
const requests = Number(values.requests);
const runs = Number(values.runs);
const dir = mkdtempSync(join(tmpdir(), 'coupons-bench-'));

const broker = await startBroker();
try {
  report(broker.name, measure(broker.brokers));
} finally {
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
}

/** Runs a command on a store of its own and gives its JSON. */
function coupons(brokers, store, ...args) {
  const output = execFileSync(process.execPath, [executable, ...args], {
    env: { ...process.env, COUPONS_BROKERS: brokers, COUPONS_STORE: store, COUPONS_OUTPUT: 'json' },
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

function measure(brokers) {
  const share = Math.floor(requests / campaigns);
  coupons(brokers, join(dir, 'none.db'), 'topics', 'create');
  const produced = Array.from({ length: campaigns }, (_, index) =>
    coupons(
      ...[brokers, join(dir, 'none.db'), 'produce', '--coupon', String(index + 1)],
      ...['--count', String(share), '--first-user', String(index * share + 1)],
    ),
  );
  const results = new Map(modes.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const { name, args } of modes) {
      const id = `bench-${String(run)}-${name.replaceAll(' ', '-')}`;
      const store = join(dir, `${id}.db`);
      for (let coupon = 1; coupon <= campaigns; coupon += 1) {
        coupons(brokers, store, 'campaigns', 'create', String(coupon), '--stock', String(share));
      }
      const log = ['--log-file', join(dir, 'bench.log')];
      const all = ['consume', ...args, '--group', id, '--until-drained', ...log];
      const summary = coupons(brokers, store, ...all);
      if (summary.outcomes.ISSUED !== share * campaigns) throw new Error(`${id}: not all issued`);
      results.get(name).push(summary.perSecond);
    }
  }
  const sent = produced.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  const sendingMs = produced.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  return { results, producePerSecond: Math.round((sent / sendingMs) * 1000) };
}

function report(name, { results, producePerSecond }) {
  const [cpu] = cpus();
  console.log(`${name}; Node ${process.versions.node}; ${cpus().length} × ${cpu?.model ?? '?'};`);
  console.log(
    `${Math.round(totalmem() / 2 ** 30)} GiB; concurrency 3; ${requests} requests, all issued\n`,
  );
  console.log('| what | median/s | lowest/s | highest/s |\n|---|---|---|---|');
  console.log(`| produce, acks=all, ${campaigns} runs together | ${producePerSecond} | | |`);
  for (const [mode, perSecond] of results) {
    const sorted = perSecond.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    console.log(`| consume, ${mode} | ${median} | ${sorted[0]} | ${sorted.at(-1)} |`);
  }
}

async function startBroker() {
  if (values.brokers !== undefined) {
    return { name: `Kafka at ${values.brokers}`, brokers: values.brokers, stop: () => undefined };
  }
  if (values.kafka) {
    const { startKafka } = await import('../scripts/kafka/start.js');
    const { chosenVersion } = await import('../scripts/kafka/jars.js');
    const kafka = await startKafka();
    return { name: `Apache Kafka ${chosenVersion()}`, brokers: kafka.brokers, stop: kafka.stop };
  }
  const args = ['broker', 'run', '--port', '0', '--data-dir', dir, '--output', 'json'];
  const child = spawn(process.execPath, [executable, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  return {
    name: 'the embedded broker',
    brokers: JSON.parse(line).address,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
