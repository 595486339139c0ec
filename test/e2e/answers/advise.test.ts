import { beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import type { RunningCoupons } from '../../support/command-line/cli.js';
import { eventually } from '../../support/eventually.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

describe('advise', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  const advise = () => pipeline.json(contract.advice, ['advise', '--observe', '1']);
  const codes = ({ findings }: Awaited<ReturnType<typeof advise>>) =>
    findings.map(({ code }) => code);

  /** So many users ask for each of these coupons; a thousand in one batch. */
  const send = async (couponIds: readonly number[], users: number) => {
    for (let first = 1; first <= users; first += 1000) {
      const some = Array.from({ length: 1000 }, (_unused, index) => first + index);
      for (const id of couponIds) await pipeline.send(some.map((user) => request(id, user)));
    }
  };

  it('starts consumers where there are none', async () => {
    await pipeline.send([request(1, 1)]);
    const advice = await advise();
    expect(codes(advice)).toContain('NO_SUCH_GROUP');
    expect(advice.steps).toMatchObject([{ order: 1, command: 'coupons consume --concurrency 3' }]);
  });

  it('has nothing to do where everything is read', async () => {
    await pipeline.send([request(1, 1)]);
    await pipeline.drain();
    const advice = await advise();
    expect(codes(advice)).toContain('KEEPS_UP');
    expect(advice.steps).toEqual([]);
    const { stdout } = await pipeline.run(['advise', '--observe', '1']);
    expect(stdout).toMatch(/Nothing to do: lag 0, observed for \d+ s, too short/);
  });

  describe('for a group that is behind', () => {
    const behind = async (): Promise<RunningCoupons> => {
      const running = pipeline.start([
        ...['consume', '--concurrency', '1', '--mode', 'scheduler', '--output', 'json'],
      ]);
      await eventually(async () => {
        const { presence } = await pipeline.json(contract.lag, ['lag']);
        return presence === 'present';
      });
      return running;
    };

    it('names the campaign that nothing but batches can speed up', async () => {
      await send([1], 40_000);
      const running = await behind();
      const advice = await advise();
      running.kill('SIGTERM');
      await running.exit;
      expect(codes(advice)).toEqual(
        expect.arrayContaining([
          'HOT_KEY',
          'MORE_CONSUMERS_WONT_HELP',
          'MORE_PARTITIONS_WONT_HELP',
        ]),
      );
      expect(advice.findings.find(({ code }) => code === 'HOT_KEY')?.message).toMatch(
        /^Campaign 1 has 100% of the unread records/,
      );
      expect(advice.steps.map(({ action }) => action)).toEqual([
        'Leave scheduler mode',
        'Batch mode',
      ]);
    });

    it('asks for more partitions where there are campaigns to spread over them', async () => {
      await send(
        Array.from({ length: 20 }, (_unused, index) => index + 1),
        2000,
      );
      const running = await behind();
      const advice = await advise();
      running.kill('SIGTERM');
      await running.exit;
      expect(codes(advice)).not.toContain('HOT_KEY');
      expect(advice.steps.map(({ command }) => command)).toEqual([
        'coupons consume --concurrency 3',
        expect.stringMatching(
          /^coupons topics alter coupon-issue-requests --partitions (6|12|24) /,
        ),
        'coupons consume --concurrency 3 --mode batch',
      ]);
    });
  });

  it('tells of dead letters that are added while it looks', async () => {
    const advising = pipeline.start(['advise', '--observe', '3', '--output', 'json']);
    const letters = setInterval(() => {
      void pipeline.send([{ key: '1', value: 'a dead letter' }], DLQ_TOPIC);
    }, 200);
    await advising.exit;
    clearInterval(letters);
    const advice = contract.advice.parse(JSON.parse(advising.stdout));
    expect(codes(advice)).toContain('DLQ_GROWS');
    expect(advice.steps).toMatchObject([
      { code: 'FIND_WHY_DEAD_LETTERS_COME', command: 'coupons dlq stats --since 10m' },
    ]);
  });
});
