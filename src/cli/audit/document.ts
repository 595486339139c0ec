import type { AuditReport } from '../../audit/audit.js';
import type { FindingCode } from '../../audit/finding.js';
import type { Position } from '../../ports/log.js';
import type { AuditOmission, AuditScope } from '../../audit/scope.js';
import { auditFindingText } from '../../words/en/audit-findings.js';
import { omissionText } from '../../words/en/audit-omissions.js';

/** The JSON document of `coupons audit` (docs/contract.md). */
export interface AuditDocument extends Omit<AuditReport, 'findings' | 'scope'> {
  readonly compared: Pick<AuditScope, 'partitions' | 'outcomes'>;
  readonly notCompared: readonly {
    readonly code: AuditOmission['code'];
    readonly message: string;
  }[];
  readonly findings: readonly WordedFinding[];
  readonly elapsedMs: number;
}

interface WordedFinding {
  readonly code: FindingCode;
  readonly couponId: number | null;
  readonly message: string;
  readonly position: Position | null;
}

export function auditDocument({ scope, ...report }: AuditReport, elapsedMs: number): AuditDocument {
  const { partitions, outcomes, omissions } = scope;
  return {
    ...report,
    compared: { partitions, outcomes },
    notCompared: omissions.map((omission) => ({
      code: omission.code,
      message: omissionText(omission),
    })),
    findings: report.findings.map((finding) => {
      const { code, couponId, position } = finding;
      return { code, couponId, message: auditFindingText(finding), position };
    }),
    elapsedMs,
  };
}
