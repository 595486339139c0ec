import type { AuditData } from '../../console/wire/audit.js';
import { single, type Figure } from './figure.js';

/** `everyMs`: how often an audit is started; null: only when a person starts one. */
export function auditFigures(
  { last }: AuditData,
  everyMs: number | null,
  nowMs: number,
): readonly Figure[] {
  return [
    single(
      'coupons_audit_passed',
      'Result of the latest audit: 1 it passed, 0 it has findings. Absent before the first one.',
      last === null ? null : Number(last.verdict === 'PASS'),
    ),
    single(
      'coupons_audit_age_seconds',
      'Time since the latest audit ended. Absent before the first one.',
      last === null ? null : Math.max(nowMs - last.endedAtMs, 0) / 1000,
    ),
    single(
      'coupons_audit_interval_seconds',
      'How often an audit is started. Absent without --audit-every.',
      everyMs === null ? null : everyMs / 1000,
    ),
  ];
}
