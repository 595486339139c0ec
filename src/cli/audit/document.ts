import type { AuditReport } from '../../audit/audit.js';
import type { FindingCode } from '../../audit/finding.js';
import type { Position } from '../../ports/log.js';
import { auditFindingText } from '../../words/en/audit-findings.js';

/** The JSON document of `coupons audit` (docs/contract.md). */
export interface AuditDocument extends Omit<AuditReport, 'findings'> {
  readonly findings: readonly WordedFinding[];
  readonly elapsedMs: number;
}

interface WordedFinding {
  readonly code: FindingCode;
  readonly couponId: number | null;
  readonly message: string;
  readonly position: Position | null;
}

export function auditDocument(report: AuditReport, elapsedMs: number): AuditDocument {
  return {
    ...report,
    findings: report.findings.map((finding) => {
      const { code, couponId, position } = finding;
      return { code, couponId, message: auditFindingText(finding), position };
    }),
    elapsedMs,
  };
}
