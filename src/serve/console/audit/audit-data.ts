import type { AuditReport } from '../../../audit/audit.js';
import type { AuditResult } from '../wire/audit.js';
import { wordedAuditFinding, wordedAuditOmission } from '../../../words/worded.js';

const MOST_FINDINGS = 100;

/** `endedAtMs`: when the audit was over. */
export function auditResult(
  report: AuditReport,
  endedAtMs: number,
  elapsedMs: number,
): AuditResult {
  const { findings, verdict, records, requests, outcomes, unprocessed, deadLettered, scope } =
    report;
  return {
    verdict,
    endedAtMs,
    elapsedMs,
    records,
    requests,
    outcomes,
    unprocessed,
    deadLettered,
    findings: findings.slice(0, MOST_FINDINGS).map((finding) => ({
      code: finding.code,
      couponId: finding.couponId,
      text: wordedAuditFinding(finding),
    })),
    findingCount: findings.length,
    notCompared: scope.omissions.map((omission) => ({
      code: omission.code,
      text: wordedAuditOmission(omission),
    })),
  };
}
