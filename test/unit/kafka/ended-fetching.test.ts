import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { endFetching } from '../../../src/kafka/group/ended-fetching.js';

/** kafkajs's own loop over the brokers to fetch from. */
const createFetchManager = createRequire(import.meta.url)(
  'kafkajs/src/consumer/fetchManager.js',
) as (options: object) => { start(): Promise<void>; stop(): Promise<void> };

const debug = () => undefined;
const logger: object = { namespace: () => logger, debug, info: debug };
const SPINNING = 1000;

/** A consumer of two brokers that is told to stop while one of them is gone and the other has not answered yet. */
async function stopWhileBrokersChange(
  change: (cluster: Cluster, isLeaving: () => boolean) => void,
) {
  const cluster: Cluster = { getNodeIds: () => nodeIds };
  let nodeIds: readonly number[] = [1, 2];
  let isRunning = true;
  let fetchesAfterStop = 0;
  const answers: (() => void)[] = [];
  change(cluster, () => !isRunning);
  const fetching = createFetchManager({
    logger,
    getNodeIds: () => cluster.getNodeIds(),
    handler: () => Promise.resolve(),
    fetch: async () => {
      // As kafkajs's runner does where it was stopped.
      if (isRunning) await new Promise<void>((resolve) => answers.push(resolve));
      else if ((fetchesAfterStop += 1) > SPINNING) throw new Error('it spins');
      return [];
    },
  });
  const ended = fetching.start().catch((error: unknown) => error);
  const [first, second] = answers;
  nodeIds = [2];
  first?.();
  await new Promise((resolve) => setImmediate(resolve));
  isRunning = false;
  await fetching.stop();
  second?.();
  return { ended: await ended, fetchesAfterStop };
}

interface Cluster {
  getNodeIds: () => readonly number[];
}

it('a member that leaves while its brokers change fetches no more', async () => {
  const { ended, fetchesAfterStop } = await stopWhileBrokersChange(endFetching);
  expect(ended).toMatchObject({ message: 'this member leaves its group' });
  expect(fetchesAfterStop).toBe(0);
});

it('kafkajs alone would fetch for ever', async () => {
  const { ended } = await stopWhileBrokersChange(() => undefined);
  expect(ended).toMatchObject({ message: 'it spins' });
});
