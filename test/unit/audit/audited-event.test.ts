import { expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit.js';
import { auditedEvent } from '../../../src/audit/audited-event.js';

const report = (code: string) =>
  ({ verdict: 'FAIL', records: 5, unprocessed: 1, findings: [{ code }] }) as unknown as AuditReport;

test('a store remembers what an audit found', () => {
  expect(auditedEvent(report('REQUEST_LOST'), 7, 12)).toEqual({
    ...{ kind: 'AUDITED', couponId: 7, verdict: 'FAIL' },
    ...{ records: 5, findings: 1, unprocessed: 1, elapsedMs: 12 },
  });
});

test.each(['STORE_OF_ANOTHER_CLUSTER', 'OFFSETS_OF_ANOTHER_STORE'])(
  'an audit that ends with %s was of another sale: the store does not remember it',
  (code) => {
    expect(auditedEvent(report(code), null, 12)).toBeNull();
  },
);
