import type { EventDetails } from '../ports/store-history.js';
import type { AuditReport } from './audit.js';
import { isNote } from './findings.js';

/** Codes of findings that say: the log, or the group, of this audit is not that of the store. */
const OF_ANOTHER = ['STORE_OF_ANOTHER_CLUSTER', 'OFFSETS_OF_ANOTHER_STORE'];

/**
 * What the store remembers of an audit; null where it was compared with another cluster or group by mistake, which says
 * nothing of its own. `couponId` null: of all campaigns.
 */
export function auditedEvent(
  { verdict, records, findings, unprocessed }: AuditReport,
  couponId: number | null,
  elapsedMs: number,
): EventDetails | null {
  if (findings.some(({ code }) => OF_ANOTHER.includes(code))) return null;
  const failures = findings.filter((finding) => !isNote(finding)).length;
  const figures = { records, findings: failures, unprocessed };
  return { kind: 'AUDITED', couponId, verdict, ...figures, elapsedMs };
}
