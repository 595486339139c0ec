import type { Advice } from '../../advice/advice.js';
import type { AdviceFindingCode, Severity } from '../../advice/finding.js';
import type { AdviceStepCode } from '../../advice/step.js';
import { findingText } from '../../words/en/advice-findings.js';
import { stepText, type StepText } from '../../words/en/advice-steps.js';

/** The JSON document of `coupons advise` (docs/contract.md). */
export interface AdviceDocument {
  readonly observedMs: number;
  readonly findings: readonly {
    readonly code: AdviceFindingCode;
    readonly severity: Severity;
    readonly message: string;
  }[];
  readonly steps: readonly WordedStep[];
}

export interface WordedStep extends StepText {
  /** 1 is what to do now. */
  readonly order: number;
  readonly code: AdviceStepCode;
}

/** `pasted` completes a command with the options that its user gave. */
export function adviceDocument(
  { findings, steps }: Advice,
  observedMs: number,
  pasted: (command: string) => string,
): AdviceDocument {
  return {
    observedMs,
    findings: findings.map((finding) => {
      const { code, severity } = finding;
      return { code, severity, message: findingText(finding) };
    }),
    steps: steps.map((step, index) => {
      const { action, command, why, expected, limits } = stepText(step);
      const { code } = step;
      return { order: index + 1, code, action, command: pasted(command), why, expected, limits };
    }),
  };
}
