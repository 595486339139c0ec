import { describe, expect, it } from 'vitest';
import { drawReplay, replayJson } from '../../../src/cli/dlq/draw-replay.js';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import type { LetterPlan, ReplayRecord } from '../../../src/dead-letters/replay/plan.js';
import { ReplayTally } from '../../../src/dead-letters/replay/replay.js';
import { Output } from '../../../src/output/output.js';

const pipe = { isTTY: false, write: () => true };
const output = new Output({
  ...{ format: 'table', color: false, quiet: false, verbose: false },
  ...{ stdout: pipe, stderr: pipe },
});

function sentTo(...topics: readonly string[]): ReplayTally {
  const tally = new ReplayTally();
  for (const topic of topics) {
    const record: Pick<ReplayRecord, 'topic'> = { topic };
    tally.add('X', { kind: 'send', record } as LetterPlan);
  }
  return tally;
}

describe('the plan of a replay', () => {
  it('names the topics where they are not only the usual one', () => {
    const tally = sentTo(REQUEST_TOPIC, 'payments', 'payments');
    const lines = drawReplay(output, tally, 0, true, null).split('\n');
    expect(lines).toContain(`  to ${REQUEST_TOPIC}  1`);
    expect(lines.find((line) => line.includes('to payments'))?.trim()).toMatch(/^to payments +2$/);
    expect(replayJson(tally, 0, true, null).topics).toEqual([
      { topic: REQUEST_TOPIC, replayable: 1 },
      { topic: 'payments', replayable: 2 },
    ]);
  });

  it('does not where they all go to the usual one', () => {
    expect(drawReplay(output, sentTo(REQUEST_TOPIC), 0, true, null)).not.toContain('to coupon');
  });
});
