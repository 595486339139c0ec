import { beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../support/json-contract/contract.js';
import { usePipeline } from '../support/pipeline.js';

const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 100');
  await pipeline.succeed('produce --coupon 1 --count 1000');
});

describe('a consumer whose reader goes away', () => {
  const members = async () => (await pipeline.json(contract.lag, ['lag'])).members;

  it.each([
    // 100 records every 5 s: it is not drained soon.
    ['consume --until-drained --mode scheduler', 130],
    ['consume', 0],
  ] as const)('ends `%s` as a signal does: %i, and the group is left', async (line, code) => {
    const consumer = pipeline.start([...line.split(' '), '--progress', 'json']);
    await consumer.waitFor(/"records":/);
    consumer.closeReader('stdout');
    expect(await consumer.exit).toEqual({ code, signal: null });
    // Not only when its session has timed out.
    expect(await members()).toBe(0);
    expect(pipeline.logFile()).toMatch(/stopped after \d+ records$/m);
  });

  it('goes on where nothing reads stderr, and says at its end what it did', async () => {
    const consumer = pipeline.start(['consume', '--verbose', '--progress', 'json']);
    await consumer.waitFor(/"records":/);
    consumer.closeReader('stderr');
    const more = await pipeline.run('produce --coupon 1 --poison 100'.split(' '));
    expect(more.code).toBe(0);
    await consumer.waitFor(/"DEAD_LETTERED":1/);
    consumer.kill('SIGTERM');
    expect(await consumer.exit).toEqual({ code: 0, signal: null });
    const summary: unknown = JSON.parse(consumer.stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(summary).toMatchObject({ deadLettered: 1 });
  });
});
