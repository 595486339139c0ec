import { describe, expect, it } from 'vitest';
import { audit, SimulatedPipeline } from './simulated-pipeline.js';

/** Two requests of campaign 1, decided; and one that is not. */
function pipeline(): SimulatedPipeline {
  const simulated = new SimulatedPipeline(1);
  simulated.campaign(1);
  simulated.ask({ couponId: 1, userId: 1 });
  simulated.ask({ couponId: 1, userId: 2 });
  simulated.consume();
  return simulated;
}

describe('what an audit says that it did not compare', () => {
  it('is nothing where it compared all', async () => {
    const { scope } = await audit(pipeline().evidence());
    const partitions = [{ partition: 0, startOffset: 0n, endOffset: 2n, nextOffset: 2n }];
    expect(scope).toEqual({ partitions, outcomes: 2, omissions: [] });
  });

  it('is what the group has not processed', async () => {
    const running = pipeline();
    running.ask({ couponId: 1, userId: 3 });
    const { verdict, scope } = await audit(running.evidence());
    expect(verdict).toBe('PASS');
    expect(scope.omissions).toEqual([{ code: 'UNPROCESSED', records: 1 }]);
  });

  it('is what waits behind an open transaction, too', async () => {
    const running = pipeline();
    running.ask({ couponId: 1, userId: 3 });
    const evidence = running.evidence();
    for (const bound of evidence.bounds) bound.stableEndOffset = 2n;
    expect((await audit(evidence)).scope.omissions).toEqual([
      { code: 'UNPROCESSED', records: 1 },
      { code: 'OPEN_TRANSACTIONS', records: 1 },
    ]);
  });

  it('is the records that retention has deleted', async () => {
    const aged = pipeline();
    aged.retain(0, 1n);
    const { verdict, scope } = await audit(aged.evidence());
    expect(verdict).toBe('PASS');
    expect(scope.omissions).toEqual([{ code: 'DELETED_RECORDS', offsets: 1n }]);
    expect(scope.outcomes).toBe(2);
  });

  it('is the dead letters that were purged', async () => {
    const poisoned = pipeline();
    poisoned.append('1', 'poison');
    poisoned.consume();
    const purged = poisoned.evidence();
    purged.dlqBounds = [{ partition: 0, startOffset: 1n, endOffset: 1n, stableEndOffset: 1n }];
    purged.letters.length = 0;
    expect((await audit(purged)).scope.omissions).toEqual([
      { code: 'DELETED_LETTERS', letters: 1 },
    ]);
  });

  it('is the other campaigns, and their outcomes do not count', async () => {
    const running = pipeline();
    running.campaign(2);
    running.ask({ couponId: 2, userId: 1 });
    running.consume();
    const { scope } = await audit(running.evidence(), 2);
    expect(scope).toMatchObject({
      outcomes: 1,
      omissions: [{ code: 'OTHER_CAMPAIGNS', couponId: 2 }],
    });
  });
});
