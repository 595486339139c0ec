import { describe, expect, it } from 'vitest';
import { replayDocument, type ReplayReport } from '../../../../src/cli/dlq/replay/document.js';
import { drawPlan, drawResult } from '../../../../src/cli/dlq/replay/draw-replay.js';
import { REQUEST_TOPIC } from '../../../../src/coupon/topics.js';
import { Forecast, type Expected } from '../../../../src/dead-letters/replay/forecast.js';
import type { LetterPlan } from '../../../../src/dead-letters/replay/plan.js';
import type { ReplayRecord } from '../../../../src/dead-letters/replay/sendable.js';
import { ReplayTally } from '../../../../src/dead-letters/replay/tally.js';
import { WaitingRequests } from '../../../../src/dead-letters/replay/waiting.js';
import { Output } from '../../../../src/output/output.js';

const pipe = { isTTY: false, write: () => true };
const output = new Output({
  ...{ format: 'table', color: false, quiet: false, verbose: false },
  ...{ stdout: pipe, stderr: pipe },
});

const pasted = (command: string) => `${command} --brokers k:9092`;

function sendPlan(topic: string, outcome: Expected = 'ISSUED', isCopy = false): LetterPlan {
  const record: Pick<ReplayRecord, 'topic'> = { topic };
  const expected = { couponId: 1, outcome };
  return { kind: 'send', record, expected, isCopy } as LetterPlan;
}

function reportOf(plans: readonly LetterPlan[], changes: Partial<ReplayReport> = {}): ReplayReport {
  const tally = new ReplayTally();
  for (const plan of plans) tally.add('X', plan);
  const campaign = { couponId: 1, name: null, totalQuantity: 100, issuedQuantity: 98 };
  const terms = { status: 'ACTIVE', validFromMs: null, validUntilMs: null, version: 1 } as const;
  const waiting = new WaitingRequests(new Map([[1, 1]]), 0);
  const forecast = new Forecast({ now: () => 0 }, 'g', {
    campaigns: [{ ...campaign, ...terms }],
    waiting,
  });
  const place = { context: 'prod', clusterId: 'abc', brokers: ['k:9092'] };
  return {
    ...{ tally, forecast, replayed: 0, dryRun: true, became: null, leftAfter: null, nowMs: 0 },
    target: { ...place, topic: REQUEST_TOPIC, group: 'g' },
    ...changes,
  };
}

const soldOut: LetterPlan = {
  ...{ kind: 'skip', code: 'WOULD_BE_REJECTED' },
  expected: { couponId: 1, outcome: 'SOLD_OUT' },
};

const draw = (report: ReplayReport) => drawPlan(output, report, pasted).split('\n');

describe('the plan of a replay', () => {
  it('says where it goes, what becomes of the letters, and what to do first', () => {
    expect(draw(reportOf([sendPlan(REQUEST_TOPIC), soldOut, soldOut]))).toEqual([
      'context   prod',
      'cluster   abc at k:9092',
      'to topic  coupon-issue-requests',
      'group     g',
      '',
      'REASON  LETTERS  WOULD REPLAY',
      'X             3             1',
      '',
      'COUPON  STOCK LEFT  WAITING AHEAD  EXPECTED  LETTERS  WOULD REPLAY',
      '     1           2              1  ISSUED          1             1',
      '     1           2              1  SOLD_OUT        2             0',
      '',
      'selected             3',
      'replayed             0 (would be 1)',
      'skipped              2',
      '  WOULD_BE_REJECTED  2  rejected for good if sent; --include-rejected sends it',
      '',
      'Left out',
      expect.stringContaining('Coupon 1 has 2 left, and 1 request ahead of the dead letters'),
      expect.stringMatching(/^ {4}/),
      '  $ coupons lag --group g --wait --brokers k:9092',
      expect.stringContaining('Coupon 1 has 2 left, so that 2 dead letters would be SOLD_OUT'),
      expect.any(String),
      '  $ coupons campaigns update 1 --stock 102 --brokers k:9092',
    ]);
  });

  it('names the topics where they are not only the usual one', () => {
    const plans = [REQUEST_TOPIC, 'payments', 'payments'].map((topic) => sendPlan(topic));
    const report = reportOf(plans);
    const lines = draw(report);
    expect(lines).toContain(`  to ${REQUEST_TOPIC}  1`);
    expect(lines.find((line) => line.includes('to payments'))?.trim()).toMatch(/^to payments +2$/);
    expect(replayDocument(report, pasted).topics).toEqual([
      { topic: REQUEST_TOPIC, replayable: 1 },
      { topic: 'payments', replayable: 2 },
    ]);
  });

  it('names the other topics that letters say they come from', () => {
    const other: LetterPlan = { kind: 'skip', code: 'OTHER_TOPIC', topic: 'payments' };
    const report = reportOf([other, sendPlan(REQUEST_TOPIC, 'ISSUED', true)]);
    const lines = draw(report).map((line) => line.trim().replaceAll(/ +/g, ' '));
    expect(lines).toContain('OTHER_TOPIC 1 from another topic; --allow-topic sends it there');
    expect(lines).toContain('payments 1');
    expect(lines).toContain("copies 1 the letter's copy: its origin is not in Kafka any more");
    expect(lines.join(' ')).not.toContain('to coupon-issue-requests 1');
    expect(replayDocument(report, pasted)).toMatchObject({
      otherTopics: [{ topic: 'payments', letters: 1 }],
      copies: 1,
    });
  });

  it('is not drawn a second time with the result', () => {
    const report = reportOf([sendPlan(REQUEST_TOPIC)], { dryRun: false, replayed: 1 });
    expect(drawResult(report, 80)).toBe('selected  1\nreplayed  1\nskipped   0');
  });

  it('says after the sending what was left before, and what is left once it was waited for', () => {
    const sent = { dryRun: false, replayed: 1 };
    const plans = [sendPlan(REQUEST_TOPIC), soldOut];
    const text = draw(reportOf(plans, sent)).join('\n');
    expect(text).toMatch(/^COUPON {2}LEFT BEFORE {2}WAITING AHEAD/m);
    expect(text).toContain('Coupon 1 had 2 left before the replay, so that 1 dead letter would');
    expect(text).not.toMatch(/LEFT NOW|has 2 left/);

    const waited = reportOf(plans, { ...sent, leftAfter: new Map([[1, 0]]) });
    expect(drawResult(waited, 80)).toMatch(/COUPON {2}LEFT BEFORE {2}LEFT NOW\n {5}1 +2 +0$/);
    expect(replayDocument(waited, pasted).campaigns).toMatchObject([
      { couponId: 1, stockLeft: 2, stockLeftAfter: 0 },
    ]);
  });

  it('says what is left of no campaign of which nothing was sent', () => {
    const waited = reportOf([soldOut], { dryRun: false, leftAfter: new Map([[1, 2]]) });
    expect(drawResult(waited, 80)).not.toContain('LEFT NOW');
  });

  it('has in JSON what is expected by campaign, and the steps', () => {
    const document = replayDocument(reportOf([sendPlan(REQUEST_TOPIC), soldOut]), pasted);
    expect(document).toMatchObject({
      expected: { ISSUED: 1 },
      excluded: { SOLD_OUT: 1 },
      campaigns: [
        {
          ...{ couponId: 1, stockLeft: 2, waitingAhead: 1 },
          ...{ expected: { ISSUED: 1 }, excluded: { SOLD_OUT: 1 } },
        },
      ],
    });
    expect(document.steps.map(({ code }) => code)).toEqual(['WAIT_FOR_GROUP', 'RAISE_STOCK']);
  });
});
