// npm run test:kafka [-- arguments for vitest]
// The end-to-end tests and the broker's conformance suite on Apache Kafka: on the cluster that
// COUPONS_TEST_BROKERS names, else on one that is started for them; then also test/kafka/, whose files
// each start their own. The exit code is vitest's.
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

/** All files share one cluster, and start by emptying it: one at a time. */
const suites = [
  '--project',
  'e2e',
  '--project',
  'contract',
  '--project',
  'kafka',
  '--no-file-parallelism',
];

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

/** Paths of test files among the arguments narrow the run; else it is all suites. */
function vitestArguments(args, canStartKafka) {
  const chosen = args.some((arg) => arg.startsWith('test/'));
  const all = ['test/contract/broker/', ...(canStartKafka ? ['test/kafka/'] : [])];
  return ['run', ...suites, ...(chosen ? [] : [...endToEndTests(), ...all]), ...args];
}

async function runVitest(brokers, canStartKafka) {
  const args = vitestArguments(process.argv.slice(2), canStartKafka);
  const run = spawn(process.execPath, [vitest, ...args], {
    stdio: 'inherit',
    env: { ...process.env, COUPONS_TEST_BROKERS: brokers },
  });
  process.once('exit', () => run.kill());
  const [code] = await once(run, 'exit');
  return code ?? 1;
}

try {
  const given = process.env.COUPONS_TEST_BROKERS;
  const kafka = given ? { brokers: given, stop: async () => {} } : await startKafka();
  console.error(`Testing on Apache Kafka at ${kafka.brokers}`);
  const code = await runVitest(kafka.brokers, !given);
  await kafka.stop();
  process.exit(code);
} catch (error) {
  fail(error);
}
