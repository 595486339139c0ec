/** What the doctor thinks of what was seen: pure judgement, a function a check. */

export type CheckStatus = 'pass' | 'warn' | 'fail';

export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  readonly detail: string;
  /** The command (or, where there is none, what) that mends it; null where nothing is to be mended. */
  readonly fix: string | null;
}

export interface DoctorReport {
  readonly verdict: 'PASS' | 'FAIL';
  readonly checks: readonly Check[];
}

/** A warning alone is no reason to fail. */
export function reportOf(checks: readonly Check[]): DoctorReport {
  const failed = checks.some(({ status }) => status === 'fail');
  return { verdict: failed ? 'FAIL' : 'PASS', checks };
}

export const pass = (name: string, detail: string): Check => ({
  name,
  status: 'pass',
  detail,
  fix: null,
});

export const warn = (name: string, detail: string, fix: string | null): Check => ({
  name,
  status: 'warn',
  detail,
  fix,
});

export const fail = (name: string, detail: string, fix: string | null): Check => ({
  name,
  status: 'fail',
  detail,
  fix,
});

/** What kept a look from happening: an error's code, its message and what to do. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}
