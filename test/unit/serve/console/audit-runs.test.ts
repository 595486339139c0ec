import { expect, it } from 'vitest';
import type { AuditReport } from '../../../../src/audit/audit.js';
import { InterruptedError } from '../../../../src/errors.js';
import { zeroOutcomes } from '../../../../src/coupon/outcome.js';
import {
  AuditRuns,
  type AuditRunsOptions,
} from '../../../../src/serve/console/audit/audit-runs.js';
import type { AuditData } from '../../../../src/serve/console/wire/audit.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

const PASSED: AuditReport = {
  verdict: 'PASS',
  records: 100,
  requests: 100,
  outcomes: zeroOutcomes(),
  unprocessed: 0,
  deadLettered: 0,
  findings: [],
  scope: { partitions: [], outcomes: 100, omissions: [] },
};

const clock = new VirtualClock();

function auditing(run: AuditRunsOptions['run']) {
  const heard: AuditData[] = [];
  const audits = new AuditRuns({ run, clock, onChange: (data) => heard.push(data) });
  return { audits, heard };
}

it('shows its progress twice a second, however often it is told', async () => {
  const { audits, heard } = auditing(async (onProgress) => {
    for (let tenth = 1; tenth <= 20; tenth += 1) {
      await clock.wait(100);
      onProgress({ records: tenth * 5, outcomes: 0 });
    }
    return PASSED;
  });
  audits.start();
  await clock.run(clock.wait(3000));
  const shown = heard.flatMap(({ running }) => (running === null ? [] : [running.records]));
  expect(shown).toEqual([0, 5, 30, 55, 80]);
  expect(heard.at(-1)).toMatchObject({ running: null, last: { verdict: 'PASS', elapsedMs: 2000 } });
});

it('ends when the console does, and begins no other', async () => {
  let runs = 0;
  const { audits } = auditing(async (_onProgress, signal) => {
    runs += 1;
    await clock.wait(3_600_000, signal);
    throw new InterruptedError();
  });
  const running = audits.every(60_000);
  await clock.run(clock.wait(300_000));
  expect(runs).toBe(1);
  audits.close();
  audits.start();
  await clock.run(running);
  expect(runs).toBe(1);
});

it('lists the first hundred findings, and counts them all', async () => {
  const findings = Array.from({ length: 130 }, (_unused, partition) => ({
    code: 'NOTE_POSITION_FORGOTTEN' as const,
    couponId: null,
    position: null,
    partition,
  }));
  const { audits } = auditing(() => Promise.resolve({ ...PASSED, findings }));
  audits.start();
  await clock.run(clock.wait(1));
  expect(audits.data.last?.findings).toHaveLength(100);
  expect(audits.data.last?.findingCount).toBe(130);
});
