import type { EventDetails } from '../ports/store-history.js';
import type { AuditReport } from './audit.js';
import { isNote } from './findings.js';

/** What the store remembers of an audit. `couponId` null: of all campaigns. */
export function auditedEvent(
  { verdict, records, findings, unprocessed }: AuditReport,
  couponId: number | null,
  elapsedMs: number,
): EventDetails {
  const failures = findings.filter((finding) => !isNote(finding)).length;
  const figures = { records, findings: failures, unprocessed };
  return { kind: 'AUDITED', couponId, verdict, ...figures, elapsedMs };
}
