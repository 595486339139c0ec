import { defineConfig } from 'vitest/config';

interface ProjectOptions {
  readonly timeoutMs: number;
  /** One file at a time. */
  readonly alone?: boolean;
  /** Runs the real executable, which is then built first where dist/ is stale. */
  readonly built?: boolean;
  /** Opens no socket and starts no process: what tries, throws. */
  readonly pure?: boolean;
}

/** One project a kind of test; docs/testing.md says which needs what. */
const project = (name: string, options: ProjectOptions) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: options.timeoutMs,
    hookTimeout: options.timeoutMs,
    // The default is a second: a busy machine needs more.
    expect: { poll: { timeout: 20_000 } },
    ...(options.alone === true ? { fileParallelism: false } : {}),
    ...(options.built === true ? { globalSetup: ['test/support/build.ts'] } : {}),
    ...(options.pure === true ? { setupFiles: ['test/support/pure-tests.ts'] } : {}),
  },
});

export default defineConfig({
  test: {
    // Most tests wait for processes more than they work: two cores hold three of them at a time.
    maxWorkers: 3,
    projects: [
      project('unit', { timeoutMs: 30_000, pure: true }),
      project('contract', { timeoutMs: 60_000, built: true }),
      project('e2e', { timeoutMs: 180_000, built: true }),
      project('faults', { timeoutMs: 180_000, built: true }),
      // The page in a real chromium, which must be there: `npm run test:browser` alone runs it.
      project('browser', { timeoutMs: 60_000, alone: true, built: true }),
      // Starts an Apache Kafka of its own: `npm run test:kafka` alone runs it.
      project('kafka', { timeoutMs: 180_000, alone: true, built: true }),
      // Starts a Prometheus: `npm run test:monitoring` alone runs it.
      project('monitoring', { timeoutMs: 120_000, alone: true, built: true }),
    ],
  },
});
