import type { OutcomeCounts } from '../../../coupon/outcome.js';
import type { Worded } from '../../../words/languages.js';
import type { Failure } from './part.js';

export interface AuditData {
  readonly running: { readonly sinceMs: number; readonly records: number } | null;
  readonly last: AuditResult | null;
  /** Of the latest run, where it ended by an error. */
  readonly failure: Failure | null;
}

export interface AuditResult {
  readonly verdict: 'PASS' | 'FAIL';
  readonly endedAtMs: number;
  readonly elapsedMs: number;
  readonly records: number;
  readonly requests: number;
  readonly outcomes: OutcomeCounts;
  readonly unprocessed: number;
  readonly deadLettered: number;
  /** The first 100. */
  readonly findings: readonly {
    readonly code: string;
    readonly couponId: number | null;
    readonly text: Worded;
  }[];
  readonly findingCount: number;
  /** What the verdict says nothing of. */
  readonly notCompared: readonly { readonly code: string; readonly text: Worded }[];
}
