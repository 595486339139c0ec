import type { FindingCode } from '../../../src/audit/finding.js';
import type { Evidence } from './simulated-pipeline.js';

/**
 * One way to break the evidence. `tamper` gets a number to choose its victim with and returns
 * whether it found one; `code` is what the audit must then tell, beside what follows from it.
 */
export interface Tampering {
  readonly name: string;
  readonly code: FindingCode;
  readonly tamper: (evidence: Evidence, choice: number) => boolean;
}

export function pick<T>(rows: readonly T[], choice: number): T | undefined {
  return rows[choice % Math.max(rows.length, 1)];
}

/** Does something to one row of a table, if there is one to choose. */
export function toOne<T>(
  rowsOf: (evidence: Evidence) => readonly T[],
  change: (row: T, evidence: Evidence) => void,
): Tampering['tamper'] {
  return (evidence, choice) => {
    const row = pick(rowsOf(evidence), choice);
    if (row !== undefined) change(row, evidence);
    return row !== undefined;
  };
}

export function remove<T>(rows: T[], row: T): void {
  rows.splice(rows.indexOf(row), 1);
}

export const decidedRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome !== 'DEAD_LETTERED');

export const issuedRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome === 'ISSUED');
