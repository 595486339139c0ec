import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit.js';
import type { ListedFinding } from '../../../src/audit/findings.js';
import type { AuditOmission } from '../../../src/audit/scope.js';
import { auditDocument } from '../../../src/cli/audit/document.js';
import { drawAudit } from '../../../src/cli/audit/draw-audit.js';
import { zeroOutcomes } from '../../../src/coupon/outcome.js';

const at = (offset: bigint) => ({ topic: 'coupon-issue-requests', partition: 0, offset });

function documentOf(...findings: ListedFinding[]) {
  const report: AuditReport = {
    verdict: 'FAIL',
    records: 0,
    requests: 0,
    outcomes: zeroOutcomes(),
    unprocessed: 0,
    deadLettered: 0,
    findings,
    scope: { partitions: [], outcomes: 0, omissions: [] },
  };
  return auditDocument(report, 5);
}

const message = (finding: ListedFinding) => documentOf(finding).findings[0]?.message;

describe('the findings of the audit in words', () => {
  it('stand in the document with code, coupon and position, and nothing else', () => {
    const finding = {
      code: 'REQUEST_LOST',
      couponId: 1,
      position: at(1n),
      request: { userId: 2, eventId: 'b' },
      malformedCode: null,
      maybeSkippedBy01: false,
    } as const;
    expect(documentOf(finding).findings).toEqual([
      {
        code: 'REQUEST_LOST',
        couponId: 1,
        message:
          "User 2's request for coupon 1 at coupon-issue-requests/0@1 was skipped: it has no outcome, and no request before it was the same (event b).",
        position: at(1n),
      },
    ]);
    expect(message({ ...finding, maybeSkippedBy01: true })).toContain(
      '(event b). Version 0.1 skipped a request whose eventId another user',
    );
    expect(message({ ...finding, request: null, malformedCode: 'MALFORMED_JSON' })).toBe(
      "The record at coupon-issue-requests/0@1 can't be parsed (MALFORMED_JSON), but it was not dead-lettered.",
    );
  });

  it('say what a wrong outcome should be', () => {
    const place = { code: 'WRONG_OUTCOME', couponId: 1, userId: 2, position: at(6n) } as const;
    expect(message({ ...place, outcome: 'SOLD_OUT', due: 'DUPLICATE' })).toBe(
      'The outcome at coupon-issue-requests/0@6 (user 2, coupon 1) is SOLD_OUT, but by the rules it must be DUPLICATE.',
    );
    expect(
      message({
        ...place,
        outcome: 'ISSUED',
        due: 'DEAD_LETTERED',
        malformedCode: 'MALFORMED_JSON',
      }),
    ).toBe(
      "The record at coupon-issue-requests/0@6 can't be parsed (MALFORMED_JSON), but its outcome is ISSUED instead of DEAD_LETTERED.",
    );
    expect(
      message({
        ...place,
        outcome: 'DEAD_LETTERED',
        due: null,
        reasonCode: 'MALFORMED_JSON',
      }),
    ).toBe(
      'The record at coupon-issue-requests/0@6 was dead-lettered as MALFORMED_JSON, but it is a valid request.',
    );
  });

  it('list the fields in which a row differs from its record', () => {
    expect(
      message({
        code: 'ROW_DOES_NOT_MATCH_RECORD',
        couponId: 1,
        position: at(3n),
        differences: [
          { field: 'userId', inRecord: 7, inRow: 8 },
          { field: 'eventId', inRecord: null, inRow: 'e' },
        ],
      }),
    ).toBe(
      'The outcome at coupon-issue-requests/0@3 does not match the record there: userId is 7, not 8, eventId is none, not e.',
    );
  });

  it('count what is not listed', () => {
    expect(message({ code: 'REQUEST_LOST', couponId: null, position: null, unlisted: 30 })).toBe(
      'More findings of REQUEST_LOST, not listed: 30.',
    );
  });

  it('say why dead letters could not be checked', () => {
    const note = {
      code: 'NOTE_LETTERS_NOT_VERIFIABLE',
      couponId: null,
      position: null,
      missing: 3,
    } as const;
    expect(message({ ...note, hasDlq: true })).toBe(
      'Dead letters that could not be checked, because the DLQ was purged: 3.',
    );
    expect(message({ ...note, hasDlq: false })).toContain('there is no DLQ topic');
  });
});

describe('the verdict of the audit', () => {
  const paint = new Chalk({ level: 1 });
  const drawn = (outcomes: number, omissions: AuditOmission[], columns = 80) => {
    const partitions = [
      { partition: 0, startOffset: 100n, endOffset: 500n, nextOffset: 480n },
      { partition: 1, startOffset: 0n, endOffset: 0n, nextOffset: null },
    ];
    const report: AuditReport = {
      ...{ verdict: 'PASS', records: 400, requests: 400, unprocessed: 20, deadLettered: 0 },
      ...{ outcomes: zeroOutcomes(), findings: [] },
      scope: { partitions, outcomes, omissions },
    };
    return drawAudit(auditDocument(report, 5), { paint, columns });
  };

  it('says what was compared, and from which offset to which', () => {
    const text = drawn(380, [{ code: 'UNPROCESSED', records: 20 }]);
    expect(text).toContain(`verdict      ${paint.green('PASS')}\n`);
    expect(text).toContain('compared     380 records of the log with 380 outcomes of the store\n');
    expect(text).toContain('offsets      0: 100..480  1: 0..-\n');
    expect(text).toMatch(/\nnot compared: 20 records that the group has not processed yet\.$/);
  });

  it('is not green where nothing was compared', () => {
    const text = drawn(0, [{ code: 'NOTHING_COMPARED' }]);
    expect(text).toContain('verdict      PASS\n');
    expect(text).toContain('not compared: all of it, because the store has no outcome.');
  });
});
