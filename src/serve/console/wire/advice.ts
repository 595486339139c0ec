import type { Worded } from '../../../words/languages.js';

export interface AdviceData {
  readonly observedMs: number;
  readonly findings: readonly {
    readonly code: string;
    readonly severity: 'info' | 'warning' | 'critical';
    readonly text: Worded;
  }[];
  readonly steps: readonly AdviceStepData[];
}

export interface AdviceStepData {
  /** 1 is what to do now. */
  readonly order: number;
  readonly code: string;
  readonly action: Worded;
  /** To paste into a terminal. */
  readonly command: string;
  readonly why: Worded;
  readonly expected: Worded;
  readonly limits: Worded;
}
