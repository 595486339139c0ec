/**
 * What to do about a group, from what was observed of it. The steps come in the order that the
 * operators of this pipeline have always followed: 1 more consumers, 2 more partitions, 3 batches.
 */
import { storeFindings } from './disturbance.js';
import { floodFindings } from './flood.js';
import { groupFindings } from './group.js';
import { capacityFindings, stepsFor } from './steps.js';
import { retentionFindings } from './retention.js';
import { deadLetterFindings, replicaFindings } from './topics.js';
import type { AdviceFacts } from './facts.js';
import type { AdviceFinding, Severity } from './finding.js';
import type { AdviceStep } from './step.js';

export interface Advice {
  readonly findings: readonly AdviceFinding[];
  /** Most urgent first. */
  readonly steps: readonly AdviceStep[];
}

const WORST_FIRST: readonly Severity[] = ['critical', 'warning', 'info'];

export function advise(facts: AdviceFacts): Advice {
  const findings = [
    ...mismatchFindings(facts),
    ...storeFindings(facts),
    ...groupFindings(facts),
    ...floodFindings(facts),
    ...capacityFindings(facts),
    ...retentionFindings(facts),
    ...replicaFindings(facts),
    ...deadLetterFindings(facts),
  ];
  return {
    findings: findings.toSorted(
      (a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity),
    ),
    steps: stepsFor(facts),
  };
}

function mismatchFindings({ lag, mismatch }: AdviceFacts): readonly AdviceFinding[] {
  return mismatch === null ? [] : [{ ...mismatch, severity: 'critical', group: lag.group }];
}
