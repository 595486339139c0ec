// npm run test:kafka [-- arguments for vitest]
// The end-to-end tests and the broker's conformance suite on Apache Kafka: on the clusters that
// COUPONS_TEST_BROKERS names ("host:port,...", with ";" between clusters), else on two that are started for
// them; then also test/kafka/, whose files each start their own. The exit code is vitest's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from './kafka/fail.js';
import { startKafka } from './kafka/start.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);

const suites = ['--project', 'e2e', '--project', 'contract', '--project', 'kafka'];

/** A file empties the cluster that it runs on: one file a cluster at a time. */
const clusterCount = 2;

/**
 * Those end-to-end tests that run on a cluster. The others start an embedded broker or need none, so
 * that here they would only run a second time.
 */
function endToEndTests() {
  return readdirSync(join(root, 'test', 'e2e'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/e2e/${name}`)
    .filter((path) => /\b(usePipeline|testCluster)\(/.test(readFileSync(join(root, path), 'utf8')));
}

const args = process.argv.slice(2);
/** Paths of test files among the arguments narrow the run; else it is all suites. */
const chosen = args.filter((arg) => arg.startsWith('test/'));

/** No more than one a chosen file; one after the other, for the first fetches Kafka where it is not there. */
async function startClusters() {
  const count = Math.min(clusterCount, chosen.length || clusterCount);
  const clusters = [];
  while (clusters.length < count) clusters.push(await startKafka());
  return clusters;
}

async function runVitest(clusters, canStartKafka) {
  const all = [
    ...endToEndTests(),
    'test/contract/broker/',
    ...(canStartKafka ? ['test/kafka/'] : []),
  ];
  const workers = `--maxWorkers=${String(clusters.length)}`;
  const command = ['run', ...suites, workers, ...(chosen.length > 0 ? [] : all), ...args];
  const run = spawn(process.execPath, [vitest, ...command], {
    stdio: 'inherit',
    env: { ...process.env, COUPONS_TEST_BROKERS: clusters.join(';') },
  });
  process.once('exit', () => run.kill());
  const [code] = await once(run, 'exit');
  return code ?? 1;
}

try {
  const given = (process.env.COUPONS_TEST_BROKERS ?? '').split(';').filter(Boolean);
  const started = given.length > 0 ? [] : await startClusters();
  const clusters = [...given, ...started.map((kafka) => kafka.brokers)];
  console.error(`Testing on Apache Kafka at ${clusters.join(' and ')}`);
  const code = await runVitest(clusters, given.length === 0);
  for (const kafka of started) await kafka.stop();
  process.exit(code);
} catch (error) {
  fail(error);
}
