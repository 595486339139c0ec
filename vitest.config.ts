import { defineConfig } from 'vitest/config';

/** One project a kind of test; `npm test` runs them all, `npm run test:kafka` only e2e. */
const project = (name: string, options: { timeoutMs: number; alone?: boolean }) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: options.timeoutMs,
    hookTimeout: options.timeoutMs,
    ...(options.alone === true ? { fileParallelism: false } : {}),
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', { timeoutMs: 10_000 }),
      project('contract', { timeoutMs: 60_000 }),
      project('e2e', { timeoutMs: 180_000, alone: true }),
      project('faults', { timeoutMs: 180_000, alone: true }),
    ],
  },
});
