import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { AdviceFinding } from '../../../src/advice/finding.js';
import type { AdviceStep } from '../../../src/advice/step.js';
import { adviceDocument } from '../../../src/cli/advise/document.js';
import { drawAdvice } from '../../../src/cli/advise/draw-advice.js';
import { behind, partitionsWith } from '../advice/facts.js';

const group = 'coupon-issue-group';
const topic = 'coupon-issue-requests';

function message(finding: AdviceFinding): string | undefined {
  return adviceDocument({ findings: [finding], steps: [] }, 10_000, String).findings[0]?.message;
}

function step(given: AdviceStep) {
  return adviceDocument({ findings: [], steps: [given] }, 10_000, String).steps[0];
}

describe('the findings of advise in words', () => {
  it('use the singular for one partition, one member and one record', () => {
    expect(
      message({
        code: 'MORE_CONSUMERS_WONT_HELP',
        severity: 'info',
        reason: { code: 'A_MEMBER_PER_PARTITION', members: 1, partitions: 1 },
      }),
    ).toBe(
      'More consumers would do nothing: 1 partition can be read by at most 1 member, and the group has 1.',
    );
    expect(message({ code: 'NO_MEMBERS', severity: 'critical', group, unread: 1 })).toBe(
      'Group coupon-issue-group has no member, and 1 record is not yet consumed.',
    );
  });

  it('name the campaign that holds up its partition', () => {
    expect(
      message({ code: 'HOT_KEY', severity: 'warning', key: '7', partition: 0, share: 0.98 }),
    ).toMatch(/^Campaign 7 has 98% of the unread records\. One campaign is one key/);
  });

  it('say what arrives, and what one host reaches, where that is less', () => {
    const rates = { inPerSecond: 120_000, hostPerSecond: 90_000, storeKind: 'sqlite' } as const;
    expect(message({ code: 'BEYOND_ONE_HOST', severity: 'warning', ...rates })).toMatch(
      /^120,000\/s arrive, and one host with its SQLite store reaches about 90,000\/s at most/,
    );
  });

  it('say what a record costs', () => {
    expect(
      message({ code: 'TIME_PER_RECORD', severity: 'info', msPerRecord: 10, mode: 'single' }),
    ).toBe(
      "A busy member takes about 10 ms a record in single mode, most of it for the store's transaction.",
    );
  });

  it('say how long an unread record is still kept', () => {
    const waited = (waitedMs: number, retentionMs: number) =>
      message({ code: 'RETENTION_RISK', severity: 'warning', topic, waitedMs, retentionMs });
    expect(waited(10_000, 12_000)).toMatch(
      /has waited 10\.0 s, and retention deletes it at 12\.0 s: 2\.0 s are left\.$/,
    );
    expect(waited(21 * 86_400_000, 7 * 86_400_000)).toMatch(
      /has waited 21 days, .* at 7 days: it may be deleted at any moment\.$/,
    );
    expect(
      message({
        code: 'RETENTION_BYTES_RISK',
        severity: 'critical',
        topic,
        partition: 0,
        unreadBytes: 500_000,
        retentionBytes: 555_000,
      }),
    ).toContain('about 488 KiB, and retention keeps 542 KiB');
  });
});

describe('the steps of advise in words', () => {
  it('come with their code and order, and a command that can be pasted', () => {
    const first: AdviceStep = { code: 'WAIT', group, etaSeconds: 90, timeoutSeconds: 180 };
    const second: AdviceStep = { code: 'LARGER_BATCHES', group, members: 3, batchSize: 500 };
    const pasted = (command: string) => `${command} --context staging`;
    const { steps } = adviceDocument({ findings: [], steps: [first, second] }, 10_000, pasted);
    expect(steps).toMatchObject([
      { order: 1, code: 'WAIT', command: 'coupons lag --wait --timeout 180 --context staging' },
      {
        order: 2,
        code: 'LARGER_BATCHES',
        command: 'coupons consume --concurrency 3 --mode batch --batch-size 500 --context staging',
      },
    ]);
  });

  it('name the group that was asked about, whatever its name', () => {
    const here = { members: 3, storeKind: 'sqlite' } as const;
    expect(step({ code: 'BATCH_MODE', group: "ann's", ...here, mode: null })).toMatchObject({
      action: 'Batch mode (unless the members use it already)',
      command: "coupons consume --concurrency 3 --mode batch --group 'ann'\\''s'",
    });
    expect(step({ code: 'LEAVE_SCHEDULER', group, ...here })?.command).toBe(
      'coupons consume --concurrency 3',
    );
  });

  it('say how many members join, where, and what that gains', () => {
    const more = {
      code: 'MORE_CONSUMERS',
      group,
      members: 2,
      running: 1,
      partitions: 3,
      mode: 'single',
      outPerSecond: 100,
    } as const;
    expect(step({ ...more, storeKind: 'sqlite' })).toMatchObject({
      command: 'coupons consume --concurrency 2',
      expected:
        '2 members join the one that runs: up to 3.0 times as many records a second, about 300/s.',
    });
    expect(step({ ...more, storeKind: 'sqlite' })?.limits).toMatch(/run on its machine\.$/);
    expect(step({ ...more, storeKind: 'postgres' })?.limits).toMatch(
      /on whichever hosts they run\.$/,
    );
  });

  it('take unread records into account when they ask for more partitions', () => {
    expect(
      step({
        code: 'MORE_PARTITIONS',
        group: 'other',
        topic,
        partitions: 6,
        busiestShareNow: 0.4,
        busiestShareThen: 0.2,
        movedOnSale: [],
      })?.command,
    ).toBe(`coupons topics alter ${topic} --partitions 6 --wait-drained --group other`);
  });

  it("keep records longer with Kafka's own tool, by time, size or both", () => {
    const bootstrap = '127.0.0.1:9092';
    const age = { share: 0.6, newValue: 1_209_600_000 };
    const size = { share: 0.5, newValue: 2_000_000 };
    const both = step({ code: 'KEEP_LONGER', topic, bootstrap, age, size });
    expect(both?.command).toBe(
      `kafka-configs --bootstrap-server ${bootstrap} --alter --entity-type topics --entity-name ${topic} --add-config retention.ms=1209600000,retention.bytes=2000000`,
    );
    expect(both?.why).toContain('60% of retention.ms, and they fill 50% of retention.bytes');
    expect(step({ code: 'KEEP_LONGER', topic, bootstrap, age: null, size })?.command).toMatch(
      /--add-config retention\.bytes=2000000$/,
    );
  });
});

describe('advise without a step', () => {
  const drawn = (findings: readonly AdviceFinding[], observedMs: number) =>
    drawAdvice(
      adviceDocument({ findings, steps: [] }, observedMs, String),
      behind({ partitions: partitionsWith([{ lag: 0 }]), status: 'OK' }),
      { paint: new Chalk({ level: 0 }), columns: 80 },
    );
  const fine: AdviceFinding = { code: 'DLQ_NOT_EMPTY', severity: 'info', total: 1, replayed: null };

  it('says what was observed', () => {
    expect(drawn([fine], 10_000)).toMatch(/\nNothing to do: lag 0, observed for 10 s\.$/);
    expect(drawn([fine], 1000)).toMatch(/observed for 1 s, too short to recognise a stall\.$/);
  });

  it('never says that there is nothing to do where something is wrong', () => {
    for (const severity of ['warning', 'critical'] as const) {
      const text = drawn([{ ...fine, severity }], 10_000);
      expect(text).not.toContain('Nothing to do');
      expect(text).toMatch(/\nNo command fixes this by itself: see what is marked/);
    }
  });
});
