/** The console while Kafka or the store is away: it says so, shows what it knows, and goes on by itself. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usePipeline } from '../support/pipeline.js';
import { usePostgresPipeline } from '../support/postgres/pipeline.js';
import { request } from '../support/requests.js';
import { ServedConsole } from '../support/console/served-console.js';

let served: ServedConsole | null = null;
afterEach(async () => {
  await served?.stop();
  served = null;
});

const requests = [1, 2, 3].map((user) => request(1, user));

describe('a broker', () => {
  const pipeline = usePipeline({ broker: 'own' });
  beforeEach(() => pipeline.reset());

  it('that hangs leaves the beat and the store, is missed after --timeout, and seen when it goes on', async () => {
    await pipeline.succeed('campaigns create 1 --stock 10');
    const page = (served = await ServedConsole.start(pipeline, ['--timeout', '3']));
    const { asOfMs } = await page.until('group', ({ data }) => data !== null);
    pipeline.broker.signal('SIGSTOP');
    try {
      await page.until('beat', (beat) => beat.atMs - (beat.asOfMs.group ?? Infinity) > 2000);
      await pipeline.succeed('campaigns create 2 --stock 10');
      await page.until('campaigns', ({ data }) => data?.campaigns.length === 2);
      const group = await page.until('group', ({ failure }) => failure !== null);
      expect(group.data?.totalLag).toBe(0);
      expect(group.asOfMs).toBeGreaterThanOrEqual(asOfMs ?? 0);
    } finally {
      pipeline.broker.signal('SIGCONT');
    }
    await page.until('group', ({ failure }) => failure === null);
  });

  it('that is killed is missed at once, and seen when it is back', async () => {
    const page = (served = await ServedConsole.start(pipeline));
    await page.until('group', ({ data }) => data !== null);
    await pipeline.broker.kill();
    await page.until('group', ({ failure }) => failure?.code === 'BROKER_UNREACHABLE');
    await page.until('letters', ({ failure }) => failure !== null);
    await pipeline.broker.start();
    await page.until('group', ({ failure }) => failure === null);
    await page.until('letters', ({ failure }) => failure === null);
  });
});

describe('a PostgreSQL server', () => {
  const pipeline = usePostgresPipeline();

  it('that is killed is missed, and read on when it is back, with every row counted once', async () => {
    const { coupons, postgres } = pipeline;
    await coupons.succeed('campaigns create 1 --stock 10');
    await coupons.send(requests);
    await coupons.drain();
    const page = (served = await ServedConsole.start(coupons));
    await page.until('campaigns', ({ data }) => data?.outcomes.ISSUED === 3);
    await postgres.kill();
    const away = await page.until('campaigns', ({ failure }) => failure !== null);
    expect(away.data?.outcomes.ISSUED).toBe(3);
    await page.until('group', ({ failure }) => failure === null);
    await postgres.server.start();
    await coupons.send(requests.map((_, index) => request(1, 11 + index)));
    await coupons.drain();
    const back = await page.until('campaigns', ({ data }) => data?.outcomes.ISSUED === 6);
    expect(back.failure).toBeNull();
    expect(back.data?.campaigns[0]?.lastWinner?.sequence).toBe(6);
  });
});
