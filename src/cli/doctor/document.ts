import { verdictOf, type Check, type CheckCode, type CheckStatus } from '../../doctor/check.js';
import { checkText } from '../../words/en/doctor/check-text.js';
import type { CheckText } from '../../words/en/doctor/text.js';

/** The JSON document of `coupons doctor` (docs/contract.md). */
export interface DoctorDocument {
  readonly verdict: 'PASS' | 'FAIL';
  readonly checks: readonly WordedCheck[];
}

export interface WordedCheck extends CheckText {
  readonly name: string;
  readonly status: CheckStatus;
  readonly code: CheckCode;
}

/** `pasted` completes a command with the options that its user gave. */
export function doctorDocument(
  checks: readonly Check[],
  pasted: (command: string) => string,
): DoctorDocument {
  return {
    verdict: verdictOf(checks),
    checks: checks.map((check) => {
      const { name, status, code } = check;
      const { detail, fix } = checkText(check);
      return { name, status, code, detail, fix: fix === null ? null : pastedIn(fix, pasted) };
    }),
  };
}

/** A fix is a command, or words with commands in backticks. */
function pastedIn(fix: string, pasted: (command: string) => string): string {
  return pasted(fix).replace(
    /`(coupons [^`]*)`/g,
    (_all, command: string) => `\`${pasted(command)}\``,
  );
}
