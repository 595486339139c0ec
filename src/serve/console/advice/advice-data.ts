import type { Advice } from '../../../advice/advice.js';
import type { AdviceData } from '../wire/advice.js';
import { wordedAdviceFinding, wordedAdviceStep } from '../../../words/worded.js';

/** `pasted` completes a command with the options that the console's user gave. */
export function adviceData(
  { findings, steps }: Advice,
  observedMs: number,
  pasted: (command: string) => string,
): AdviceData {
  return {
    observedMs,
    findings: findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      text: wordedAdviceFinding(finding),
    })),
    steps: steps.map((step, index) => {
      const words = wordedAdviceStep(step);
      return { order: index + 1, code: step.code, ...words, command: pasted(words.command) };
    }),
  };
}
